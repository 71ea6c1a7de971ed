import type {
  Announcement,
  ChatMessage,
  Instance,
  LegacyNotificationsCommand,
  LegacyNotificationsEvent,
  MainCommand,
  MainEvent,
} from "@miscord/protocol";
import { ReconnectingSocket, type ReconnectingSocketOptions } from "../connection/reconnecting-socket.ts";
import type { Transport, TransportListener } from "../connection/transport.ts";
import { toApiError } from "../rest/api-error.ts";
import type { Rest } from "../rest/rest.ts";
import type { ClientState } from "../state/types.ts";
import { memberLeft } from "./account-differences.ts";
import { AccountPoll } from "./account-poll.ts";
import { acknowledgement } from "./chat-codec.ts";
import { LegacyChannel } from "./legacy-channel.ts";

const pingMs = 15_000;

type CommandOf<Type extends MainCommand["type"]> = Extract<MainCommand, { type: Type }>;

interface Options extends Pick<
  ReconnectingSocketOptions<LegacyNotificationsEvent>,
  "platform" | "tokens" | "observer"
> {
  urlOf: (path: string) => string;
  rest: Rest;
  state: () => ClientState;
  listener: TransportListener;
}

/**
 * The transport of legacy mode over the sockets of version 1: the notifications socket, whose state is the connection's
 * state, and one chat socket for each joined channel. What these sockets do not carry goes over HTTP.
 */
export class LegacyTransport implements Transport {
  readonly #options: Options;
  readonly #notifications: ReconnectingSocket<LegacyNotificationsCommand, LegacyNotificationsEvent>;
  readonly #channels = new Map<number, LegacyChannel>();
  readonly #poll: AccountPoll;
  /** HTTP responses that arrive after `stop` are dropped. */
  #isWanted = false;

  constructor(options: Options) {
    this.#options = options;
    const { platform, tokens, observer, urlOf, rest, state, listener } = options;
    this.#poll = new AccountPoll({ clock: platform.clock, rest, state, onEvents: (events) => this.#emit(events) });
    this.#notifications = new ReconnectingSocket({
      platform,
      tokens,
      observer,
      url: () => urlOf("/ws/legacy/notifications"),
      isSilent: true,
      beats: "ping",
      heartbeatOf: (event) => (event.type === "pong" ? pingMs : null),
      listener: {
        onStatus: (change) => listener.onStatus(change),
        onOnline: () => this.#cameOnline(),
        onOffline: (cause) => {
          this.#poll.stop();
          for (const channel of this.#channels.values()) channel.forgetJoins();
          listener.onOffline(cause);
        },
        onEvents: (events) => this.#receive(events),
      },
    });
  }

  get isOnline(): boolean {
    return this.#notifications.isOnline;
  }

  get backlog(): number {
    return [...this.#channels.values()].reduce((sum, { backlog }) => sum + backlog, this.#notifications.backlog);
  }

  start(): void {
    this.#isWanted = true;
    this.#notifications.start();
  }

  stop(): void {
    this.#isWanted = false;
    for (const channelId of this.#channels.keys()) this.#leave(channelId);
    this.#notifications.stop();
  }

  reconnect(force: boolean): void {
    this.#notifications.reconnect(force);
    for (const channel of this.#channels.values()) channel.reconnect(force);
  }

  measure(): void {
    this.#notifications.measure();
  }

  /** Legacy sockets cannot renew their token: they close when it expires, and reconnect with the present one. */
  authenticate(): void {}

  send(command: MainCommand): boolean {
    if (!this.isOnline) return false;
    switch (command.type) {
      case "join_channel":
        this.#join(command);
        return true;
      case "leave_channel":
        this.#leave(command.channel_id);
        return true;
      case "chat_message":
        if (!this.#channels.get(command.channel_id)?.sendMessage(command)) void this.#post(command);
        return true;
      case "typing":
        return this.#channels.get(command.channel_id)?.sendTyping() ?? false;
      case "mark_read":
        void this.#markRead(command);
        return true;
      case "watch_members":
        void this.#poll.lists();
        return true;
      case "set_status":
        void this.#setStatus(command);
        return true;
      default:
        // Edits, deletions and reactions go over HTTP in either mode.
        return false;
    }
  }

  #cameOnline(): void {
    const { listener, state } = this.#options;
    listener.onStatus({ serverVersion: state().instance?.version ?? null });
    listener.onOnline({ epoch: null });
    // One that is still there comes with the first events of the socket.
    this.#receive([{ type: "announcement", announcement: null }]);
    void this.#readInstance();
    this.#poll.start();
  }

  #emit(events: readonly MainEvent[]): void {
    if (this.#isWanted && events.length > 0) this.#options.listener.onEvents(events);
  }

  /** Emoji and stickers of the instance, which only users are told, and no event of these sockets tells. */
  async #readInstance(): Promise<void> {
    const { rest, state } = this.#options;
    const instance = await rest.call<Instance>("GET", "/api/instance").catch(() => null);
    if (instance) this.#emit([instanceUpdated(instance, state().announcement)]);
  }

  #receive(events: readonly LegacyNotificationsEvent[]): void {
    for (const event of events) this.#emit(this.#decode(event));
  }

  /** Most of these events do not carry what changed, so they trigger a poll. */
  #decode(event: LegacyNotificationsEvent): MainEvent[] {
    switch (event.type) {
      case "user_status_changed":
        this.#poll.listsSoon();
        return [event];
      case "error":
        return [event];
      case "announcement": {
        const { instance } = this.#options.state();
        return instance ? [instanceUpdated(instance, event.announcement)] : [];
      }
      // Repeats the error before it.
      case "rate_limit":
        return [];
      case "server_deleted": {
        const { server_id, server_name, reason } = event;
        this.#poll.pollSoon();
        return [{ type: "server_left", server_id, server_name, reason }];
      }
      case "user_left_channel":
        this.#poll.pollSoon();
        return [memberLeft(event.channel_id, event.user_id, event.username)];
      case "user_joined_channel":
        void this.#poll.membersOf(event.channel_id, [event.user_id], true);
        this.#poll.listsSoon();
        return [];
      default:
        this.#poll.pollSoon();
        return [];
    }
  }

  #join(command: CommandOf<"join_channel">): void {
    const channel = this.#channels.get(command.channel_id) ?? this.#openChannel(command.channel_id);
    channel.join(command);
  }

  #openChannel(channelId: number): LegacyChannel {
    const { platform, tokens, observer, urlOf, rest, state, listener } = this.#options;
    const channel = new LegacyChannel({
      channelId,
      platform,
      tokens,
      observer,
      url: () => urlOf(`/ws/legacy/chat/${channelId}`),
      ownId: () => state().session.me?.id ?? null,
      timeline: () => state().timelines[channelId],
      listMessages: (query) => rest.listMessages(channelId, query),
      onEvents: (events) => this.#receiveFromChannel(events),
      onInterrupted: () => listener.onInterrupted(channelId),
    });
    this.#channels.set(channelId, channel);
    return channel;
  }

  #leave(channelId: number): void {
    this.#channels.get(channelId)?.stop();
    this.#channels.delete(channelId);
  }

  /**
   * The notifications socket announces neither mentions and replies nor their end: a message that mentions the user
   * triggers a poll, and so does the deletion of one.
   */
  #receiveFromChannel(events: readonly MainEvent[]): void {
    const { session, inbox } = this.#options.state();
    const ownId = session.me?.id;
    const isAboutMe = (event: MainEvent) => {
      if (event.type === "message_deleted")
        return inbox.notifications.some((one) => one.message_id === event.data.message_id);
      if (event.type !== "new_message" || event.data.author.id === ownId) return false;
      const { mentions_everyone, mentions_here, mention_roles } = event.data;
      return mentions_everyone || mentions_here || mention_roles || event.data.mentions.some((id) => id === ownId);
    };
    if (events.some(isAboutMe)) this.#poll.pollSoon();
    this.#emit(events);
  }

  /** Sends a message over HTTP, while the channel's socket is not connected. */
  async #post(command: ChatMessage): Promise<void> {
    const { channel_id, content, nonce, reply_to_id, attachments, poll, sticker_id, ref } = command;
    const echo = { ...(ref !== undefined && { ref }), ...(nonce !== undefined && { nonce }) };
    try {
      const body = {
        content,
        reply_to_id,
        ...(nonce !== undefined && { nonce }),
        ...(attachments && { attachments }),
        ...(poll && { poll }),
        ...(sticker_id !== undefined && { sticker_id }),
      };
      const ack = acknowledgement(await this.#options.rest.createMessage(channel_id, body));
      if (ack) this.#emit([ack]);
    } catch (error) {
      const { code, message, retryAfterMs } = toApiError(error);
      const retry = retryAfterMs === null ? {} : { retry_after_ms: retryAfterMs };
      this.#emit([{ type: "error", code, message, ...echo, ...retry }]);
    }
  }

  /** A failure is ignored: the position is sent again later. */
  async #markRead({ channel_id, seq }: CommandOf<"mark_read">): Promise<void> {
    const { rest, state } = this.#options;
    try {
      await rest.markRead(channel_id, seq);
      // The next poll brings the right number of mentions.
      const mentions = state().channels[channel_id]?.mention_count ?? 0;
      this.#emit([{ type: "read_updated", channel_id, seq, mentions }]);
    } catch {
      // See above.
    }
  }

  async #setStatus({ status }: CommandOf<"set_status">): Promise<void> {
    const userId = this.#options.state().session.me?.id;
    // A refusal reloads the user, which reverts the status shown in advance.
    const refused = () => userId !== undefined && this.#emit([{ type: "me_updated", user_id: userId }]);
    await this.#options.rest.setStatus(status).catch(refused);
  }
}

function instanceUpdated(instance: Instance, announcement: Announcement | null): MainEvent {
  const { registration, server_creation, discovery, admin_factor, limits, emojis, stickers } = instance;
  const settings = {
    registration,
    server_creation,
    discovery,
    admin_factor,
    attachment_bytes: limits.attachment_bytes,
  };
  const faces = { ...(emojis && { emojis }), ...(stickers && { stickers }) };
  return { type: "instance_updated", instance: { ...settings, ...faces, announcement } };
}
