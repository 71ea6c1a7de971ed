import type { ServerSound } from "@miscord/protocol";
import { keyLimits } from "@miscord/protocol/schemas";
import type { Clock, Timer } from "../clock.ts";
import type { TokenBuckets } from "../concurrency/token-buckets.ts";
import { AppError } from "../errors.ts";
import type {
  Restraint,
  RoomEvent,
  RoomMedia,
  RoomRequest,
  ShownStatus,
  Signal,
  StatusChange,
  VoiceChannel,
} from "./events.ts";
import { KeyExchange } from "./key-exchange.ts";
import { OfferTies } from "./offer-ties.ts";
import { unitId } from "./media.ts";
import type { Participant } from "./participant.ts";
import { restrainSignal } from "./restrain-signal.ts";
import type { MediaBackend, MediaSeat, VoiceRouting } from "./routing.ts";

/** How long speaking and status changes are collected into one event. Signals are never delayed. */
const batchMs = 50;
/** When to repeat a signal to a participant whose connection is behind. */
const behindRetryMs = 1_000;
/** When to repeat a signal in a room that may have a new home. */
const movingRetryMs = 1_000;
/** How long the former way of a room's media is kept when it changes, so that nothing is missed meanwhile. */
const handOverMs = 10_000;

/** Receives the changes that members outside the room may see. */
export interface RoomObserver {
  joined(room: Room, participant: Participant): void;
  left(room: Room, participant: Participant): void;
  statusChanged(room: Room, participant: Participant): void;
  sharingChanged(room: Room, participant: Participant): void;
  speakingChanged(room: Room): void;
}

export interface RoomContext {
  readonly clock: Clock;
  readonly routing: VoiceRouting;
  readonly observer: RoomObserver;
  /** Characters of signals by sender and target. */
  readonly signals: TokenBuckets;
  /** Highest audio bitrate at present, in bits per second. */
  bitrate(): number;
  /** Whether this node may act for the room; see `VoiceRoomsOptions`. */
  isHome(channelId: number): boolean;
}

/**
 * The participants of one voice channel on this node. A new participant gets the list of participants before the others
 * get the join; after that, all participants get the same events in the same order.
 */
export class Room {
  #channel: VoiceChannel;
  readonly #context: RoomContext;
  readonly #participants = new Map<number, Participant>();
  readonly #ties: OfferTies;
  /** Null: what is said and shown is not encrypted from end to end. */
  readonly #keys: KeyExchange | null;
  #speaking = new Map<number, boolean>();
  #status = new Map<number, ShownStatus>();
  #flush: Timer | null = null;
  #backend: MediaBackend;

  constructor(channel: VoiceChannel, context: RoomContext) {
    this.#channel = channel;
    this.#context = context;
    this.#backend = context.routing.choose([]);
    this.#keys = channel.isEncrypted
      ? new KeyExchange({ clock: context.clock, participants: () => this.#participants })
      : null;
    this.#ties = new OfferTies(context.clock, (fromId, targetId, signal) => {
      // These clients leave with their connection, so nothing is kept for a target that is away.
      this.#participants.get(targetId)?.signal({ kind: "signal", fromId, signal });
    });
  }

  get channel(): VoiceChannel {
    return this.#channel;
  }

  /** To be called when `isRestricted` has changed: from now on, changes are told to others. */
  setRestricted(isRestricted: boolean): void {
    this.#channel = { ...this.#channel, isRestricted };
  }

  /** Whether this node may act for the room; see `VoiceRoomsOptions`. */
  get isHome(): boolean {
    return this.#context.isHome(this.channel.id);
  }

  get participants(): ReadonlyMap<number, Participant> {
    return this.#participants;
  }

  /** @throws AppError `voice_channel_full`; disconnected participants count. */
  requirePlace(entry: HasClient): void {
    requirePlace(this.#context.routing, [...this.#participants.values()], { entry, channel: this.#channel });
  }

  enter(participant: Participant): void {
    const others = [...this.#participants.values()];
    this.#participants.set(participant.user.id, participant);
    const former = this.#chooseBackend();
    this.#welcome(participant);
    this.broadcast({ kind: "joined", participant }, participant);
    if (former) this.#move(others);
    this.#seat(participant);
    this.#context.observer.joined(this, participant);
    // Members outside the room take those who join for unmuted and without a camera.
    if (participant.isMuted || participant.isDeafened || participant.isCameraOn) {
      this.#context.observer.statusChanged(this, participant);
    }
  }

  /** Takes over a participant, who is not connected, from a node that was the home of the room before. */
  restore(participant: Participant): void {
    this.#participants.set(participant.user.id, participant);
    const former = this.#chooseBackend();
    this.broadcast({ kind: "joined", participant });
    if (former) this.#move([...this.#participants.values()]);
    else this.#seat(participant);
  }

  /** Chooses anew how the participants get each other's media. */
  settleMedia(): void {
    if (this.#chooseBackend()) this.#move([...this.#participants.values()]);
  }

  /** Sends all connected participants the room's state once more. */
  refresh(): void {
    for (const participant of this.#participants.values()) this.#welcome(participant);
  }

  /** Ends the timers of a room that is no longer this node's. */
  abandon(): void {
    this.#flush?.cancel();
    this.#keys?.close();
    for (const [userId, participant] of this.#participants) {
      participant.expiry?.cancel();
      participant.leaveSeats();
      this.#ties.forget(userId);
    }
  }

  /** Continues a call on a new connection. Only the participant gets events: the room's state and the kept signals. */
  resume(participant: Participant): void {
    this.#welcome(participant);
    for (const event of participant.takeWaiting()) participant.signal(event);
  }

  leave(participant: Participant): void {
    if (this.#participants.get(participant.user.id) !== participant) return;
    this.#participants.delete(participant.user.id);
    this.#speaking.delete(participant.user.id);
    this.#status.delete(participant.user.id);
    this.#ties.forget(participant.user.id);
    participant.leaveSeats();
    this.broadcast({ kind: "left", userId: participant.user.id });
    this.#context.observer.left(this, participant);
    this.#keys?.left(participant.user.id);
    if (this.#participants.size === 0) this.#keys?.close();
    this.settleMedia();
  }

  /**
   * @throws AppError `not_found` when the target is not in this room; `rate_limited` when the sender sends it more than
   *   it may, or when the target does not keep up, since more signals would close its connection; `unavailable` when
   *   another node may have become the room's home
   */
  signal(from: Participant, targetId: number, signal: Signal): void {
    if (!this.isHome) {
      throw new AppError("unavailable", "This call is being moved.", { retryAfterMs: movingRetryMs });
    }
    if (targetId === unitId) return from.seat?.signal(signal);
    const target = this.#participants.get(targetId);
    if (!target || target === from) {
      throw new AppError("not_found", "Nobody with this id can be signalled in this channel.");
    }
    if (target.port) this.#requireRoomFor(signal, from, target);
    const passed = this.#backend.visibleSignal(signal);
    if (!passed) return;
    const visible = restrainSignal(passed, from);
    const crosses = from.isLegacy && target.isLegacy && !(from.usesLegacySocket && target.usesLegacySocket);
    if (crosses) this.#ties.signal(from.user.id, targetId, visible);
    else target.signal({ kind: "signal", fromId: from.user.id, signal: visible });
  }

  /** What a disconnected participant is sent is bounded by what is kept for it. */
  #requireRoomFor(signal: Signal, from: Participant, target: Participant): void {
    this.#context.signals.spend(`${from.user.id} ${target.user.id}`, lengthOf(signal));
    if (!target.port?.isBehind) return;
    throw new AppError("rate_limited", "This person's connection is slow.", { retryAfterMs: behindRetryMs });
  }

  /** What a participant asks the others for their keys, or the forwarding unit: nothing of that in a mesh. */
  ask(participant: Participant, request: RoomRequest): void {
    if (request.kind !== "keys") participant.seat?.ask(request);
    else if (this.isHome) this.#keys?.receive(participant, request.command);
  }

  setSpeaking(participant: Participant, isSpeaking: boolean): void {
    const speaks = isSpeaking && !participant.isMuted;
    if (participant.isSpeaking === speaks) return;
    participant.isSpeaking = speaks;
    this.#speaking.set(participant.user.id, speaks);
    this.#scheduleFlush();
    this.#context.observer.speakingChanged(this);
  }

  setStatus(participant: Participant, own: StatusChange): void {
    this.#statusChanged(participant, participant.change(own));
  }

  /** Sets what the participant may not do, whatever their client says. */
  restrain(participant: Participant, restraint: Restraint): void {
    this.#statusChanged(participant, participant.change({}, { restraint }));
    if (!participant.mayShow) this.setSharing(participant, false);
  }

  /** Plays a sound to everybody, unless nothing of the participant may be heard, or they hear nothing themselves. */
  playSound(participant: Participant, sound: ServerSound): void {
    if (participant.isSilenced || participant.isDeafened) return;
    this.broadcast({ kind: "sound", userId: participant.user.id, sound });
  }

  /** A listener of a stage asks to speak, or no longer does. */
  raiseHand(participant: Participant, wantsTo: boolean): void {
    const isHandRaised = wantsTo && participant.isListener;
    this.#statusChanged(participant, participant.change({}, { stage: { isHandRaised } }));
  }

  /** Makes a participant of a stage a speaker, or a listener again. */
  setSpeaker(participant: Participant, isSpeaker: boolean): void {
    if (!this.#channel.isStage) return;
    const stage = { isListener: !isSpeaker, isHandRaised: false };
    this.#statusChanged(participant, participant.change({}, { stage }));
    if (!isSpeaker) this.setSharing(participant, false);
  }

  #statusChanged(participant: Participant, changes: ShownStatus): void {
    if (Object.keys(changes).length === 0) return;
    this.#status.set(participant.user.id, { ...this.#status.get(participant.user.id), ...changes });
    this.#scheduleFlush();
    participant.updateSeats();
    if (participant.isMuted) this.setSpeaking(participant, false);
    this.#context.observer.statusChanged(this, participant);
  }

  setSharing(participant: Participant, wantsToShare: boolean): void {
    const isSharing = wantsToShare && participant.mayShow;
    if (participant.isSharing === isSharing) return;
    participant.isSharing = isSharing;
    participant.updateSeats();
    this.broadcast({ kind: "sharing", user: participant.user, isSharing }, participant);
    this.#context.observer.sharingChanged(this, participant);
  }

  broadcast(event: RoomEvent, except?: Participant): void {
    if (!this.isHome) return;
    for (const participant of this.#participants.values()) {
      if (participant !== except) participant.port?.send(event);
    }
  }

  #welcome(participant: Participant): void {
    participant.port?.send({
      kind: "entered",
      participants: [...this.#participants.values()].filter((other) => other !== participant),
      ...this.#mediaFor(participant),
      settings: { maxParticipants: this.#maxParticipants, bitrate: this.#context.bitrate() },
      isEncrypted: this.#keys !== null,
      restraint: participant.restraint,
    });
    if (participant.tracks) participant.port?.send(participant.tracks);
  }

  get #maxParticipants(): number {
    const { maxParticipants } = this.#backend;
    return this.#keys ? Math.min(maxParticipants, keyLimits.participants) : maxParticipants;
  }

  #mediaFor({ user }: Participant): RoomMedia {
    const { media, isRelayOnly } = this.#backend;
    return { media, ice: { servers: this.#backend.iceServersFor(user.id), isRelayOnly } };
  }

  /** Returns whether the participants have another backend now. */
  #chooseBackend(): boolean {
    const former = this.#backend;
    this.#backend = this.#context.routing.choose(this.#participants.values());
    return this.#backend !== former;
  }

  /** Gives the participants places at the present backend. Those at the former one are kept for a while. */
  #move(participants: readonly Participant[]): void {
    for (const participant of participants) {
      const { seat } = participant;
      if (seat) this.#keepForAWhile(participant, seat);
      if (this.isHome) participant.port?.send({ kind: "media", ...this.#mediaFor(participant) });
      this.#seat(participant);
    }
  }

  #keepForAWhile({ formerSeats }: Participant, seat: MediaSeat): void {
    formerSeats.add(seat);
    this.#context.clock.setTimeout(() => {
      if (formerSeats.delete(seat)) seat.leave();
    }, handOverMs);
  }

  #seat(participant: Participant): void {
    const seat: MediaSeat = this.#backend.join({
      channelId: this.#channel.id,
      userId: participant.user.id,
      status: participant.mediaStatus,
      deliver: (event) => {
        if (participant.seat !== seat || !this.isHome) return;
        if (event.kind === "signal") return participant.signal(event);
        participant.tracks = event;
        participant.port?.send(event);
      },
    });
    participant.seat = seat;
    participant.tracks = null;
  }

  #scheduleFlush(): void {
    if (this.#flush) return;
    this.#flush = this.#context.clock.setTimeout(() => {
      this.#flush = null;
      const [speaking, status] = [this.#speaking, this.#status];
      this.#speaking = new Map();
      this.#status = new Map();
      if (status.size > 0) this.broadcast({ kind: "status", events: status });
      if (speaking.size > 0) this.broadcast({ kind: "speaking", events: speaking });
    }, batchMs);
  }
}

type HasClient = Pick<Participant, "canForward">;
type Newcomer = { entry: HasClient; channel: VoiceChannel };

/**
 * A room that has to be a mesh takes no more than a mesh holds, also when it would be forwarded with one more.
 * @throws AppError `voice_channel_full` when a room with these participants has no place for another one
 */
export function requirePlace(routing: VoiceRouting, present: readonly HasClient[], { entry, channel }: Newcomer): void {
  const most = channel.isEncrypted ? keyLimits.participants : Infinity;
  const backends = [routing.choose(present), routing.choose([...present, entry])];
  if (backends.every(({ maxParticipants }) => present.length < Math.min(most, maxParticipants))) return;
  throw new AppError("voice_channel_full", "This voice channel is full.");
}

/** Characters of the signal's texts, whose lengths its sender chooses. */
function lengthOf(signal: Signal): number {
  const texts = signal.kind === "candidate" ? [signal.candidate, signal.sdpMid] : [signal.sdp];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), JSON.stringify(signal.extra).length);
}
