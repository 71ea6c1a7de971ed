import type { User } from "@miscord/protocol";
import type { Timer } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { ParticipantState, RoomEvent, VoicePort } from "./events.ts";

/** Characters of signalling kept for somebody whose socket is away: a few descriptions and their candidates. */
const maxWaiting = 256 * 1024;

type SignalEvent = Extract<RoomEvent, { kind: "signal" }>;

/** Somebody in a room, also while their socket is away for a moment. */
export class Participant implements ParticipantState {
  readonly user: User;
  readonly callId: string;
  readonly isLegacy: boolean;
  isMuted = false;
  isDeafened = false;
  isSpeaking = false;
  isSharing = false;
  /** Null while away. */
  port: VoicePort | null;
  /** Ends the wait for somebody who is away. */
  expiry: Timer | null = null;
  /** As text, fields that only clients know included: its length is what it takes. */
  #waiting: string[] = [];
  #waitingSize = 0;

  constructor(user: User, callId: string, port: VoicePort) {
    this.user = user;
    this.callId = callId;
    this.isLegacy = port.codec.isLegacy;
    this.port = port;
  }

  /** At once, or kept until they are back: an offer that vanished would stall both ends. */
  signal(event: SignalEvent): void {
    if (this.port) return this.port.send(this.port.codec.encode(event));
    const text = JSON.stringify(event);
    if (this.#waitingSize + text.length > maxWaiting) throw new AppError("unavailable", "This person is reconnecting.");
    this.#waiting.push(text);
    this.#waitingSize += text.length;
  }

  /** What was said to them while they were away, once. */
  takeWaiting(): readonly SignalEvent[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingSize = 0;
    return waiting.map((text) => JSON.parse(text) as SignalEvent);
  }
}
