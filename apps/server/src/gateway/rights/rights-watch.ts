import { closeCodes, type VoiceState } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { unknownChange, type Bus, type RightsChanged } from "../../bus/contract.ts";
import { chunks } from "../../chunks.ts";
import type { Clock } from "../../clock.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { Turns } from "../../concurrency/turns.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import { rolesOfMembers, serverRights, type ChannelRights, type MemberRoles } from "../../store/queries/roles.ts";
import { botIdsOf, ownersOfBots } from "../../store/queries/bots.ts";
import { snapshot } from "../../store/queries/snapshot.ts";
import { voiceRestraintsOf } from "../../store/queries/voice-restraints.ts";
import type { Tables } from "../../store/schema.ts";
import type { VoiceHomes } from "../../voice/voice-homes.ts";
import type { ClientSession } from "../client-session/client-session.ts";
import type { VoiceConnection } from "../voice/voice-connection.ts";
import { addedChannels, type Gain } from "./added-channels.ts";
import { gainsOf, lose, type CompareContext } from "./compare-session.ts";
import { sees, updatedEvent, withSeenCategory } from "./seen-categories.ts";
import type { ThreadWatch } from "./thread-watch.ts";
import { ToldMembers } from "./told-members.ts";
import { MemberVisibility } from "./visible-channels.ts";

export interface RightsWatchOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly db: Kysely<Tables>;
  readonly delivery: Delivery;
  readonly homes: VoiceHomes;
  readonly threads: ThreadWatch;
  /** The sessions of all endpoints of this node. */
  readonly sessions: () => Iterable<ClientSession>;
  /** The voice connections of all endpoints of this node. */
  readonly voices: () => Iterable<VoiceConnection>;
  readonly voiceStates: (serverId: number) => readonly VoiceState[];
  readonly onError: (error: unknown) => void;
}

type Changes = Omit<RightsChanged, "type" | "serverId">;

/** Users in one query; bounds the parameters of its statement. */
const usersAtOnce = 500;
/** Time spent on sessions in one turn of the event loop: each may lose or gain hundreds of channels. */
const turnMs = 8;
/** Channels that sessions gained and that are shown together; a large server has millions of them. */
const gainsAtOnce = 10_000;
/** Servers whose rights are read at the same time: after a gap all are, and requests must not wait for them. */
const serversAtOnce = 4;
const retryMs = 1_000;

/**
 * Applies changes of rights to the connections of this node: who no longer sees a channel leaves it and its call, who
 * sees it now is sent it. Changes of one server are handled one after the other; those that arrive meanwhile together.
 * Events may be sent twice, when a change was read before its message arrived.
 */
export class RightsWatch {
  /** Resolves once this node receives the messages of all changes. */
  readonly ready: Promise<void>;
  /** Changes since the start. */
  count = 0;
  readonly #options: RightsWatchOptions;
  readonly #waiting = new Map<number, Changes>();
  readonly #running = new Map<number, Promise<void>>();
  readonly #permits = new Semaphore(serversAtOnce);

  constructor(options: RightsWatchOptions) {
    this.#options = options;
    // The bus goes on trying, and calls `onGap` once it works.
    this.ready = options.bus.subscribe("rights").catch(options.onError);
    options.delivery.onControl((_, control) => {
      if (control.type === "rights_changed") {
        this.count += 1;
        this.#settle(control);
        void this.handle(control);
      }
      // The servers of a user who joins are known; which of their channels the user sees is not.
      if (control.type === "membership_added") void this.handle(unknownChange(control.serverId, [control.userId]));
    });
  }

  /** Resolves once the change is applied. */
  handle({ serverId, ...changes }: RightsChanged): Promise<void> {
    const waiting = this.#waiting.get(serverId);
    this.#waiting.set(serverId, waiting ? merge(waiting, changes) : changes);
    const running = this.#running.get(serverId) ?? this.#run(serverId);
    this.#running.set(serverId, running);
    return running;
  }

  /** Makes all nodes compare what a user sees in a server: that of the user's call may have been told of it too late. */
  recheck(serverId: number, userId: number): void {
    this.#options.bus.publish("rights", { kind: "control", control: unknownChange(serverId, [userId]) });
  }

  /** Compares everything, after messages may have been missed. Clients load their state anew by themselves. */
  async checkAll(): Promise<void> {
    const serverIds = new Set([...this.#options.sessions()].flatMap((session) => [...session.serverIds]));
    for (const { serverId } of this.#options.voices()) if (serverId !== null) serverIds.add(serverId);
    await Promise.all([...serverIds].map((serverId) => this.handle(unknownChange(serverId, null))));
  }

  /** What was published before the change goes to those who saw the channels then, before they are told of it. */
  #settle({ serverId, hidden, opened, updated }: RightsChanged): void {
    const { delivery } = this.#options;
    delivery.settle(`server:${serverId}`, { hidden, shown: opened });
    for (const channelId of [...hidden, ...opened, ...updated]) delivery.settle(`viewers:${channelId}`);
  }

  async #run(serverId: number): Promise<void> {
    // Changes of one turn are handled together, and after the other listeners for control messages.
    await Promise.resolve();
    let changes = this.#waiting.get(serverId);
    while (changes) {
      this.#waiting.delete(serverId);
      try {
        const read = changes;
        await this.#permits.run(() => this.#apply(serverId, read));
      } catch (error) {
        this.#options.onError(error);
        const later: Changes | undefined = this.#waiting.get(serverId);
        this.#waiting.set(serverId, later ? merge(changes, later) : changes);
        await new Promise((resolve) => this.#options.clock.setTimeout(() => resolve(null), retryMs));
      }
      changes = this.#waiting.get(serverId);
    }
    this.#running.delete(serverId);
  }

  async #apply(serverId: number, changes: Changes): Promise<void> {
    const { db, homes } = this.#options;
    // What a bot may do changes with its owner.
    const meant = changes.userIds && new Set([...changes.userIds, ...(await botIdsOf(db, changes.userIds))]);
    const isMeant = (userId: number) => meant?.has(userId) ?? true;
    const sessions = this.#sessionsOf(serverId, isMeant);
    const voices = this.#voicesOf(serverId, isMeant);
    const inCalls = [...homes.places()].filter(({ channel }) => channel.serverId === serverId);
    const places = inCalls.filter(({ userId }) => isMeant(userId));
    // Who may know of a call depends on its channel, which changes of single members leave as it is.
    const inReach = meant && changes.hidden.length + changes.opened.length === 0 ? places : inCalls;
    if (sessions.length + voices.length + inReach.length === 0) return;
    const userIds = new Set([...sessions, ...voices, ...places].map(({ userId }) => userId));
    const toldMembers = new ToldMembers(sessions);
    const read = await snapshot(db, async (at) => {
      const rights = await serverRights(at, serverId);
      const members = new Map<number, MemberRoles>();
      const owners = new Map<number, number>();
      for (const some of chunks([...userIds], usersAtOnce)) {
        for (const [botId, ownerId] of await ownersOfBots(at, some)) owners.set(botId, ownerId);
      }
      for (const some of chunks([...userIds, ...owners.values()], usersAtOnce)) {
        for (const [userId, roles] of await rolesOfMembers(at, serverId, some)) members.set(userId, roles);
      }
      const restraints = await voiceRestraintsOf(at, serverId, [...new Set(places.map(({ userId }) => userId))]);
      const visibility = rights && new MemberVisibility(rights, members, this.#options.clock.now(), owners);
      return visibility && { rights, visibility, restraints };
    });
    // The members of a deleted server have left it.
    if (!read) return;
    const unsure = toldMembers.removeStrangers(serverId, read.visibility);
    if (unsure.length > 0) void this.handle(unknownChange(serverId, unsure));
    homes.setRestricted(serverId, new Set(read.rights.channels.filter((one) => one.isRestricted).map(({ id }) => id)));
    for (const voice of voices) this.#checkCall(serverId, voice, read.visibility);
    for (const { userId, channel } of places) {
      // Also who has lost the connection, and is heard and hears until the call can no longer be resumed.
      if (!read.visibility.may("connect", userId, channel.id)) {
        homes.remove(userId, closeCodes.forbidden, "no longer allowed", { channelId: channel.id });
        continue;
      }
      const { isMuted = false, isDeafened = false } = read.restraints.get(userId) ?? {};
      homes.restrain(userId, channel.id, {
        isServerMuted: isMuted,
        isServerDeafened: isDeafened,
        isSuppressed: !read.visibility.may("speak", userId, channel.id),
        isVideoSuppressed: !read.visibility.may("stream", userId, channel.id),
      });
    }
    const changed = {
      hidden: new Set(changes.hidden),
      opened: new Set(changes.opened),
      overridden: new Set(changes.overridden),
      updated: new Set(changes.updated),
    };
    const channels = new Map(read.rights.channels.map((channel) => [channel.id, channel]));
    const sets = [changed.hidden, changed.opened, changed.overridden];
    const isConcerned = (id: number) => (channels.get(id)?.isRestricted ?? true) || sets.some((ids) => ids.has(id));
    const concerned = read.rights.channels.filter(({ id }) => isConcerned(id));
    const context = { serverId, changed, channels, concerned, isConcerned, visibility: read.visibility };
    await this.#compareAll(sessions, context, changes);
  }

  #sessionsOf(serverId: number, isConcerned: (userId: number) => boolean): ClientSession[] {
    return [...this.#options.sessions()].filter(
      (session) => !session.isSettingUp && session.serverIds.has(serverId) && isConcerned(session.userId),
    );
  }

  #voicesOf(serverId: number, isConcerned: (userId: number) => boolean): VoiceConnection[] {
    return [...this.#options.voices()].filter((voice) => voice.serverId === serverId && isConcerned(voice.userId));
  }

  #checkCall(serverId: number, voice: VoiceConnection, visibility: MemberVisibility): void {
    if (visibility.may("connect", voice.userId, voice.channelId)) return;
    this.#options.homes.remove(voice.userId, closeCodes.forbidden, "no longer allowed", { serverId });
    // Also a connection that has not entered the room yet.
    voice.close(closeCodes.forbidden, "no longer allowed");
  }

  /** First all losses, so that nobody keeps a channel while others are shown what they gain. */
  async #compareAll(sessions: readonly ClientSession[], context: CompareContext, changes: Changes): Promise<void> {
    const { serverId, visibility } = context;
    // Who left the server while others were handled is subscribed to nothing again; an ended session is in no server.
    const isThere = (one: ClientSession) => one.serverIds.has(serverId) && visibility.isMember(one.userId);
    const turns = new Turns(turnMs);
    for (const session of sessions) {
      if (isThere(session)) lose(session, context);
      await turns.pause();
    }
    let gains: Gain[] = [];
    for (const [index, session] of sessions.entries()) {
      if (isThere(session)) for (const gain of gainsOf(session, context)) gains.push(gain);
      if (gains.length >= gainsAtOnce) {
        await this.#showOrForget(gains, serverId);
        gains = [];
        const later = this.#waiting.get(serverId);
        if (later) {
          // It may take channels away: the other sessions are handled together with it.
          const userIds = sessions.slice(index + 1).map(({ userId }) => userId);
          this.#waiting.set(serverId, merge(later, { ...changes, userIds }));
          return;
        }
      }
      await turns.pause();
    }
    if (gains.length > 0) await this.#showOrForget(gains, serverId);
  }

  async #showOrForget(gains: readonly Gain[], serverId: number): Promise<void> {
    try {
      await this.#show(gains, serverId);
    } catch (error) {
      // Seen as gained again when the change is applied again.
      for (const { session, channelId } of gains) session.unview(channelId);
      throw error;
    }
  }

  /** Reads the channels once the subscriptions to them are live, so that no event falls in between. */
  async #show(gains: readonly Gain[], serverId: number): Promise<void> {
    const { db, voiceStates } = this.#options;
    await Promise.all(gains.flatMap(({ subscribed }) => subscribed ?? []));
    const rights = await serverRights(db, serverId);
    const channels = new Map((rights?.channels ?? []).map((channel) => [channel.id, channel]));
    const turns = new Turns(turnMs);
    for await (const { session, events } of addedChannels(db, gains, {
      channels,
      voiceStates: voiceStates(serverId),
    })) {
      // Another change may have hidden a channel again.
      const shown = events.filter(({ channel: { id } }) => !channels.get(id)?.isRestricted || session.views(id));
      if (session.serverIds.has(serverId))
        session.send(...shown.map((event) => withSeenCategory(event, session, channels)));
      await turns.pause();
    }
    await this.#showPlaces(gains, channels, serverId);
    const userIds = gains.map(({ session }) => session.userId);
    this.#options.threads.showSoon(userIds, { parentIds: new Set(gains.map(({ channelId }) => channelId)) });
  }

  /** Whoever gains a category is told which of the channels they saw before are in it. */
  async #showPlaces(
    gains: readonly Gain[],
    channels: ReadonlyMap<number, ChannelRights>,
    serverId: number,
  ): Promise<void> {
    const children = Map.groupBy(channels.values(), (channel) => channel.category_id);
    const bySession = Map.groupBy(gains, ({ session }) => session);
    const turns = new Turns(turnMs);
    for (const [session, own] of bySession) {
      // Those that are new themselves were sent with their category.
      const gained = new Set(own.map(({ channelId }) => channelId));
      const isOld = (child: ChannelRights) => !gained.has(child.id) && sees(session, child);
      const seen = own.flatMap(({ channelId }) => (children.get(channelId) ?? []).filter(isOld));
      if (session.serverIds.has(serverId)) session.send(...seen.map((child) => updatedEvent(child, session, channels)));
      await turns.pause();
    }
  }
}

function merge(one: Changes, other: Changes): Changes {
  const both = (key: "hidden" | "opened" | "overridden" | "updated") => [...new Set([...one[key], ...other[key]])];
  return {
    userIds: one.userIds && other.userIds && [...new Set([...one.userIds, ...other.userIds])],
    hidden: both("hidden"),
    opened: both("opened"),
    overridden: both("overridden"),
    updated: both("updated"),
  };
}
