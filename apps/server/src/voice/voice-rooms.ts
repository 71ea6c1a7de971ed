import { closeCodes, type ServerSound } from "@miscord/protocol";
import type { Clock } from "../clock.ts";
import { setDeadline } from "../concurrency/deadline.ts";
import { TokenBuckets } from "../concurrency/token-buckets.ts";
import { AppError } from "../errors.ts";
import { isWithin, type CallScope } from "./call-scope.ts";
import type {
  Entry,
  ParticipantFlags,
  Restraint,
  RoomRequest,
  Signal,
  StatusChange,
  VoiceChannel,
  VoicePort,
} from "./events.ts";
import { Participant, type ParticipantOptions } from "./participant.ts";
import { LoadPolicy } from "./quality-policy.ts";
import { requirePlace, spoilsForwarding, tooOld } from "./room-place.ts";
import { Room, type RoomObserver } from "./room.ts";
import type { VoiceRouting } from "./routing.ts";

/** How long a call can be resumed after its connection was lost. */
export const resumeMs = 10_000;
/** How long the end of a call waits that falls into a time in which this node may not act for the room. */
const postponedMs = 1_000;
/**
 * Characters of signals that one participant may send another. A description of a call with a screen takes about 10,000;
 * a few of them follow each other when tracks change or a connection is restarted.
 */
const signalRate = { burst: 256 * 1024, perSecond: 32 * 1024 };

/** What one connection may do in its room. Does nothing once another connection has taken over the call. */
export interface JoinHandle {
  /** Throws as `Room.signal` does. */
  signal(targetId: number, signal: Signal): void;
  ask(request: RoomRequest): void;
  setSpeaking(isSpeaking: boolean): void;
  setStatus(change: StatusChange): void;
  setSharing(isSharing: boolean): void;
  restrain(restraint: Restraint): void;
  raiseHand(isRaised: boolean): void;
  /** Plays a sound to everybody in the room, for who may be heard there. */
  playSound(sound: ServerSound): void;
  /** The connection has closed. Unless the user meant to leave, the call can be resumed for ten seconds. */
  release(meantToLeave: boolean): void;
}

export interface VoiceRoomsOptions {
  clock: Clock;
  routing: VoiceRouting;
  observer: RoomObserver;
  /**
   * Whether this node may act for the room. While it may not, because another node may have become the room's home, the
   * room sends and reports nothing, and nobody leaves it. Always true by default, for a node that is alone.
   */
  isHome?: (channelId: number) => boolean;
  /** The last participant has left the room. */
  onEmpty?: (channelId: number) => void;
}

/**
 * The voice rooms whose home is this node. A user is in one room at a time, with one connection; the latest one replaces
 * the others. Access is not checked here; the gateway checks it before.
 */
export class VoiceRooms {
  readonly #clock: Clock;
  readonly #routing: VoiceRouting;
  readonly #observer: RoomObserver;
  readonly #rooms = new Map<number, Room>();
  readonly #locations = new Map<number, { room: Room; participant: Participant }>();
  readonly #load: LoadPolicy;
  readonly #signals: TokenBuckets;
  readonly #isHome: (channelId: number) => boolean;
  readonly #onEmpty: (channelId: number) => void;

  constructor({ clock, routing, observer, isHome = () => true, onEmpty = () => {} }: VoiceRoomsOptions) {
    this.#clock = clock;
    this.#routing = routing;
    this.#observer = observer;
    this.#isHome = isHome;
    this.#onEmpty = onEmpty;
    this.#signals = new TokenBuckets(signalRate, this.#clock);
    routing.onChange(() => {
      for (const room of this.#rooms.values()) this.#settleMedia(room);
    });
    this.#load = new LoadPolicy((bitrate) => {
      for (const room of this.#rooms.values()) room.broadcast({ kind: "quality", bitrate, reason: "load" });
    });
  }

  get rooms(): ReadonlyMap<number, Room> {
    return this.#rooms;
  }

  get connections(): number {
    return this.#load.connections;
  }

  get bitrate(): number {
    return this.#load.bitrate;
  }

  /** The call that the user is in. */
  callIdOf(userId: number): string | null {
    return this.#locations.get(userId)?.participant.callId ?? null;
  }

  /**
   * Joins a room, or resumes the call.
   * @throws AppError `voice_channel_full`, also to a client that cannot be forwarded, or `encryption_required`; the user then
   *   stays in the former room.
   */
  enter(entry: Entry): JoinHandle {
    const { user, channel, callId, port } = entry;
    const present = this.#locations.get(user.id);
    if (present?.room.channel.id === channel.id && present.participant.callId === callId) {
      return this.#resume(present.room, present.participant, entry);
    }
    requireEncryption(this.#rooms.get(channel.id)?.channel ?? channel, entry);
    this.#requirePlace(entry, present?.room.channel.id === channel.id ? present.participant : null);
    const room = this.#roomFor(channel);
    if (present) {
      this.#disconnect(present.participant)?.close(closeCodes.replaced, "Voice moved to another window.");
      this.#depart(present.room, present.participant, room);
    }
    const { usesLegacySocket } = port;
    const isListener = channel.isStage === true;
    const participant = new Participant({ ...entry, usesLegacySocket, isListener, flags: entry.flags ?? {} });
    this.#locations.set(user.id, { room, participant });
    this.#load.connected();
    room.enter(participant);
    return this.#join(room, participant, port);
  }

  /** Removes a user from voice, if in a call of the scope when given, and closes the connection with the code. */
  remove(userId: number, code: number, reason: string, scope?: CallScope): void {
    const present = this.#locations.get(userId);
    if (!present || (scope && !isWithin(present.room.channel, scope))) return;
    this.#disconnect(present.participant)?.close(code, reason);
    this.#depart(present.room, present.participant);
  }

  /** Moves a user from the call to that of another channel, which their client joins; null: to none. */
  move(userId: number, channelId: number, toChannelId: number | null): void {
    const present = this.#locations.get(userId);
    if (present?.room.channel.id !== channelId) return;
    if (toChannelId !== null) present.participant.port?.send({ kind: "moved", channelId: toChannelId });
    this.remove(userId, closeCodes.forbidden, toChannelId === null ? "disconnected by a moderator" : "moved");
  }

  /** Sets what a participant may not do. */
  restrain(userId: number, channelId: number, restraint: Restraint): void {
    const present = this.#locations.get(userId);
    if (present?.room.channel.id === channelId) present.room.restrain(present.participant, restraint);
  }

  /** Removes all participants of a deleted channel. */
  removeChannel(channelId: number, code: number, reason: string): void {
    const room = this.#rooms.get(channelId);
    for (const userId of room?.participants.keys() ?? []) this.remove(userId, code, reason);
  }

  /** Makes a participant of a stage a speaker, or a listener again. */
  setSpeaker(userId: number, channelId: number, isSpeaker: boolean): void {
    const present = this.#locations.get(userId);
    if (present?.room.channel.id === channelId) present.room.setSpeaker(present.participant, isSpeaker);
  }

  /** Takes over a participant of a room whose former home is gone; the call can be resumed for ten seconds. */
  restore(channel: VoiceChannel, options: Omit<ParticipantOptions, "port">): Participant | null {
    if (this.#locations.has(options.user.id)) return null;
    const room = this.#roomFor(channel);
    const participant = new Participant({ ...options, port: null });
    this.#locations.set(participant.user.id, { room, participant });
    room.restore(participant);
    this.#expireLater(room, participant);
    return participant;
  }

  /**
   * Forgets a room whose home is another node now, and sends nobody anything. Returns the ids of its participants.
   */
  abandon(channelId: number): number[] {
    const room = this.#rooms.get(channelId);
    if (!room) return [];
    this.#rooms.delete(channelId);
    room.abandon();
    for (const [userId, participant] of room.participants) {
      this.#disconnect(participant);
      if (this.#locations.get(userId)?.participant === participant) this.#locations.delete(userId);
    }
    return [...room.participants.keys()];
  }

  /**
   * `former`: the user in this room until now, perhaps with another client; their place is theirs.
   * @throws AppError `voice_channel_full`; disconnected participants count
   */
  #requirePlace(entry: Entry, former: Participant | null): void {
    const room = this.#rooms.get(entry.channel.id);
    const others = [...(room?.participants.values() ?? [])].filter((participant) => participant !== former);
    if (spoilsForwarding(this.#routing, others, entry)) throw new AppError("voice_channel_full", tooOld);
    if (former !== null && (former.isLegacy || !entry.isLegacy)) return;
    requirePlace(this.#routing, others, { entry, channel: room?.channel ?? entry.channel });
  }

  /** What can forward has changed. Those who came while nothing could, with clients that cannot be forwarded, leave. */
  #settleMedia(room: Room): void {
    const participants = [...room.participants.values()];
    const others = participants.filter(({ canForward, isLegacy }) => canForward || isLegacy);
    for (const participant of participants) {
      if (!spoilsForwarding(this.#routing, others, participant)) continue;
      this.remove(participant.user.id, closeCodes.voiceChannelFull, tooOld);
    }
    room.settleMedia();
  }

  #resume(room: Room, participant: Participant, { port, flags, restraint }: Entry): JoinHandle {
    this.#disconnect(participant)?.close(closeCodes.replaced, "This call has a new socket.");
    participant.expiry?.cancel();
    participant.expiry = null;
    participant.port = port;
    this.#load.connected();
    if (restraint) room.restrain(participant, restraint);
    room.resume(participant);
    const handle = this.#join(room, participant, port);
    if (flags) setFlags(handle, flags);
    return handle;
  }

  #join(room: Room, participant: Participant, port: VoicePort): JoinHandle {
    const whileJoined = (act: () => void) => {
      if (participant.port === port) act();
    };
    return {
      signal: (targetId, signal) => whileJoined(() => room.signal(participant, targetId, signal)),
      ask: (request) => whileJoined(() => room.ask(participant, request)),
      setSpeaking: (isSpeaking) => whileJoined(() => room.setSpeaking(participant, isSpeaking)),
      setStatus: (change) => whileJoined(() => room.setStatus(participant, change)),
      setSharing: (isSharing) => whileJoined(() => room.setSharing(participant, isSharing)),
      raiseHand: (isRaised) => whileJoined(() => room.raiseHand(participant, isRaised)),
      playSound: (sound) => whileJoined(() => room.playSound(participant, sound)),
      restrain: (restraint) => whileJoined(() => room.restrain(participant, restraint)),
      release: (meantToLeave) => whileJoined(() => this.#release(room, participant, meantToLeave)),
    };
  }

  #release(room: Room, participant: Participant, meantToLeave: boolean): void {
    this.#disconnect(participant);
    if (meantToLeave) return this.#depart(room, participant);
    room.setSpeaking(participant, false);
    this.#expireLater(room, participant);
  }

  #expireLater(room: Room, participant: Participant): void {
    participant.expiry?.cancel();
    participant.expiry = setDeadline(this.#clock, () => this.#depart(room, participant), resumeMs);
  }

  /** Detaches the participant from its connection and returns the connection. */
  #disconnect(participant: Participant): VoicePort | null {
    const { port } = participant;
    participant.port = null;
    if (port) this.#load.disconnected();
    return port;
  }

  /** `entered`: the room that the user enters meanwhile, which is kept even when nobody else is in it. */
  #depart(room: Room, participant: Participant, entered?: Room): void {
    participant.expiry?.cancel();
    if (!this.#isHome(room.channel.id)) {
      participant.expiry = this.#clock.setTimeout(() => this.#depart(room, participant), postponedMs);
      return;
    }
    if (this.#locations.get(participant.user.id)?.participant === participant) {
      this.#locations.delete(participant.user.id);
    }
    room.leave(participant);
    if (room === entered || room.participants.size > 0 || !this.#rooms.delete(room.channel.id)) return;
    this.#onEmpty(room.channel.id);
  }

  #roomFor(channel: VoiceChannel): Room {
    const known = this.#rooms.get(channel.id);
    if (known) return known;
    const room = new Room(channel, {
      clock: this.#clock,
      routing: this.#routing,
      observer: this.#observer,
      signals: this.#signals,
      bitrate: () => this.#load.bitrate,
      isHome: this.#isHome,
    });
    this.#rooms.set(channel.id, room);
    return room;
  }
}

/** @throws AppError `encryption_required`: a client that cannot encrypt would hear nothing, and be heard by everybody */
function requireEncryption({ isEncrypted }: VoiceChannel, { canEncrypt }: Entry): void {
  if (isEncrypted && !canEncrypt) throw new AppError("encryption_required", "This call is encrypted from end to end.");
}

/** Repeats the state of a participant whose connection was in the room before. */
function setFlags(handle: JoinHandle, flags: ParticipantFlags): void {
  const { isMuted, isDeafened, isSpeaking, isSharing, isCameraOn } = flags;
  handle.setStatus({ isMuted, isDeafened, isCameraOn });
  handle.setSharing(isSharing);
  handle.setSpeaking(isSpeaking);
}
