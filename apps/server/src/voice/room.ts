import type { ServerSound } from "@miscord/protocol";
import { keyLimits } from "@miscord/protocol/schemas";
import type { Clock } from "../clock.ts";
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
import { MediaPlacing } from "./media-placing.ts";
import type { Participant } from "./participant.ts";
import { RoomChanges } from "./room-changes.ts";
import { restrainSignal } from "./restrain-signal.ts";
import { lengthOf } from "./signal-length.ts";
import type { MediaBackend, MediaSeat, VoiceRouting } from "./routing.ts";
import { startAnew } from "./start-anew.ts";

/** When to repeat a signal to a participant whose connection is behind, or in a room that may have a new home. */
const retryMs = 1_000;
/**
 * What an offer to a forwarding unit costs beside its own characters: its answer may be ten times as long. It leaves 170 offers at once,
 * three for each other participant.
 */
const answeredCharacters = 1_500;
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
  readonly #changes: RoomChanges;
  #backend: MediaBackend;
  readonly #placing: MediaPlacing;

  constructor(channel: VoiceChannel, context: RoomContext) {
    this.#channel = channel;
    this.#context = context;
    this.#changes = new RoomChanges(context.clock, (event) => this.broadcast(event));
    this.#placing = new MediaPlacing(context.clock, channel.region ?? null);
    this.#backend = context.routing.choose([], this.#placing.room(null, { count: 0, hasCome: true }));
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

  /** In which the call is forwarded; null in a mesh. */
  get region(): string | null {
    return this.#backend.region;
  }

  get participants(): ReadonlyMap<number, Participant> {
    return this.#participants;
  }

  enter(participant: Participant): void {
    const others = [...this.#participants.values()];
    this.#participants.set(participant.user.id, participant);
    const former = this.#chooseBackend({ hasCome: true });
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
    const former = this.#chooseBackend({ hasCome: true });
    this.broadcast({ kind: "joined", participant });
    if (former) this.#move([...this.#participants.values()]);
    else this.#seat(participant);
  }

  /** Chooses anew how the participants get each other's media. */
  settleMedia(): void {
    if (this.#chooseBackend({ hasCome: false })) this.#move([...this.#participants.values()]);
  }

  /** Sends all connected participants the room's state once more. */
  refresh(): void {
    for (const participant of this.#participants.values()) this.#welcome(participant);
  }

  /** Ends the timers of a room that is no longer this node's. */
  abandon(): void {
    this.#changes.cancel();
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
    // The unit of the room's former home had its connections.
    if (this.#isBridged(participant)) this.#startAnew(participant);
    for (const event of participant.takeWaiting()) participant.signal(event);
  }

  leave(participant: Participant): void {
    if (this.#participants.get(participant.user.id) !== participant) return;
    this.#participants.delete(participant.user.id);
    this.#changes.forget(participant.user.id);
    this.#ties.forget(participant.user.id);
    participant.leaveSeats();
    for (const other of this.#participants.values()) other.seat?.parted(participant.user.id);
    this.broadcast({ kind: "left", userId: participant.user.id });
    this.#context.observer.left(this, participant);
    this.#keys?.left(participant.user.id);
    if (this.#participants.size === 0) this.#keys?.close();
    this.#placing.left(participant.user.id);
    this.settleMedia();
  }

  /**
   * @throws AppError `not_found` when the target is not in this room; `rate_limited` when the sender sends it more than
   *   it may, or when the target does not keep up, since more signals would close its connection; `unavailable` when
   *   another node may have become the room's home
   */
  signal(from: Participant, targetId: number, signal: Signal): void {
    if (!this.isHome) {
      throw new AppError("unavailable", "This call is being moved.", { retryAfterMs: retryMs });
    }
    if (targetId === unitId) return from.seat?.signal(signal, targetId);
    const target = this.#participants.get(targetId);
    if (!target || target === from) {
      throw new AppError("not_found", "Nobody with this id can be signalled in this channel.");
    }
    if (this.#isBridged(from)) return this.#signalBridged(from, targetId, signal);
    if (target.port) this.#requireRoomFor(signal, from, target);
    const passed = this.#backend.visibleSignal(signal);
    if (!passed) return;
    const visible = restrainSignal(passed, from);
    const crosses = from.isLegacy && target.isLegacy && !(from.usesLegacySocket && target.usesLegacySocket);
    if (crosses) this.#ties.signal(from.user.id, targetId, visible);
    else target.signal({ kind: "signal", fromId: from.user.id, signal: visible });
  }

  /** The backend answers in place of the target, who learns nothing of it. */
  #signalBridged(from: Participant, targetId: number, signal: Signal): void {
    this.#context.signals.spend(`${from.user.id} ${targetId}`, lengthOf(signal));
    if (signal.kind === "offer") this.#context.signals.spend(`${from.user.id} ${unitId}`, answeredCharacters);
    from.seat?.signal(signal, targetId);
  }

  #isBridged({ isLegacy }: Participant): boolean {
    return isLegacy && this.#backend.media === "forwarded";
  }

  /** What a disconnected participant is sent is bounded by what is kept for it. */
  #requireRoomFor(signal: Signal, from: Participant, target: Participant): void {
    this.#context.signals.spend(`${from.user.id} ${target.user.id}`, lengthOf(signal));
    if (!target.port?.isBehind) return;
    throw new AppError("rate_limited", "This person's connection is slow.", { retryAfterMs: retryMs });
  }

  /** What a participant asks the others for their keys, or the forwarding unit: nothing of that in a mesh. */
  ask(participant: Participant, request: RoomRequest): void {
    if (request.kind === "keys") {
      if (this.isHome) this.#keys?.receive(participant, request.command);
      return;
    }
    participant.seat?.ask(request);
    if (request.kind === "renew") this.#hasNoConnection(participant);
  }

  /** The region is given up when that is not the participant's own fault. */
  #hasNoConnection({ user }: Participant): void {
    const { region } = this;
    if (!this.#placing.asksAgain(user.id, region, this.#participants.size)) return;
    this.settleMedia();
    if (region !== null && region !== this.region) this.#context.routing.gaveUp?.(region);
  }

  setSpeaking(participant: Participant, isSpeaking: boolean): void {
    const speaks = isSpeaking && !participant.isMuted;
    if (participant.isSpeaking === speaks) return;
    participant.isSpeaking = speaks;
    this.#changes.speaks(participant.user.id, speaks);
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
    this.#changes.changed(participant.user.id, changes);
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
    const { media, region, isRelayOnly } = this.#backend;
    return { media, region, ice: { servers: this.#backend.iceServersFor(user.id), isRelayOnly } };
  }

  /** Returns whether the participants have another backend now. */
  #chooseBackend({ hasCome }: { hasCome: boolean }): boolean {
    const former = this.#backend;
    const room = this.#placing.room(former, { count: this.#participants.size, hasCome });
    this.#backend = this.#context.routing.choose(this.#participants.values(), room);
    if (this.#backend !== former) this.#placing.moved();
    return this.#backend !== former;
  }

  /** Gives the participants places at the present backend. Those at the former one are kept for a while. */
  #move(participants: readonly Participant[]): void {
    for (const participant of participants) {
      const { seat } = participant;
      if (seat) this.#keepForAWhile(participant, seat);
      if (this.isHome) participant.port?.send({ kind: "media", ...this.#mediaFor(participant) });
      this.#seat(participant);
      if (participant.isLegacy) this.#startAnew(participant);
    }
  }

  /**
   * Gives a client of version 1 the other participants once more. It knows no other word for what it is to do: end its
   * connections, and make new ones.
   */
  #startAnew(participant: Participant): void {
    if (this.isHome) startAnew(participant, this.#participants.values());
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
      isBridged: this.#isBridged(participant),
      onLost: (how) => {
        if (participant.seat === seat && how === "unreached") this.#hasNoConnection(participant);
        if (participant.seat === seat) this.#startAnew(participant);
      },
      deliver: (event) => {
        if (participant.seat !== seat || !this.isHome) return;
        // A bridged participant without a connection begins anew when it resumes: nothing is kept for it.
        if (event.kind === "signal" && !participant.port && this.#isBridged(participant)) return;
        if (event.kind === "signal") return participant.signal(event);
        participant.tracks = event;
        participant.port?.send(event);
      },
    });
    participant.seat = seat;
    participant.tracks = null;
  }
}
