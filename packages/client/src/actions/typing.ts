import type { Clock, Timer } from "../platform.ts";
import { expireTyping, nextTypingExpiry } from "../state/reduce-typing.ts";
import type { ClientContext } from "../client-context.ts";

const sendEveryMs = 3_000;
/** No typing events are sent while more than this is unsent: a slow connection should carry messages first. */
const maxBacklogBytes = 64 * 1024;

/** Sends typing events, at most one every 3 s for each channel, and removes those of others when they expire. */
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

  /** A sent message ends the typing for all readers, so the next keystroke sends an event again. */
  messageSent(channelId: number): void {
    this.#sentAt.delete(channelId);
  }

  /** Call it after a typing event: it schedules the removal of expired ones. */
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
