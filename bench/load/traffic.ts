import type { Connection } from "./connection.ts";
import type { Fleet } from "./fleet.ts";
import { Ledger } from "./ledger.ts";
import type { SelfWatch } from "./self-watch.ts";
import { TextSource } from "./text.ts";
import { Timetable } from "./timetable.ts";

export interface TrafficPlan {
  /** Total over all channels, which take turns; 0: none. */
  messagesPerSecond: number;
  channels: readonly number[];
  messageBytes: number;
  /** Whether a typing event precedes each message. */
  typing: boolean;
  /** One message in this many gets a reaction; 0: none. */
  reactionEvery: number;
  /** Presence changes per second over all connections. */
  presencePerSecond: number;
  /** Heartbeat interval of each connection; 0 where the protocol has its own heartbeat. */
  heartbeatMs: number;
}

const ratePerSecondMax = 20_000;
const typingAheadMs = 400;
const startDelayMs = 500;
/** Step between consecutive authors: a prime, so that their order is unrelated to the order of joining. */
const stride = 7919;
const statuses = ["idle", "dnd", "online"] as const;

/** Sends messages, typing, reactions and presence on absolute timetables. */
export class TrafficSource {
  #fleet: Fleet;
  #plan: TrafficPlan;
  #watch: SelfWatch;
  #text = new TextSource(1);
  #timetables: Timetable[];

  constructor(fleet: Fleet, plan: TrafficPlan, watch: SelfWatch) {
    if (plan.messagesPerSecond > ratePerSecondMax) throw new Error(`at most ${ratePerSecondMax} messages/s`);
    this.#fleet = fleet;
    this.#plan = plan;
    this.#watch = watch;
    const startAt = Math.ceil(performance.now()) + startDelayMs;
    this.#timetables = this.#besides(startAt);
    if (plan.messagesPerSecond > 0)
      this.#timetables.push(
        new Timetable(plan.messagesPerSecond, startAt, (index, scheduledAt) => this.#message(index, scheduledAt)),
      );
    if (plan.reactionEvery > 0)
      fleet.onMessage = (connection, number, event) => this.#react(connection, number, event.data?.id);
  }

  stop(): void {
    for (const timetable of this.#timetables) timetable.stop();
    this.#fleet.onMessage = () => {};
  }

  #besides(startAt: number): Timetable[] {
    const { messagesPerSecond, typing, presencePerSecond, heartbeatMs } = this.#plan;
    const all = this.#fleet.connections;
    const timetables: Timetable[] = [];
    if (typing)
      timetables.push(new Timetable(messagesPerSecond, startAt - typingAheadMs, (index) => this.#typing(index)));
    if (presencePerSecond > 0)
      timetables.push(new Timetable(presencePerSecond, startAt, (index) => this.#presence(index)));
    if (heartbeatMs > 0) {
      const perSecond = (all.length * 1000) / heartbeatMs;
      timetables.push(
        new Timetable(perSecond, startAt, (index) => all[index % all.length]!.send({ type: "heartbeat" })),
      );
    }
    return timetables;
  }

  #message(index: number, scheduledAt: number): void {
    const channel = this.#channel(index);
    const number = this.#fleet.ledger.due(channel, scheduledAt);
    const content = this.#text.line(Ledger.head(number), this.#plan.messageBytes);
    this.#author(index).send({ type: "chat_message", channel_id: channel, content, nonce: `n${number}` });
    this.#watch.sent(performance.now() - scheduledAt);
  }

  #typing(index: number): void {
    this.#author(index).send({ type: "typing", channel_id: this.#channel(index) });
  }

  #presence(index: number): void {
    const { connections } = this.#fleet;
    const connection = connections[(index * stride) % connections.length]!;
    connection.send({
      type: "set_status",
      status: statuses[Math.floor(index / connections.length) % statuses.length]!,
    });
  }

  /** Sampled connections send the reactions, since only they parse the message's id. */
  #react(connection: Connection, number: number, messageId: number | undefined): void {
    if (number % this.#plan.reactionEvery !== 0 || messageId === undefined) return;
    connection.send({
      type: "reaction_add",
      message_id: messageId,
      emoji: "👍",
      channel_id: this.#fleet.channelOf(connection),
    });
  }

  #channel(index: number): number {
    return this.#plan.channels[index % this.#plan.channels.length]!;
  }

  #author(index: number): Connection {
    const listeners = this.#fleet.listenersIn.get(this.#channel(index)) ?? [];
    const turn = Math.floor(index / this.#plan.channels.length);
    return listeners[(turn * stride) % listeners.length]!;
  }
}
