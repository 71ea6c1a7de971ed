import type { User } from "@miscord/protocol";
import type { Timer } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { MediaStatus } from "./media.ts";
import type { MediaSeat } from "./routing.ts";
import type { Entry, ParticipantFlags, ParticipantState, RoomEvent, VoicePort } from "./events.ts";

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
  isMuted = false;
  isDeafened = false;
  isSpeaking = false;
  isSharing = false;
  /** Null outside of a room. */
  seat: MediaSeat | null = null;
  /** Places at former backends, which are kept for a while. */
  readonly formerSeats = new Set<MediaSeat>();
  /** An offer of the forwarding unit was not kept while the participant was disconnected. */
  missedOffer = false;
  /** What the participant's connection to the forwarding unit carries; null before the unit has said it. */
  tracks: Extract<RoomEvent, { kind: "tracks" }> | null = null;
  /** Null while disconnected. */
  port: VoicePort | null;
  /** Removes the participant when the call is not resumed in time. */
  expiry: Timer | null = null;
  /** Signals as JSON, so that their length measures the memory they take, unknown fields included. */
  #waiting: string[] = [];
  #waitingSize = 0;

  constructor({ user, callId, isLegacy, canForward, usesLegacySocket, port, flags }: ParticipantOptions) {
    this.user = user;
    this.callId = callId;
    this.isLegacy = isLegacy;
    this.canForward = canForward;
    this.usesLegacySocket = usesLegacySocket;
    this.port = port;
    Object.assign(this, flags);
  }

  get mediaStatus(): MediaStatus {
    return { isHeard: !this.isMuted, hears: !this.isDeafened, isSharing: this.isSharing };
  }

  /**
   * Sends a signal, or keeps it until the call is resumed: a lost offer would stall both ends.
   * @throws AppError `unavailable`
   */
  signal(event: SignalEvent): void {
    if (!this.trySignal(event)) throw new AppError("unavailable", "This person is reconnecting.");
  }

  /** The same; returns false when there is no room to keep it. */
  trySignal(event: SignalEvent): boolean {
    if (this.port) {
      this.port.send(event);
      return true;
    }
    const text = JSON.stringify(event);
    if (this.#waitingSize + text.length > maxWaiting) return false;
    this.#waiting.push(text);
    this.#waitingSize += text.length;
    return true;
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
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingSize = 0;
    return waiting.map((text) => JSON.parse(text) as SignalEvent);
  }
}
