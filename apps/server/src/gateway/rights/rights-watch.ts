import { closeCodes, type VoiceState } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { unknownChange, type Bus, type RightsChanged } from "../../bus/contract.ts";
import { chunks } from "../../chunks.ts";
import type { Clock } from "../../clock.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { Turns } from "../../concurrency/turns.ts";
import type { Delivery } from "../../delivery/delivery.ts";
import { rolesOfMembers, serverRights, type MemberRoles } from "../../store/queries/roles.ts";
import { botIdsOf, ownersOfBots } from "../../store/queries/bots.ts";
import { snapshot } from "../../store/queries/snapshot.ts";
import { voiceRestraintsOf } from "../../store/queries/voice-restraints.ts";
import type { Tables } from "../../store/schema.ts";
import type { VoiceHomes } from "../../voice/voice-homes.ts";
import type { ClientSession } from "../client-session/client-session.ts";
import type { VoiceConnection } from "../voice/voice-connection.ts";
import type { Gain } from "./added-channels.ts";
import { compareContext, gainsOf, lose, type CompareContext } from "./compare-session.ts";
import { GainShows } from "./gain-shows.ts";
import { merge, type Changes } from "./merge-changes.ts";
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
  readonly #shows: GainShows;
  /** By server, while something is to be shown: tells that another change has come. */
  readonly #onChange = new Map<number, () => void>();

  constructor(options: RightsWatchOptions) {
    this.#options = options;
    this.#shows = new GainShows(options);
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
    this.#onChange.get(serverId)?.();
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
        const gain = await this.#permits.run(() => this.#apply(serverId, read));
        await gain?.();
      } catch (error) {
        this.#options.onError(error);
        this.#applyAgain(serverId, changes);
        await new Promise((resolve) => this.#options.clock.setTimeout(() => resolve(null), retryMs));
      }
      changes = this.#waiting.get(serverId);
    }
    this.#running.delete(serverId);
    this.#shows.leave(serverId);
  }

  /** Takes away what is lost, and resolves with what gives the sessions what they gain. */
  async #apply(serverId: number, changes: Changes): Promise<(() => Promise<void>) | null> {
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
    if (sessions.length + voices.length + inReach.length === 0) return null;
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
    if (!read) return null;
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
    const context = compareContext(serverId, read.rights.channels, read.visibility, changes);
    // First all losses, so that nobody keeps a channel while others are shown what they gain.
    const turns = new Turns(turnMs);
    for (const session of sessions) {
      if (isThere(session, context)) lose(session, context);
      await turns.pause();
    }
    return () => this.#gain(sessions, context, changes);
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

  async #gain(sessions: readonly ClientSession[], context: CompareContext, changes: Changes): Promise<void> {
    const { serverId } = context;
    const turns = new Turns(turnMs);
    let gains: Gain[] = [];
    for (const [index, session] of sessions.entries()) {
      if (isThere(session, context)) for (const gain of gainsOf(session, context)) gains.push(gain);
      if (gains.length >= gainsAtOnce) {
        if (!(await this.#show(gains, serverId))) return this.#applyAgain(serverId, changes);
        gains = [];
        // It may take channels away: the other sessions are handled together with it.
        const userIds = sessions.slice(index + 1).map(({ userId }) => userId);
        if (this.#waiting.has(serverId)) return this.#applyAgain(serverId, { ...changes, userIds });
      }
      await turns.pause();
    }
    if (gains.length > 0 && !(await this.#show(gains, serverId))) this.#applyAgain(serverId, changes);
  }

  #applyAgain(serverId: number, changes: Changes): void {
    const later = this.#waiting.get(serverId);
    this.#waiting.set(serverId, later ? merge(changes, later) : changes);
  }

  /** False when another change of the server came before its turn. */
  async #show(gains: readonly Gain[], serverId: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#waiting.has(serverId)) resolve();
    this.#onChange.set(serverId, resolve);
    try {
      return await this.#shows.show(gains, serverId, promise);
    } finally {
      this.#onChange.delete(serverId);
    }
  }
}

/** Who left the server while others were handled is subscribed to nothing again; an ended session is in no server. */
function isThere({ serverIds, userId }: ClientSession, { serverId, visibility }: CompareContext): boolean {
  return serverIds.has(serverId) && visibility.isMember(userId);
}
