import type { Clock, Timer } from "../platform.ts";
import { expireTyping, nextTypingExpiry } from "../state/reduce-typing.ts";
import type { ClientContext } from "../client-context.ts";

const sendEveryMs = 3_000;
/** A line that cannot keep up has more important things to carry. */
const maxBacklogBytes = 64 * 1024;

/** Says that somebody types, at most every 3 s, and forgets others who stopped. */
export class Typing {
  readonly #context: ClientContext;
  readonly #clock: Clock;
  readonly #backlog: () => number;
  readonly #sentAt = new Map<number, number>();
  #expiry: Timer | null = null;

  constructor(context: ClientContext, backlog: () => number) {
    this.#context = context;
    this.#clock = context.clock;
    this.#backlog = backlog;
  }

  send(channelId: number): void {
    const now = this.#clock.now();
    if (now - (this.#sentAt.get(channelId) ?? -sendEveryMs) < sendEveryMs || this.#backlog() > maxBacklogBytes) return;
    if (this.#context.send({ type: "typing", channel_id: channelId })) this.#sentAt.set(channelId, now);
  }

  /** The message ends it for everybody; more typing is news again. */
  messageSent(channelId: number): void {
    this.#sentAt.delete(channelId);
  }

  /** To be called when somebody began to type. */
  watch(): void {
    const next = nextTypingExpiry(this.#context.state());
    if (this.#expiry || next === null) return;
    this.#expiry = this.#clock.setTimeout(
      () => {
        this.#expiry = null;
        this.#context.update((state) => expireTyping(state, this.#clock.now()));
        this.watch();
      },
      Math.max(0, next - this.#clock.now()),
    );
  }

  clear(): void {
    this.#expiry?.cancel();
    this.#expiry = null;
    this.#sentAt.clear();
  }
}
