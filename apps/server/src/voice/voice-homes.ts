import { closeCodes, type VoiceState } from "@miscord/protocol";
import type { Clock } from "../clock.ts";
import type { Cluster, NodeId } from "../cluster/contract.ts";
import { isWithin, type CallScope } from "./call-scope.ts";
import type { Entry, Restraint, VoiceChannel } from "./events.ts";
import { HomeService } from "./nodes/home-service.ts";
import type { VoiceHandle } from "./nodes/live-entry.ts";
import type { VoiceMessage } from "./nodes/messages.ts";
import { NodeLinks, type NodeTransport } from "./nodes/node-links.ts";
import { observeRooms } from "./nodes/observe-rooms.ts";
import { RemoteRooms } from "./nodes/remote-rooms.ts";
import { RoomClaims } from "./nodes/room-claims.ts";
import { RoomEntries } from "./nodes/room-entries.ts";
import { Takeover } from "./nodes/takeover.ts";
import { VoiceDirectory, type ChosenCall } from "./nodes/voice-directory.ts";
import type { RoomObserver } from "./room.ts";
import type { VoiceRouting } from "./routing.ts";
import { voiceStatesOf } from "./voice-presence.ts";
import { VoiceRooms } from "./voice-rooms.ts";

export interface VoicePlace {
  readonly userId: number;
  readonly channel: VoiceChannel;
}

export interface VoiceHomesOptions {
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly transport: NodeTransport<VoiceMessage>;
  readonly routing: VoiceRouting;
  /** Receives the changes of the rooms whose home is this node. */
  readonly observer: RoomObserver;
  readonly onFailure: (error: unknown) => void;
}

/**
 * The voice rooms of all nodes. Each room has one home, the node that owns its claim; connections of other nodes take
 * part in it through their nodes. When the home is gone, the first node that claims the room becomes its home, takes
 * over the participants, and the other nodes enter their connections there again.
 */
export class VoiceHomes {
  /** The rooms whose home is this node. */
  readonly rooms: VoiceRooms;
  readonly #cluster: Cluster;
  readonly #links: NodeLinks<VoiceMessage>;
  readonly #service: HomeService;
  readonly #remote: RemoteRooms;
  readonly #directory: VoiceDirectory;
  readonly #entries: RoomEntries;
  readonly #takeover: Takeover;
  #emptied: (channelId: number) => void = () => {};
  readonly #claims: RoomClaims;

  constructor({ clock, cluster, transport, routing, observer, onFailure }: VoiceHomesOptions) {
    this.#cluster = cluster;
    this.#claims = new RoomClaims(cluster, clock);
    this.#directory = new VoiceDirectory({
      cluster,
      clock,
      onMovedAway: (userId, channelId) => this.#movedAway(userId, channelId),
    });
    const isHome = (channelId: number) => this.#claims.owns(channelId);
    this.rooms = new VoiceRooms({
      clock,
      routing,
      observer: observeRooms(this.#directory, observer),
      isHome,
      onEmpty: (channelId) => {
        this.#releaseEmpty(channelId);
        this.#emptied(channelId);
      },
    });
    const post = (nodeId: NodeId, message: VoiceMessage) => this.#links.post(nodeId, message);
    const lastWaiting = (nodeId: NodeId) => this.#links.lastWaiting(nodeId);
    const isLate = (entry: ChosenCall) => this.#directory.isLate(entry);
    this.#service = new HomeService({ rooms: this.rooms, isHome, isLate, post, lastWaiting, onFailure });
    this.#remote = new RemoteRooms({ clock, post, onLost: (live) => void this.#entries.settle(live) });
    const rooms = {
      clock,
      nodeId: cluster.nodeId,
      claims: this.#claims,
      rooms: this.rooms,
      directory: this.#directory,
    };
    this.#entries = new RoomEntries({ ...rooms, remote: this.#remote });
    this.#takeover = new Takeover({ ...rooms, entries: this.#entries });
    this.#links = new NodeLinks({
      nodeId: cluster.nodeId,
      clock,
      send: (nodeId, batch) => transport.send(nodeId, batch),
      receive: (from, message) => this.#receive(from, message),
      lost: (from) => this.#startAnew(from),
      inUse: () => new Set([...this.#service.nodes, ...this.#remote.homes]),
    });
    transport.onBatch((batch) => this.#links.receive(batch));
    cluster.onNodeGone((nodeId) => this.#nodeGone(nodeId));
    cluster.onRejoined(() => this.#rejoined());
  }

  /** Participants of the server's voice channels, wherever the homes of their rooms are. */
  statesOf(serverId: number): VoiceState[] {
    const here = voiceStatesOf(this.rooms.rooms.values(), serverId);
    const userIds = new Set(here.map(({ user }) => user.id));
    return [...here, ...this.#directory.statesOf(serverId).filter(({ user }) => !userIds.has(user.id))];
  }

  /** Participants of one channel's call, wherever its home is. */
  statesIn(channelId: number): VoiceState[] {
    const room = this.rooms.rooms.get(channelId);
    return room ? voiceStatesOf([room], room.channel.serverId) : this.#directory.statesIn(channelId);
  }

  /** Who is in a call here: in a room whose home is this node, or with a connection of this node. */
  *places(): Generator<VoicePlace> {
    for (const { channel, participants } of this.rooms.rooms.values()) {
      for (const userId of participants.keys()) yield { userId, channel };
    }
    for (const { entry } of this.#entries) yield { userId: entry.user.id, channel: entry.channel };
  }

  /**
   * Joins a room, or resumes the call. The port gets the room's state before this resolves.
   * @throws AppError `voice_channel_full`, the user then stays in the former room; `unavailable`
   */
  enter(entry: Entry): Promise<VoiceHandle> {
    return this.#entries.enter(entry);
  }

  /** Removes a user from voice, if in a call of the scope, and closes the connection with the code. */
  remove(userId: number, code: number, reason: string, scope: CallScope): void {
    this.rooms.remove(userId, code, reason, scope);
    for (const live of this.#entries) {
      const { user, channel } = live.entry;
      if (user.id === userId && isWithin(channel, scope)) live.close(code, reason);
    }
    const elsewhere = this.#directory.latestElsewhere(userId);
    if (!elsewhere || !isWithin(elsewhere.participant.channel, scope)) return;
    const { nodeId, participant } = elsewhere;
    this.#directory.dropGone(userId);
    if (!this.#cluster.nodes.has(nodeId)) return;
    this.#links.post(nodeId, { kind: "remove", userId, scope, callId: participant.callId, code, reason });
  }

  /** The last participant has left a call whose home is this node. */
  onEmpty(listener: (channelId: number) => void): void {
    this.#emptied = listener;
  }

  /** Removes all participants of a deleted channel. */
  removeChannel(channelId: number, code: number, reason: string): void {
    this.rooms.removeChannel(channelId, code, reason);
    for (const live of this.#entries) if (live.entry.channel.id === channelId) live.close(code, reason);
    for (const { user } of this.#directory.goneOf(channelId)) this.#directory.dropGone(user.id);
    for (const nodeId of this.#directory.homesOf(channelId)) {
      this.#links.post(nodeId, { kind: "remove_channel", channelId, code, reason });
    }
  }

  /** Moves a user from the call of the channel to that of another one, which their client joins; null: to none. */
  move(userId: number, channelId: number, toChannelId: number | null): void {
    this.rooms.move(userId, channelId, toChannelId);
    for (const nodeId of this.#directory.homesOf(channelId)) {
      if (this.#cluster.nodes.has(nodeId)) this.#links.post(nodeId, { kind: "move", userId, channelId, toChannelId });
    }
  }

  /** Makes a participant of a stage a speaker, or a listener again. */
  setSpeaker(userId: number, channelId: number, isSpeaker: boolean): void {
    this.rooms.setSpeaker(userId, channelId, isSpeaker);
    for (const nodeId of this.#directory.homesOf(channelId)) {
      if (this.#cluster.nodes.has(nodeId)) this.#links.post(nodeId, { kind: "speaker", userId, channelId, isSpeaker });
    }
  }

  /** Tells what a user may not do in the call of the channel. To be called on every node. */
  restrain(userId: number, channelId: number, restraint: Restraint): void {
    this.rooms.restrain(userId, channelId, restraint);
    for (const live of this.#entries) {
      const { user, channel } = live.entry;
      if (user.id === userId && channel.id === channelId) live.restrain(restraint);
    }
  }

  /** Tells who may know of the calls in the server's voice channels. To be called on every node. */
  setRestricted(serverId: number, restricted: ReadonlySet<number>): void {
    for (const live of this.#entries) {
      const { channel } = live.entry;
      if (channel.serverId === serverId) live.setRestricted(restricted.has(channel.id));
    }
    for (const room of this.rooms.rooms.values()) {
      const { channel } = room;
      if (channel.serverId !== serverId || channel.isRestricted === restricted.has(channel.id)) continue;
      room.setRestricted(restricted.has(channel.id));
      for (const participant of room.participants.values()) this.#directory.update(room.channel, participant);
    }
  }

  close(): void {
    this.#links.close();
  }

  #receive(from: NodeId, message: VoiceMessage): void {
    switch (message.kind) {
      case "reenter":
        return this.#remote.lose(from);
      case "entered":
      case "answer":
      case "event":
      case "heard":
      case "close":
        return this.#remote.receive(from, message);
      default:
        return this.#service.receive(from, message);
    }
  }

  /**
   * Messages between the nodes were lost, so what either side knows of the other's connections may be wrong. Signals may
   * be among them: everyone in the rooms concerned gets the room's state, at which clients repeat open offers.
   */
  #startAnew(nodeId: NodeId): void {
    for (const channelId of this.#service.releaseAll(nodeId)) this.rooms.rooms.get(channelId)?.refresh();
    this.#links.post(nodeId, { kind: "reenter" });
    this.#remote.lose(nodeId);
  }

  #nodeGone(nodeId: NodeId): void {
    this.#links.forget(nodeId);
    this.#directory.nodeGone(nodeId);
    const channels = new Set(this.#directory.entriesOf(nodeId).map(({ channel }) => channel.id));
    for (const channelId of channels) void this.#takeover.takeOver(channelId);
    this.#service.releaseAll(nodeId);
    this.#remote.lose(nodeId);
  }

  /** This node had lost its lease: other nodes may be the homes of its rooms, and have released its connections. */
  #rejoined(): void {
    for (const nodeId of this.#service.nodes) this.#startAnew(nodeId);
    for (const nodeId of this.#remote.homes) this.#remote.lose(nodeId);
    for (const channelId of this.rooms.rooms.keys()) void this.#takeover.recover(channelId);
  }

  #releaseEmpty(channelId: number): void {
    if (!this.rooms.rooms.has(channelId)) this.#claims.release(channelId);
  }

  #movedAway(userId: number, channelId: number): void {
    const isHere = this.rooms.rooms.get(channelId)?.participants.has(userId);
    if (isHere) this.rooms.remove(userId, closeCodes.replaced, "Voice moved to another window.");
  }
}
