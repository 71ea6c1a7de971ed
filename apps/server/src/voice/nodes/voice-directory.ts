import type { VoiceState } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";
import type { Cluster, NodeId, SharedMap } from "../../cluster/contract.ts";
import type { ParticipantFlags, ParticipantState, RegionTimes, Restraint, VoiceChannel } from "../events.ts";
import { voiceStateOf } from "../voice-presence.ts";
import { resumeMs } from "../voice-rooms.ts";

/** A participant as all nodes know it, set by the home of the room under the id of the user. */
export type SharedParticipant = {
  /** Higher for the later of two entries of a user, wherever they were made. */
  version: number;
  channel: {
    id: number;
    serverId: number | null;
    name: string;
    isRestricted: boolean;
    isStage: boolean;
    isEncrypted: boolean;
    region: string | null;
  };
  user: { id: number; username: string; display_name: string; avatar_url: string | null; avatar_color: string };
  callId: string;
  isLegacy: boolean;
  canForward: boolean;
  usesLegacySocket: boolean;
  isMuted: boolean;
  isDeafened: boolean;
  isSharing: boolean;
  isCameraOn: boolean;
  restraint: { [Key in keyof Restraint]: boolean };
  isListener: boolean;
  isHandRaised: boolean;
  /** As of `Entry`, like the next. */
  regionTimes: RegionTimes;
  waitedMs: number;
};

type Placed = {
  usesLegacySocket: boolean;
  isListener: boolean;
  imposed: Restraint;
  regionTimes: RegionTimes;
  waitedMs: number;
};

/** A call of a user, and how long ago they chose it. */
export type ChosenCall = { user: { id: number }; callId: string; waitedMs: number };

export interface DirectoryOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** The user has entered a room at another home after a room of this one. */
  readonly onMovedAway: (userId: number, channelId: number) => void;
}

/**
 * The participants of the rooms of all nodes. Keeps a copy of the other nodes' entries, because those of a node that is
 * gone are needed to go on with its calls.
 */
export class VoiceDirectory {
  readonly #options: DirectoryOptions;
  readonly #map: SharedMap<SharedParticipant>;
  /** Entries of other nodes by user and node. */
  readonly #others = new Map<number, Map<NodeId, SharedParticipant>>();
  /** By place: `placeOf`. */
  readonly #users = new Map<string, Set<number>>();
  /** The call that each user chose last, and when, by this node's clock. */
  readonly #chosen = new Map<number, { callId: string; at: number }>();

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#map = options.cluster.map<SharedParticipant>("voice");
    for (const key of this.#map.keys()) {
      for (const [nodeId, value] of this.#map.get(key)) this.#changed(Number(key), nodeId, value);
    }
    this.#map.onChange((key, nodeId, value) => this.#changed(Number(key), nodeId, value));
  }

  /** Sets the entry of a participant who has entered a room of this node. */
  enter(channel: VoiceChannel, participant: ParticipantState & Placed): void {
    const { id: userId } = participant.user;
    const known = [...this.#map.get(String(userId)).values(), ...(this.#others.get(userId)?.values() ?? [])];
    const version = Math.max(this.#options.clock.now(), ...known.map((one) => one.version + 1));
    this.#set(channel, participant, version);
    this.#choose(participant);
    this.dropGone(userId);
  }

  /** Whether the user has chosen another call since they chose this one. */
  isLate({ user, callId, waitedMs }: ChosenCall): boolean {
    const chosen = this.#chosen.get(user.id);
    return !!chosen && chosen.callId !== callId && chosen.at > this.#options.clock.monotonic() - waitedMs;
  }

  #choose({ user, callId, waitedMs }: ChosenCall): void {
    const at = this.#options.clock.monotonic() - waitedMs;
    const chosen = this.#chosen.get(user.id);
    // What is told again of a call, after a change or by its next home, does not make it a later choice.
    if (!chosen || (chosen.callId !== callId && chosen.at < at)) this.#chosen.set(user.id, { callId, at });
  }

  #forgetChoice(userId: number): void {
    const isInCall = this.#map.get(String(userId)).size > 0 || this.#others.has(userId);
    if (!isInCall) this.#chosen.delete(userId);
  }

  /** Sets the state of a participant of a room of this node. */
  update(channel: VoiceChannel, participant: ParticipantState & Placed): void {
    const own = this.#map.get(String(participant.user.id)).get(this.#options.cluster.nodeId);
    if (own) this.#set(channel, participant, own.version);
  }

  /** Deletes the entry of a participant who has left a room of this node, unless it is of another room by now. */
  leave(channelId: number, userId: number): void {
    const own = this.#map.get(String(userId)).get(this.#options.cluster.nodeId);
    if (own?.channel.id !== channelId) return;
    this.#map.delete(String(userId));
    this.#forgetChoice(userId);
  }

  /** Participants in rooms of other nodes. A user whose calls overlap is in the latest one. */
  statesOf(serverId: number): VoiceState[] {
    return this.#statesAt(`server:${serverId}`);
  }

  /** The same of one private channel. */
  statesIn(channelId: number): VoiceState[] {
    return this.#statesAt(`channel:${channelId}`);
  }

  #statesAt(place: string): VoiceState[] {
    return [...(this.#users.get(place) ?? [])].flatMap((userId) => {
      const latest = this.latestElsewhere(userId);
      return latest && placeOf(latest.participant.channel) === place ? toVoiceState(latest.participant) : [];
    });
  }

  /** The latest entry of the user at another node, also at one that is gone. */
  latestElsewhere(userId: number): { nodeId: NodeId; participant: SharedParticipant } | null {
    const entries = [...(this.#others.get(userId) ?? [])];
    if (entries.length === 0) return null;
    const [nodeId, participant] = entries.reduce((one, other) => (other[1].version > one[1].version ? other : one));
    return { nodeId, participant };
  }

  /** The latest entries at other nodes of the users who were at that node last. */
  entriesOf(nodeId: NodeId): SharedParticipant[] {
    return this.#latest((one) => one.nodeId === nodeId);
  }

  /** Nodes with participants of the channel, also such that are gone. */
  homesOf(channelId: number): Set<NodeId> {
    const nodes = new Set<NodeId>();
    for (const entries of this.#others.values()) {
      for (const [nodeId, { channel }] of entries) if (channel.id === channelId) nodes.add(nodeId);
    }
    return nodes;
  }

  /** What nodes that are gone had entered of the channel. */
  goneOf(channelId: number): SharedParticipant[] {
    const { nodes } = this.#options.cluster;
    return this.#latest(({ nodeId, participant }) => participant.channel.id === channelId && !nodes.has(nodeId));
  }

  /** Call it when a node is gone: its entries are kept until their calls can no longer be resumed. */
  nodeGone(nodeId: NodeId): void {
    this.#options.clock.setTimeout(() => {
      // A node that came back meanwhile has set those of its entries again that it still has.
      for (const userId of this.#others.keys()) {
        if (!this.#map.get(String(userId)).has(nodeId)) this.#remove(userId, nodeId);
      }
    }, resumeMs);
  }

  #latest(wanted: (one: { nodeId: NodeId; participant: SharedParticipant }) => boolean): SharedParticipant[] {
    return [...this.#others.keys()].flatMap((userId) => {
      const latest = this.latestElsewhere(userId);
      return latest && wanted(latest) ? latest.participant : [];
    });
  }

  #set(channel: VoiceChannel, participant: ParticipantState & Placed, version: number): void {
    const { user, callId, isLegacy, canForward, usesLegacySocket, isMuted, isDeafened, isSharing } = participant;
    const { imposed, isListener, isHandRaised, isCameraOn, regionTimes, waitedMs } = participant;
    const { id: channelId, serverId, name, isRestricted } = channel;
    const { isStage = false, isEncrypted = false, region = null } = channel;
    const { id, username, display_name, avatar_url, avatar_color } = user;
    this.#map.set(String(id), {
      version,
      channel: { id: channelId, serverId, name, isRestricted, isStage, isEncrypted, region },
      user: { id, username, display_name, avatar_url, avatar_color },
      callId,
      isLegacy,
      canForward,
      usesLegacySocket,
      isMuted,
      isDeafened,
      isSharing,
      isCameraOn,
      restraint: { ...imposed },
      isListener,
      isHandRaised,
      regionTimes,
      waitedMs,
    });
  }

  #changed(userId: number, nodeId: NodeId, value: SharedParticipant | undefined): void {
    if (nodeId === this.#options.cluster.nodeId) return;
    if (value) return this.#put(userId, nodeId, value);
    // The entries of a node that is gone are deleted before it is reported to be gone.
    queueMicrotask(() => {
      const isBack = this.#map.get(String(userId)).has(nodeId);
      if (!isBack && this.#options.cluster.nodes.has(nodeId)) this.#remove(userId, nodeId);
    });
  }

  #put(userId: number, nodeId: NodeId, value: SharedParticipant): void {
    const former = this.#others.get(userId)?.get(nodeId);
    const place = placeOf(value.channel);
    if (former && placeOf(former.channel) !== place) this.#remove(userId, nodeId);
    const entries = this.#others.get(userId) ?? new Map<NodeId, SharedParticipant>();
    this.#others.set(userId, entries.set(nodeId, value));
    this.#users.set(place, (this.#users.get(place) ?? new Set()).add(userId));
    this.#choose(value);
    this.dropGone(userId, value.version);
    const own = this.#map.get(String(userId)).get(this.#options.cluster.nodeId);
    if (!own || own.channel.id === value.channel.id) return;
    const isLater =
      own.version < value.version || (own.version === value.version && this.#options.cluster.nodeId < nodeId);
    if (isLater) this.#options.onMovedAway(userId, own.channel.id);
  }

  /** Forgets what nodes that are gone had entered of the user. */
  dropGone(userId: number, below = Infinity): void {
    const { nodes } = this.#options.cluster;
    for (const [nodeId, { version }] of this.#others.get(userId) ?? []) {
      if (!nodes.has(nodeId) && version < below) this.#remove(userId, nodeId);
    }
  }

  #remove(userId: number, nodeId: NodeId): void {
    const entries = this.#others.get(userId);
    const removed = entries?.get(nodeId);
    if (!entries || !removed) return;
    entries.delete(nodeId);
    if (entries.size === 0) this.#others.delete(userId);
    this.#forgetChoice(userId);
    const place = placeOf(removed.channel);
    if ([...entries.values()].some(({ channel }) => placeOf(channel) === place)) return;
    const users = this.#users.get(place);
    users?.delete(userId);
    if (users?.size === 0) this.#users.delete(place);
  }
}

/** Where calls are listed together: a server, or a private channel. */
function placeOf({ id, serverId }: SharedParticipant["channel"]): string {
  return serverId === null ? `channel:${id}` : `server:${serverId}`;
}

function toVoiceState({ channel, restraint, isListener, ...participant }: SharedParticipant): VoiceState {
  const isSuppressed = restraint.isSuppressed || isListener;
  return voiceStateOf(channel.id, { ...participant, ...restraint, isSuppressed });
}

/** What the participant chose, as far as it is known: their client repeats it. */
export function ownFlags({
  isMuted,
  isDeafened,
  isSharing,
  isCameraOn,
  isListener,
  restraint,
}: SharedParticipant): Partial<ParticipantFlags> {
  return {
    isMuted: isMuted && !restraint.isServerMuted && !restraint.isSuppressed && !isListener,
    isDeafened: isDeafened && !restraint.isServerDeafened,
    isSharing,
    isCameraOn,
  };
}
