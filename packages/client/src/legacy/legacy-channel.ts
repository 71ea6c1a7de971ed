import {
  closeCodes,
  type ChatMessage,
  type History,
  type LegacyChatCommand,
  type LegacyChatEvent,
  type MainCommand,
  type MainEvent,
} from "@miscord/protocol";
import { ReconnectingSocket, type ReconnectingSocketOptions } from "../connection/reconnecting-socket.ts";
import { toApiError } from "../rest/api-error.ts";
import type { HistoryPageQuery } from "../rest/rest.ts";
import type { ConnectionState, Timeline } from "../state/types.ts";
import { catchUp } from "./catch-up.ts";
import { encodeChatMessage, decodeChatEvent } from "./chat-codec.ts";

const heartbeatMs = 15_000;

type Join = Extract<MainCommand, { type: "join_channel" }>;

interface Options extends Pick<ReconnectingSocketOptions<LegacyChatEvent>, "platform" | "url" | "tokens" | "observer"> {
  channelId: number;
  ownId: () => number | null;
  timeline: () => Timeline | undefined;
  listMessages: (query: HistoryPageQuery) => Promise<History>;
  onEvents: (events: readonly MainEvent[]) => void;
  /** Events may have been missed: the channel must be joined again. */
  onInterrupted: () => void;
}

/**
 * One joined channel over a chat socket of its own. A join is answered with the changes that HTTP history shows. They
 * are
 * fetched once the socket receives the channel's events, so that none is missed in between.
 */
export class LegacyChannel {
  readonly #options: Options;
  readonly #socket: ReconnectingSocket<LegacyChatCommand, LegacyChatEvent>;
  /** Unanswered joins. All are answered, in order, by one catch-up from the position of the last. */
  #joins: Join[] = [];
  /** Changes with every catch-up; the result of an earlier one is dropped. */
  #generation = 0;

  constructor(options: Options) {
    this.#options = options;
    const { platform, url, tokens, observer } = options;
    this.#socket = new ReconnectingSocket({
      platform,
      url,
      tokens,
      observer,
      isSilent: true,
      heartbeatOf: (event) => (event.type === "heartbeat_ack" ? heartbeatMs : null),
      listener: {
        onStatus: (change) => this.#statusChanged(change),
        onOnline: () => this.#online(),
        onOffline: () => this.#cancelCatchUp(),
        onEvents: (events) => this.#receive(events),
      },
    });
  }

  get backlog(): number {
    return this.#socket.backlog;
  }

  join(command: Join): void {
    this.#joins.push(command);
    if (this.#socket.isOnline) void this.#answer();
    else this.#socket.start();
  }

  /** Drops the joins: the connection that they were sent on is lost. */
  forgetJoins(): void {
    this.#cancelCatchUp();
    this.#joins = [];
  }

  reconnect(force: boolean): void {
    this.#socket.reconnect(force);
  }

  stop(): void {
    this.forgetJoins();
    this.#socket.stop();
  }

  /** False when the socket is not connected. */
  sendMessage(message: ChatMessage): boolean {
    return this.#socket.send(encodeChatMessage(message));
  }

  sendTyping(): boolean {
    return this.#socket.send({ type: "typing", text_channel_id: this.#options.channelId });
  }

  #online(): void {
    if (this.#joins.length > 0) void this.#answer();
    else this.#options.onInterrupted();
  }

  #receive(events: readonly LegacyChatEvent[]): void {
    const { channelId, ownId, platform, onEvents } = this.#options;
    const context = { channelId, ownId: ownId(), now: platform.clock.now() };
    // Each event is passed on alone: within one frame the message would be applied before its acknowledgement is
    // handled.
    for (const event of events.flatMap((one) => decodeChatEvent(one, context))) onEvents([event]);
  }

  async #answer(): Promise<void> {
    const { channelId, listMessages: fetchPage, timeline: shown } = this.#options;
    this.#generation += 1;
    const generation = this.#generation;
    const afterSeq = this.#joins.at(-1)?.after_seq ?? null;
    try {
      const { events, seq, recovered } = await catchUp({ fetchPage, shown, afterSeq });
      if (generation !== this.#generation) return;
      const synced = { type: "channel_synced", channel_id: channelId, seq, recovered } as const;
      this.#settle(events, () => synced);
    } catch (error) {
      if (generation === this.#generation) this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    const { code, message, retryAfterMs } = toApiError(error);
    const retry = retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs };
    this.#settle([], ({ ref }) => ({ type: "error", code, message, ...retry, ...(ref === undefined ? {} : { ref }) }));
  }

  #settle(events: readonly MainEvent[], answerTo: (join: Join) => MainEvent): void {
    const joins = this.#joins;
    this.#joins = [];
    this.#options.onEvents([...events, ...joins.map(answerTo)]);
  }

  #cancelCatchUp(): void {
    this.#generation += 1;
  }

  /** The close code says only that access was refused; the HTTP error says why. */
  #statusChanged({ lastClose }: Partial<ConnectionState>): void {
    if (lastClose?.code !== closeCodes.policy || this.#joins.length === 0) return;
    this.#options.listMessages({ limit: 1 }).catch((error: unknown) => this.#refuse(error));
  }
}
