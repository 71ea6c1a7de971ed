import { readLocally } from "../state/reduce-unread.ts";
import type { ClientState } from "../state/types.ts";
import type { Timer } from "../platform.ts";
import type { ClientContext } from "../client-context.ts";

const sendEveryMs = 500;
/** A position without confirmation is sent again after a pause that doubles each time: the server's database may have failed. */
const resendAfterMs = { least: 5_000, most: 60_000 } as const;

/**
 * How far the user has read each channel. Shown at once, sent to the server at most twice a second, and resent after a
 * reconnect or a pause unless the server has confirmed it.
 */
export class ReadPositions {
  readonly #context: ClientContext;
  /** Highest position marked here, by channel id; removed when the server confirms it. */
  readonly #marked = new Map<number, number>();
  readonly #unsent = new Set<number>();
  /** Latest known generations of positions, by channel id. */
  readonly #generations = new Map<number, number>();
  #timer: Timer | null = null;
  #resend: Timer | null = null;
  #resendMs: number = resendAfterMs.least;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  mark(channelId: number, seq: number): void {
    const known = Math.max(this.#marked.get(channelId) ?? 0, this.#context.state().channels[channelId]?.read_seq ?? 0);
    if (seq <= known) return;
    this.#resendMs = resendAfterMs.least;
    this.#marked.set(channelId, seq);
    this.#unsent.add(channelId);
    this.#context.update((state) => readLocally(state, channelId, seq));
    if (!this.#timer) this.#flush();
  }

  /**
   * `generation` of the position: what was marked in an earlier one counts no more. The position of a channel that is not
   * known yet is kept until it is: what makes it known, such as the event of a thread, may hold an older position.
   */
  confirmed(channelId: number, seq: number, generation = 0): void {
    if (generation > (this.#generations.get(channelId) ?? 0)) {
      this.#generations.set(channelId, generation);
      this.#marked.delete(channelId);
      this.#unsent.delete(channelId);
    }
    const marked = this.#marked.get(channelId);
    if (marked !== undefined && marked <= seq && this.#isKnown(channelId)) this.#marked.delete(channelId);
  }

  /** Resends every unconfirmed position, since any of them may have been lost with the connection. */
  connected(): void {
    this.#resendMs = resendAfterMs.least;
    this.#resendAll();
  }

  /**
   * The state, loaded anew, with the unconfirmed positions applied. They are sent again: a channel may be known only now.
   */
  over = (state: ClientState): ClientState => {
    if (this.#marked.size > 0) this.#context.defer(() => this.#resendAll());
    return [...this.#marked].reduce((current, [channelId, seq]) => readLocally(current, channelId, seq), state);
  };

  clear(): void {
    for (const timer of [this.#timer, this.#resend]) timer?.cancel();
    this.#timer = null;
    this.#resend = null;
    this.#generations.clear();
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
    const { clock } = this.#context;
    this.#timer = clock.setTimeout(() => this.#flush(), sendEveryMs);
    this.#planResend();
  }

  #planResend(): void {
    this.#resend?.cancel();
    this.#resend = this.#context.clock.setTimeout(() => this.#resendLater(), this.#resendMs);
  }

  #resendLater(): void {
    this.#resend = null;
    this.#resendMs = Math.min(2 * this.#resendMs, resendAfterMs.most);
    this.#resendAll();
  }

  #resendAll(): void {
    // Nobody confirms what was read in a channel that is gone. One that is not known yet is asked for later.
    for (const channelId of this.#marked.keys()) if (this.#isKnown(channelId)) this.#unsent.add(channelId);
    this.#flush();
    if (this.#marked.size > 0 && !this.#resend) this.#planResend();
  }

  #isKnown(channelId: number): boolean {
    return this.#context.state().channels[channelId] !== undefined;
  }
}
