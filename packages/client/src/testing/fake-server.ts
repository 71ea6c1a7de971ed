import type { ChannelEvent, MainCommand, MainEvent, Me, ServerState } from "@miscord/protocol";
import type { Platform, WebSocketConstructor } from "../platform.ts";
import { ChannelModel } from "./channel-model.ts";
import { FakeSocket } from "./fake-socket.ts";
import { ManualClock } from "./manual-clock.ts";

export const alice: Me = {
  id: 1,
  username: "alice",
  display_name: "Alice",
  avatar_url: null,
  avatar_color: "#336699",
  email: "alice@example.org",
  is_admin: false,
  has_second_factor: false,
  locale: null,
  theme: "system",
  status: "online",
  messages_from: "servers",
  quiet_hours: null,
  about: "",
  pronouns: "",
  banner_url: null,
  banner_color: null,
  created_at: new Date(0).toISOString(),
};

type Refusal = Partial<Extract<MainEvent, { type: "error" }>> & {
  code: "rate_limited" | "unavailable" | "forbidden" | "internal";
};

/** A server in memory for one user, with one channel and a manual clock. Tests control its network. */
export class FakeServer {
  readonly clock = new ManualClock();
  readonly channel = new ChannelModel(7);
  readonly sockets: FakeSocket[] = [];
  readonly calls: string[] = [];
  isUp = true;
  /** Connections are accepted, and no event is sent on them. */
  isSilent = false;
  hasSession = true;
  /** The user whom the cookie belongs to. */
  me: Me = alice;
  isDroppingAcks = false;
  isTooFarBehind = false;
  /** The user is in no server. */
  isWithoutServers = false;
  /** Joins get no answer. */
  isIgnoringJoins = false;
  epoch = "first";
  refusal: (command: MainCommand) => Refusal | null = () => null;
  /** Changes the events on their way to the client, as a faulty network would. */
  mangle: (events: ChannelEvent[]) => ChannelEvent[] = (events) => events;
  /** Responses that replace the usual ones, by `METHOD path`. */
  readonly answers = new Map<string, (body: unknown) => Response | Promise<Response>>();
  readonly #joined = new Set<FakeSocket>();
  #refreshes = 0;

  get platform(): Partial<Platform> & { baseUrl: string } {
    return {
      baseUrl: "http://server.test",
      clock: this.clock,
      random: () => 0.5,
      locks: null,
      fetch: (input, init) => this.#answer(new Request(input).url, init?.method ?? "GET", init?.body),
      WebSocket: this.#socketConstructor(),
    };
  }

  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  publish(...events: (ChannelEvent | null)[]): void {
    const sent = this.mangle(events.filter((event) => event !== null));
    for (const socket of this.#joined) {
      if (sent.length > 0) socket.deliver({ type: "batch", timestamp: 0, messages: sent });
    }
  }

  cut(code?: number): void {
    for (const socket of this.sockets) socket.end(code);
    this.#joined.clear();
  }

  commandsOf<Type extends MainCommand["type"]>(type: Type): Extract<MainCommand, { type: Type }>[] {
    return this.sockets.flatMap(({ sent }) => sent).filter((command) => command.type === type) as Extract<
      MainCommand,
      { type: Type }
    >[];
  }

  #socketConstructor(): WebSocketConstructor {
    const accept = (url: string, protocols: string[]) => this.#accept(url, protocols);
    // `new` on a plain function that returns an object yields this object.
    const construct = function construct(url: string, protocols: string[] = []) {
      return accept(url, protocols);
    };
    return construct as unknown as WebSocketConstructor;
  }

  #accept(url: string, protocols: string[]): FakeSocket {
    const socket: FakeSocket = new FakeSocket(url, protocols, (command) => this.#handle(socket, command));
    this.sockets.push(socket);
    queueMicrotask(() => {
      if (!this.isUp) return socket.end();
      socket.readyState = 1;
      if (this.isSilent) return;
      socket.deliver({
        type: "connection_established",
        user_id: this.me.id,
        timestamp: 0,
        server_info: { version: "test", features: [] },
        session_id: "session",
        heartbeat_interval_ms: 15_000,
        epoch: this.epoch,
      });
    });
    return socket;
  }

  #handle(socket: FakeSocket, command: MainCommand): void {
    const refusal = this.refusal(command);
    const nonce = command.type === "chat_message" ? command.nonce : undefined;
    const ref = command.ref === undefined ? {} : { ref: command.ref };
    if (refusal)
      return socket.deliver({ type: "error", message: "refused", ...refusal, ...ref, ...(nonce && { nonce }) });
    if (command.type === "join_channel") this.#join(socket, command.after_seq);
    if (command.type === "leave_channel") this.#joined.delete(socket);
    if (command.type === "chat_message") this.#send(socket, command);
    if (command.type === "heartbeat" && !this.isSilent) {
      const clientTimestamp = command.timestamp === undefined ? {} : { client_timestamp: command.timestamp };
      socket.deliver({ type: "heartbeat_ack", timestamp: 0, ...clientTimestamp });
    }
  }

  #join(socket: FakeSocket, afterSeq: number | undefined): void {
    if (this.isIgnoringJoins) return;
    this.#joined.add(socket);
    const { channel } = this;
    const recovered = afterSeq === undefined || (afterSeq <= channel.seq && !this.isTooFarBehind);
    const replay = afterSeq === undefined || !recovered ? [] : channel.changesSince(afterSeq);
    const synced: MainEvent = { type: "channel_synced", channel_id: channel.id, seq: channel.seq, recovered };
    socket.deliver({ type: "batch", timestamp: 0, messages: [...replay, synced] });
  }

  #send(socket: FakeSocket, command: Extract<MainCommand, { type: "chat_message" }>): void {
    const { channel } = this;
    const nonce = command.nonce ?? "";
    const event = channel.send(this.me, command.content, { nonce });
    const { id, seq } = channel.byNonce(this.me.id, nonce)!;
    if (!this.isDroppingAcks) socket.deliver({ type: "message_ack", nonce, id, channel_id: channel.id, seq });
    this.publish(event);
  }

  async #answer(url: string, method: string, sent?: unknown): Promise<Response> {
    const { pathname, searchParams } = new URL(url);
    const call = `${method} ${pathname}`;
    this.calls.push(call);
    if (!this.isUp) throw new TypeError("connection refused");
    const given = this.answers.get(call);
    if (given) return given(typeof sent === "string" ? JSON.parse(sent) : undefined);
    if (call === "POST /api/auth/refresh") return this.#refresh();
    if (call === "POST /api/auth/logout") this.hasSession = false;
    if (call === "GET /api/auth/me") return Response.json(this.me);
    if (call === "GET /api/servers") return Response.json({ servers: this.isWithoutServers ? [] : [this.server] });
    if (call === "GET /api/notifications") return Response.json({ notifications: [], unread: 0, has_more: false });
    if (call === "GET /api/dms") return Response.json({ dms: [], relationships: [] });
    if (call === "GET /api/instance") return Response.json({ name: "test", version: "test", ws_url: null });
    if (call === `GET /api/channels/${this.channel.id}/messages`) {
      const query = Object.fromEntries([...searchParams].map(([key, value]) => [key, Number(value)]));
      return Response.json(this.channel.page(query));
    }
    return new Response(null, { status: 204 });
  }

  get server(): ServerState {
    const { id } = this.channel;
    const unread = { last_message_seq: this.channel.alive.at(-1)?.seq ?? 0, read_seq: 0, mention_count: 0 };
    const channel = {
      id,
      server_id: 1,
      name: "general",
      type: "text" as const,
      position: 0,
      category_id: null,
      overrides: [],
      topic: "",
      slow_mode_s: 0,
      retention: null,
      ...unread,
    };
    return {
      id: 1,
      name: "Test",
      owner_id: 1,
      created_at: new Date(0).toISOString(),
      everyone_role_id: 1,
      roles: [],
      role_ids: [],
      timed_out_until: null,
      joined_at: new Date(0).toISOString(),
      raid_mode: null,
      retention: null,
      verification: null,
      onboarding_since: null,
      description: "",
      is_public: false,
      is_unlisted: false,
      factor_required: false,
      icon_url: null,
      rules_accepted: false,
      onboarded: false,
      member_count: 1,
      voice_states: [],
      channels: [channel],
    };
  }

  #refresh(): Response {
    if (!this.hasSession)
      return Response.json({ error: { code: "unauthorized", message: "no session" } }, { status: 401 });
    this.#refreshes += 1;
    const accessToken = `token-${this.#refreshes}`;
    return Response.json({ user: this.me, access_token: accessToken, token_type: "bearer", expires_in: 900 });
  }
}
