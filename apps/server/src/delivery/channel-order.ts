import type { ChannelEvent } from "@miscord/protocol";
import type { Timer } from "../clock.ts";

/** Events that wait for those before them. Further ones are dropped: they are read from the store with the gap. */
const maxHeld = 2_000;

/** The next expected position of one channel on this node, and the events that arrived before their turn. */
export class ChannelOrder {
  readonly channelId: number;
  /** Set while a read is running or scheduled. */
  timer: Timer | null = null;
  isReading = false;
  /** A read is wanted although no later position is known: messages may have been missed before the first position. */
  isDoubtful = false;
  isClosed = false;
  /** The next expected position; 0 until a query has told where the channel stands. */
  #next = 0;
  /** The highest position that is known to exist. */
  #highest = 0;
  #held: Map<number, ChannelEvent> | null = null;

  constructor(channelId: number) {
    this.channelId = channelId;
  }

  get isKnown(): boolean {
    return this.#next !== 0;
  }

  /** Position up to which this node has passed the channel's events on. */
  get position(): number {
    return this.#next - 1;
  }

  /** Events up to a known position are missing. */
  get isBehind(): boolean {
    return this.#next !== 0 && this.#highest >= this.#next;
  }

  get isHolding(): boolean {
    return this.#held !== null;
  }

  /** Hot: called for every event. True when it is the next one, which is then taken. */
  take(seq: number): boolean {
    if (seq !== this.#next) return false;
    this.#next = seq + 1;
    return true;
  }

  /** Keeps an event until its turn. False when it has been passed on before. */
  hold(event: ChannelEvent): boolean {
    if (event.seq < this.#next) return false;
    this.exists(event.seq);
    this.#held ??= new Map();
    if (this.#held.size < maxHeld) this.#held.set(event.seq, event);
    return true;
  }

  /** Notes a position that the channel has reached. */
  exists(seq: number): void {
    if (seq > this.#highest) this.#highest = seq;
  }

  /** Everything up to `seq` has been passed on, or was seen by a query before anything was passed on. */
  advance(seq: number): void {
    if (seq >= this.#next) this.#next = seq + 1;
    if (this.#held === null) return;
    for (const held of this.#held.keys()) if (held < this.#next) this.#held.delete(held);
    if (this.#held.size === 0) this.#held = null;
  }

  /** The channel has come no further than `seq`: its data was replaced by older data. */
  restart(seq: number): void {
    this.#next = seq + 1;
    this.#highest = seq;
    this.#held = null;
  }

  /** Takes the next event if it is held. */
  takeHeld(): ChannelEvent | null {
    const event = this.#held?.get(this.#next);
    if (!event) return null;
    this.advance(event.seq);
    return event;
  }

  close(): void {
    this.isClosed = true;
    this.timer?.cancel();
    this.#held = null;
  }
}
