import { readLocally } from "../state/reduce-unread.ts";
import type { ClientState } from "../state/types.ts";
import type { Timer } from "../platform.ts";
import type { ClientContext } from "../client-context.ts";

const sendEveryMs = 500;

/**
 * How far the user has read each channel. Shown at once, sent to the server at most twice a second, and resent after a
 * reconnect unless the server has confirmed it.
 */
export class ReadPositions {
  readonly #context: ClientContext;
  /** Highest position marked here, by channel id; removed when the server confirms it. */
  readonly #marked = new Map<number, number>();
  readonly #unsent = new Set<number>();
  #timer: Timer | null = null;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  mark(channelId: number, seq: number): void {
    const known = Math.max(this.#marked.get(channelId) ?? 0, this.#context.state().channels[channelId]?.read_seq ?? 0);
    if (seq <= known) return;
    this.#marked.set(channelId, seq);
    this.#unsent.add(channelId);
    this.#context.update((state) => readLocally(state, channelId, seq));
    if (!this.#timer) this.#flush();
  }

  confirmed(channelId: number, seq: number): void {
    if ((this.#marked.get(channelId) ?? 0) <= seq) this.#marked.delete(channelId);
  }

  /** Resends every unconfirmed position, since any of them may have been lost with the connection. */
  connected(): void {
    for (const channelId of this.#marked.keys()) this.#unsent.add(channelId);
    this.#flush();
  }

  /** The state with the unconfirmed positions applied. */
  over = (state: ClientState): ClientState =>
    [...this.#marked].reduce((current, [channelId, seq]) => readLocally(current, channelId, seq), state);

  clear(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#marked.clear();
    this.#unsent.clear();
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#unsent.size === 0) return;
    for (const channelId of this.#unsent) {
      const seq = this.#marked.get(channelId);
      if (seq !== undefined && !this.#context.send({ type: "mark_read", channel_id: channelId, seq })) return;
      this.#unsent.delete(channelId);
    }
    this.#timer = this.#context.clock.setTimeout(() => this.#flush(), sendEveryMs);
  }
}
