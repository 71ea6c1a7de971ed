import type { Clock } from "../clock.ts";
import type { Store } from "../store/contract.ts";
import { voiceNodes } from "../store/queries/voice-nodes.ts";
import type { VoiceNodeRow } from "../store/schema.ts";

/** How long an answer is reused: a scrape and a dashboard may ask at once. */
const freshMs = 1_000;

/** The voice nodes that are to be there: of those that are away, no node knows anything. */
export class KnownVoiceNodes {
  readonly #db: Store["db"];
  readonly #clock: Clock;
  #rows: readonly VoiceNodeRow[] = [];
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(db: Store["db"], clock: Clock) {
    this.#db = db;
    this.#clock = clock;
    void this.read();
  }

  /** As of the latest reading; begins another one. `/metrics` waits for no database. */
  get names(): readonly string[] {
    const names = this.#rows.map(({ name }) => name);
    void this.read();
    return names;
  }

  /** The last known ones while the database fails. */
  async read(): Promise<readonly VoiceNodeRow[]> {
    const now = this.#clock.monotonic();
    if (now - this.#readAt < freshMs) return this.#rows;
    this.#readAt = now;
    try {
      this.#rows = await voiceNodes(this.#db);
    } catch {
      // The database's own check says so.
    }
    return this.#rows;
  }
}
