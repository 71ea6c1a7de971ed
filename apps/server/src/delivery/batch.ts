import type { MainEvent } from "@miscord/protocol";
import type { Dialect, Encoding } from "./dialect.ts";
import { deflatedTextFrame, textFrame } from "./frame.ts";

interface Encoded {
  encoding: Encoding;
  full: Buffer | null;
  lean: Buffer | null;
}

/**
 * What leaves a topic in one flush. Each event is encoded once a dialect and each frame built once an encoding, on
 * first demand; whoever asks again gets the same bytes.
 */
export class Batch {
  /** Low priority first: typing must not show after the message that ended it. */
  readonly #low: readonly MainEvent[];
  readonly #normal: readonly MainEvent[];
  readonly #timestamp: number;
  readonly #maxEvents: number;
  readonly #json = new Map<Dialect, { low: string[]; normal: string[] }>();
  readonly #encoded: Encoded[] = [];
  /** The highest position among its events; 0 when none has one. */
  readonly maxSeq: number;

  constructor(events: { low: readonly MainEvent[]; normal: readonly MainEvent[] }, nowMs: number, maxEvents: number) {
    this.#low = events.low;
    this.#normal = events.normal;
    this.#timestamp = nowMs / 1_000;
    this.#maxEvents = maxEvents;
    this.maxSeq = events.normal.reduce((max, event) => Math.max(max, seqOf(event)), 0);
  }

  get size(): number {
    return this.#low.length + this.#normal.length;
  }

  get lowCount(): number {
    return this.#low.length;
  }

  /** Null when the dialect has nothing to say. */
  full(encoding: Encoding): Buffer | null {
    const encoded = this.#entry(encoding);
    if (encoded.full) return encoded.full;
    if (this.#low.length === 0) return (encoded.full = this.lean(encoding));
    const { low, normal } = this.#jsonOf(encoding.dialect);
    return (encoded.full = this.#frames([...low, ...normal], encoding));
  }

  /** Without low priority, for those who are behind. */
  lean(encoding: Encoding): Buffer | null {
    const encoded = this.#entry(encoding);
    return (encoded.lean ??= this.#frames(this.#jsonOf(encoding.dialect).normal, encoding));
  }

  #entry(encoding: Encoding): Encoded {
    for (const encoded of this.#encoded) {
      if (encoded.encoding.dialect === encoding.dialect && encoded.encoding.deflate === encoding.deflate)
        return encoded;
    }
    const encoded: Encoded = { encoding, full: null, lean: null };
    this.#encoded.push(encoded);
    return encoded;
  }

  #jsonOf(dialect: Dialect): { low: string[]; normal: string[] } {
    let json = this.#json.get(dialect);
    if (!json) {
      json = { low: encodeAll(this.#low, dialect), normal: encodeAll(this.#normal, dialect) };
      this.#json.set(dialect, json);
    }
    return json;
  }

  #frames(events: string[], { dialect, deflate }: Encoding): Buffer | null {
    if (events.length === 0) return null;
    const size = dialect.batches ? this.#maxEvents : 1;
    const build = deflate ? deflatedTextFrame : textFrame;
    if (events.length <= size) return build(this.#wrap(events));
    const frames: Buffer[] = [];
    for (let i = 0; i < events.length; i += size) frames.push(build(this.#wrap(events.slice(i, i + size))));
    return Buffer.concat(frames);
  }

  #wrap(events: string[]): string {
    if (events.length === 1) return events[0]!;
    return `{"type":"batch","messages":[${events.join(",")}],"timestamp":${this.#timestamp}}`;
  }
}

export function seqOf(event: MainEvent): number {
  switch (event.type) {
    case "new_message":
    case "message_edited":
    case "message_deleted":
    case "reaction_updated":
      return event.seq;
    default:
      return 0;
  }
}

function encodeAll(events: readonly MainEvent[], dialect: Dialect): string[] {
  const encoded: string[] = [];
  for (const event of events) {
    const json = dialect.encode(event);
    if (json !== null) encoded.push(json);
  }
  return encoded;
}
