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
  usesLegacySocket: boolean;
  port: VoicePort | null;
  flags: Partial<ParticipantFlags>;
}

/** A user in a room; stays there for a while after the connection is lost. */
export class Participant implements ParticipantState {
  readonly user: User;
  readonly callId: string;
  readonly isLegacy: boolean;
  readonly canForward: boolean;
  readonly usesLegacySocket: boolean;
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
  #own = { isMuted: false, isDeafened: false };
  #restraint: Restraint;
  /** Removes the participant when the call is not resumed in time. */
  expiry: Timer | null = null;
  /** Signals as JSON, so that their length measures the memory they take, unknown fields included. */
  #waiting: string[] = [];
  #waitingSize = 0;
  /** The latest offer of the forwarding unit, kept apart: each replaces the former one, and others cannot use up its place. */
  #waitingOffer: SignalEvent | null = null;

  constructor(options: ParticipantOptions) {
    const { user, callId, isLegacy, canForward, usesLegacySocket, port, flags, restraint = unrestrained } = options;
    const { isMuted = false, isDeafened = false, isSpeaking = false, isSharing = false } = flags;
    this.user = user;
    this.callId = callId;
    this.isLegacy = isLegacy;
    this.canForward = canForward;
    this.usesLegacySocket = usesLegacySocket;
    this.port = port;
    this.#own = { isMuted, isDeafened };
    this.#restraint = restraint;
    this.isSpeaking = isSpeaking && !this.isMuted;
    this.isSharing = isSharing && !this.isSuppressed;
  }

  get isMuted(): boolean {
    return this.#own.isMuted || this.isSilenced;
  }

  get isDeafened(): boolean {
    return this.#own.isDeafened || this.isServerDeafened;
  }

  get isServerMuted(): boolean {
    return this.#restraint.isServerMuted;
  }

  get isServerDeafened(): boolean {
    return this.#restraint.isServerDeafened;
  }

  get isSuppressed(): boolean {
    return this.#restraint.isSuppressed;
  }

  /** Whether nothing of the participant may be heard, whatever they choose. */
  get isSilenced(): boolean {
    return this.isServerMuted || this.isSuppressed;
  }

  get restraint(): Restraint {
    return this.#restraint;
  }

  get mediaStatus(): MediaStatus {
    const { isMuted, isDeafened, isSharing, isSilenced } = this;
    return { isHeard: !isMuted, hears: !isDeafened, isSharing, isScreenHeard: !isSilenced };
  }

  /** Applies the participant's own choice, and what is imposed on them. Returns what others see differently now. */
  change(own: StatusChange, restraint: Restraint = this.#restraint): ShownStatus {
    const before = shownOf(this);
    this.#own = { ...this.#own, ...own };
    this.#restraint = { ...restraint };
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
  const { isMuted, isDeafened, isServerMuted, isServerDeafened, isSuppressed } = state;
  return { isMuted, isDeafened, isServerMuted, isServerDeafened, isSuppressed };
}
