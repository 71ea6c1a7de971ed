import { can } from "@miscord/rights";
import type { Kysely } from "kysely";
import type { Control, Topic } from "../../bus/contract.ts";
import { chunks } from "../../chunks.ts";
import type { Clock } from "../../clock.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import { channelAccess } from "../../store/queries/access.ts";
import { channelPositions } from "../../store/queries/channels.ts";
import { recipientsOfChannels } from "../../store/queries/private-channels.ts";
import { threadsFollowedBy } from "../../store/queries/threads.ts";
import { serversOfUsers } from "../../store/queries/members.ts";
import type { Tables } from "../../store/schema.ts";
import type { ClientSession } from "./client-session.ts";
import type { SessionDirectory } from "./directory.ts";

export interface ResyncOptions {
  readonly delivery: Delivery;
  readonly directories: readonly SessionDirectory[];
  readonly voice: {
    /** Participants of calls that this node knows of, some perhaps twice. */
    places(): Iterable<{ userId: number; channel: { id: number; serverId: number | null } }>;
    /** Makes connections that are about to take part in a call read their rights again. */
    missedControls(): void;
  };
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly rights: { checkAll(): Promise<void> };
  readonly onError: (error: unknown) => void;
}

/** Ids in one query; bounds the parameters of its statement. */
const idsAtOnce = 500;
/** Clients that are asked to load their state anew at once, and the time between: each sends some requests. */
const clientsAtOnce = 50;
const spreadMs = 100;
const retryMs = 1_000;

/**
 * Brings this node and its clients up to date after messages of the bus may have been missed. Rights that were lost
 * meanwhile, those to take part in calls as well, are taken away first; then the missed events of channels are read; then every client is asked to load the
 * rest of its state anew, spread over time.
 */
export class Resync {
  readonly #options: ResyncOptions;
  #isWanted = false;
  #isRunning = false;
  #isStopped = false;
  /** Resyncs that were completed since the start. */
  count = 0;

  constructor(options: ResyncOptions) {
    this.#options = options;
  }

  /** Starts a resync; one that is running starts over. */
  start(): void {
    for (const session of this.#sessions()) {
      // Its state may have been read before the missed messages were sent. It is not closed: when a node is gone, its clients
      // are setting up on this one at that moment, and would wait longer with each attempt.
      if (session.isSettingUp) session.isOutdated = true;
      else session.lookUpAgain(null);
    }
    this.#isWanted = true;
    if (!this.#isRunning) void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      try {
        await this.#checkRights();
        await this.#options.delivery.checkAll();
        await this.#askClients();
        this.count += 1;
      } catch (error) {
        this.#isWanted = true;
        this.#options.onError(error);
        await this.#sleep(retryMs);
      }
    }
    this.#isRunning = false;
  }

  async #checkRights(): Promise<void> {
    const { voice, rights } = this.#options;
    const sessions = this.#sessions();
    const settled = sessions.filter((session) => !session.isSettingUp);
    voice.missedControls();
    // Revoked sessions are polled for all the time.
    await this.#checkMemberships(settled);
    await this.#checkRecipients(settled);
    await this.#checkThreads(settled);
    await this.#checkParticipants();
    const joined = settled.flatMap(({ channels }) => [...channels.keys()]);
    await this.#checkChannels([...joined, ...[...voice.places()].map(({ channel }) => channel.id)]);
    await rights.checkAll();
  }

  /** Of calls: a participant may have no session, or one on another node. */
  async #checkParticipants(): Promise<void> {
    for (const places of chunks([...this.#options.voice.places()], idsAtOnce)) {
      const present = await serversOfUsers(this.#options.db, [...new Set(places.map(({ userId }) => userId))]);
      for (const { userId, channel } of places) {
        const { serverId } = channel;
        if (serverId === null) {
          const type = "call_refused" as const;
          if (!(await this.#mayCall(userId, channel.id)))
            this.#control(`user:${userId}`, { type, userId, channelId: channel.id });
          continue;
        }
        if (present.get(userId)?.has(serverId)) continue;
        this.#control(`user:${userId}`, { type: "membership_removed", userId, serverId });
      }
    }
  }

  /** Each asks by itself: private calls are few and small. */
  async #mayCall(userId: number, channelId: number): Promise<boolean> {
    const access = await channelAccess(this.#options.db, userId, channelId, this.#options.clock.now());
    return access !== undefined && can({ ...access, isAdmin: false }, "connect");
  }

  async #checkMemberships(sessions: readonly ClientSession[]): Promise<void> {
    const known = new Map<number, Set<number>>();
    for (const { userId, serverIds } of sessions) {
      known.set(userId, new Set([...(known.get(userId) ?? []), ...serverIds]));
    }
    for (const userIds of chunks([...known.keys()], idsAtOnce)) {
      const present = await serversOfUsers(this.#options.db, userIds);
      for (const userId of userIds) this.#compare(userId, known.get(userId)!, present.get(userId) ?? new Set());
      for (const userId of userIds) this.#control(`user:${userId}`, { type: "peers_changed", userId });
    }
  }

  /** Of private channels. */
  async #checkRecipients(sessions: readonly ClientSession[]): Promise<void> {
    const joined = sessions.flatMap(({ userId, channels }) =>
      [...channels].flatMap(([channelId, { serverId }]) => (serverId === null ? [{ userId, channelId }] : [])),
    );
    const users = Map.groupBy(joined, ({ channelId }) => channelId);
    for (const channelIds of chunks([...users.keys()], idsAtOnce)) {
      const present = await recipientsOfChannels(this.#options.db, channelIds);
      for (const { userId, channelId } of channelIds.flatMap((id) => users.get(id)!)) {
        if (present.get(channelId)?.has(userId)) continue;
        this.#control(`user:${userId}`, { type: "recipient_removed", userId, channelId });
      }
    }
  }

  /** That users follow. */
  async #checkThreads(sessions: readonly ClientSession[]): Promise<void> {
    for (const some of chunks(sessions, idsAtOnce)) {
      const userIds = [...new Set(some.map(({ userId }) => userId))];
      const rows = await threadsFollowedBy(this.#options.db, userIds, this.#options.clock.now());
      const present = Map.groupBy(rows, (row) => row.userId);
      for (const { userId, threads } of some) {
        const ids = new Set((present.get(userId) ?? []).map(({ id }) => id));
        const known = new Set(threads.ids());
        const tell = (type: "thread_followed" | "thread_unfollowed", threadIds: ReadonlySet<number>) => {
          for (const threadId of threadIds) this.#control(`user:${userId}`, { type, userId, threadId });
        };
        tell("thread_followed", ids.difference(known));
        tell("thread_unfollowed", known.difference(ids));
      }
    }
  }

  #compare(userId: number, known: ReadonlySet<number>, present: ReadonlySet<number>): void {
    for (const serverId of known.difference(present)) {
      this.#control(`user:${userId}`, { type: "membership_removed", userId, serverId });
    }
    for (const serverId of present.difference(known)) {
      this.#control(`user:${userId}`, { type: "membership_added", userId, serverId });
    }
  }

  async #checkChannels(known: readonly number[]): Promise<void> {
    for (const channelIds of chunks([...new Set(known)], idsAtOnce)) {
      const present = await channelPositions(this.#options.db, channelIds);
      for (const channelId of channelIds) {
        if (!present.has(channelId)) this.#control(`channel:${channelId}`, { type: "channel_removed", channelId });
      }
    }
  }

  /** Repeats a control message that may have been missed. */
  #control(topic: Topic, control: Control): void {
    this.#options.delivery.receiveLocal(topic, { kind: "control", control });
  }

  async #askClients(): Promise<void> {
    const { clock } = this.#options;
    for (const sessions of chunks(this.#sessions(), clientsAtOnce)) {
      for (const session of sessions) session.send({ type: "resync", timestamp: clock.now() / 1_000 });
      await this.#sleep(spreadMs);
      if (this.#isWanted || this.#isStopped) return;
    }
  }

  #sessions(): ClientSession[] {
    return this.#options.directories.flatMap((directory) => [...directory]);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#options.clock.setTimeout(resolve, ms));
  }
}
