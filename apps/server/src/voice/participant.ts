import type { User } from "@miscord/protocol";
import type { Timer } from "../clock.ts";
import { AppError } from "../errors.ts";
import { unitId, type MediaStatus } from "./media.ts";
import type { MediaSeat } from "./routing.ts";
import {
  unrestrained,
  type Entry,
  type ParticipantFlags,
  type ParticipantState,
  type RegionTimes,
  type Restraint,
  type RoomEvent,
  type ShownStatus,
  type StatusChange,
  type VoicePort,
} from "./events.ts";

/** Most characters of signals kept for a disconnected participant: a few descriptions and their candidates. */
const maxWaiting = 256 * 1024;

type SignalEvent = Extract<RoomEvent, { kind: "signal" }>;

export interface ParticipantOptions extends Omit<Entry, "channel" | "port" | "flags"> {
  /** Of a stage, who may not speak until they are invited. */
  isListener?: boolean;
  isHandRaised?: boolean;
  usesLegacySocket: boolean;
  port: VoicePort | null;
  flags: Partial<ParticipantFlags>;
}

/** A participant's part in a stage. */
interface StageState {
  isListener: boolean;
  isHandRaised: boolean;
}

/** A user in a room; stays there for a while after the connection is lost. */
export class Participant implements ParticipantState {
  readonly user: User;
  readonly callId: string;
  readonly isLegacy: boolean;
  readonly canForward: boolean;
  readonly regionTimes: RegionTimes;
  readonly usesLegacySocket: boolean;
  /** How long before entering the room the user chose it. */
  readonly waitedMs: number;
  isSpeaking = false;
  isSharing = false;
  /** Null outside of a room. */
  seat: MediaSeat | null = null;
  /** Places at former backends, which are kept for a while. */
  readonly formerSeats = new Set<MediaSeat>();
  /** What the participant's connection to the forwarding unit carries; null before the unit has said it. */
  tracks: Extract<RoomEvent, { kind: "tracks" }> | null = null;
  /** Null while disconnected. */
  port: VoicePort | null;
  #own = { isMuted: false, isDeafened: false, isCameraOn: false };
  #restraint: Restraint;
  #stage = { isListener: false, isHandRaised: false };
  /** Removes the participant when the call is not resumed in time. */
  expiry: Timer | null = null;
  /** Signals as JSON, so that their length measures the memory they take, unknown fields included. */
  #waiting: string[] = [];
  #waitingSize = 0;
  /** The latest offer of the forwarding unit, kept apart: each replaces the former one, and others cannot use up its place. */
  #waitingOffer: SignalEvent | null = null;

  constructor(options: ParticipantOptions) {
    const { user, callId, isLegacy, canForward, usesLegacySocket, port, flags, restraint = unrestrained } = options;
    const { isMuted = false, isDeafened = false, isSpeaking = false, isSharing = false, isCameraOn = false } = flags;
    this.user = user;
    this.callId = callId;
    this.isLegacy = isLegacy;
    this.canForward = canForward;
    this.regionTimes = options.regionTimes ?? {};
    this.usesLegacySocket = usesLegacySocket;
    this.port = port;
    this.waitedMs = options.waitedMs ?? 0;
    this.#restraint = restraint;
    this.#stage = { isListener: options.isListener ?? false, isHandRaised: options.isHandRaised ?? false };
    this.#own = { isMuted, isDeafened, isCameraOn: isCameraOn && this.mayShow };
    this.isSpeaking = isSpeaking && !this.isMuted;
    this.isSharing = isSharing && this.mayShow;
  }

  get isMuted(): boolean {
    return this.#own.isMuted || this.isSilenced;
  }

  get isDeafened(): boolean {
    return this.#own.isDeafened || this.isServerDeafened;
  }

  get isCameraOn(): boolean {
    return this.#own.isCameraOn;
  }

  get isServerMuted(): boolean {
    return this.#restraint.isServerMuted;
  }

  get isServerDeafened(): boolean {
    return this.#restraint.isServerDeafened;
  }

  get isSuppressed(): boolean {
    return this.#restraint.isSuppressed || this.#stage.isListener;
  }

  get isVideoSuppressed(): boolean {
    return this.#restraint.isVideoSuppressed;
  }

  /** Whether the participant may turn the camera on and share a screen. */
  get mayShow(): boolean {
    return !this.isSuppressed && !this.isVideoSuppressed;
  }

  get isListener(): boolean {
    return this.#stage.isListener;
  }

  get isHandRaised(): boolean {
    return this.#stage.isHandRaised;
  }

  /** Whether nothing of the participant may be heard, whatever they choose. */
  get isSilenced(): boolean {
    return this.isServerMuted || this.isSuppressed;
  }

  /** What holds, apart from being a listener. */
  get imposed(): Restraint {
    return this.#restraint;
  }

  get restraint(): Restraint {
    const { isServerMuted, isServerDeafened, isSuppressed, isVideoSuppressed } = this;
    return { isServerMuted, isServerDeafened, isSuppressed, isVideoSuppressed };
  }

  get mediaStatus(): MediaStatus {
    const { isMuted, isDeafened, isSharing, isCameraOn, isSilenced } = this;
    return { isHeard: !isMuted, hears: !isDeafened, isSharing, isCameraOn, isScreenHeard: !isSilenced };
  }

  /** Applies the participant's own choice, and what is imposed on them. Returns what others see differently now. */
  change(own: StatusChange, imposed: { restraint?: Restraint; stage?: Partial<StageState> } = {}): ShownStatus {
    const before = shownOf(this);
    this.#own = { ...this.#own, ...own };
    this.#restraint = { ...(imposed.restraint ?? this.#restraint) };
    this.#stage = { ...this.#stage, ...imposed.stage };
    // A camera that is stopped stays off when the restraint ends.
    this.#own.isCameraOn &&= this.mayShow;
    const after = Object.entries(shownOf(this)).filter(([key, value]) => before[key as keyof ShownStatus] !== value);
    return Object.fromEntries(after);
  }

  /**
   * Sends a signal, or keeps it until the call is resumed: a lost offer would stall both ends.
   * @throws AppError `unavailable`
   */
  signal(event: SignalEvent): void {
    if (this.port) return this.port.send(event);
    if (event.fromId === unitId) {
      this.#waitingOffer = event;
      return;
    }
    const text = JSON.stringify(event);
    if (this.#waitingSize + text.length > maxWaiting) {
      throw new AppError("unavailable", "This person is reconnecting.");
    }
    this.#waiting.push(text);
    this.#waitingSize += text.length;
  }

  /** Tells all places at backends what the participant may do now. */
  updateSeats(): void {
    for (const seat of [this.seat, ...this.formerSeats]) seat?.update(this.mediaStatus);
  }

  /** Gives up all places at backends. */
  leaveSeats(): void {
    for (const seat of this.formerSeats) seat.leave();
    this.formerSeats.clear();
    this.seat?.leave();
    this.seat = null;
  }

  /** Returns and removes the signals that were kept while disconnected. */
  takeWaiting(): readonly SignalEvent[] {
    const waiting = this.#waiting.map((text) => JSON.parse(text) as SignalEvent);
    if (this.#waitingOffer) waiting.push(this.#waitingOffer);
    this.#waiting = [];
    this.#waitingSize = 0;
    this.#waitingOffer = null;
    return waiting;
  }
}

function shownOf(state: Participant): Required<ShownStatus> {
  const { isMuted, isDeafened, isCameraOn, isHandRaised, restraint } = state;
  return { isMuted, isDeafened, isCameraOn, isHandRaised, ...restraint };
}
