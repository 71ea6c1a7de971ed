import { closeCodes, type ServerSound } from "@miscord/protocol";
import type { Clock, Timer } from "../../clock.ts";
import type { NodeId } from "../../cluster/contract.ts";
import { AppError } from "../../errors.ts";
import type {
  Entry,
  ParticipantFlags,
  Restraint,
  RoomEvent,
  RoomRequest,
  Signal,
  StatusChange,
  VoicePort,
} from "../events.ts";
import type { JoinHandle } from "../voice-rooms.ts";
import { ShownParticipants } from "./shown-participants.ts";

/** `JoinHandle` of a room whose home may be another node: the answer to a signal may take a round trip to it. */
export interface VoiceHandle extends Omit<JoinHandle, "signal"> {
  /** Throws, or rejects, as `Room.signal` does; with `unavailable` when the home does not answer in time. */
  signal(targetId: number, signal: Signal): void | Promise<void>;
}

/** Where a connection has entered its room. */
export interface Place extends VoiceHandle {
  readonly home: NodeId;
}

/** How long a signal waits while the room is being moved, or for the answer of its home. */
export const signalTimeoutMs = 5_000;

/**
 * The entry of one of this node's connections in its room, at whichever home. While the room is moved from one home to
 * the next, it has no place: signals wait, and other changes are part of the next entry.
 */
export class LiveEntry implements VoiceHandle, VoicePort {
  isEntering = false;
  /** Null while the connection lasts; then whether the user meant to leave. */
  released: { meantToLeave: boolean } | null = null;
  #entry: Entry;
  readonly #clock: Clock;
  readonly #chosenAt: number;
  readonly #onReleased: (entry: LiveEntry) => void;
  readonly #shown: ShownParticipants | null;
  #flags: ParticipantFlags = {
    isMuted: false,
    isDeafened: false,
    isSpeaking: false,
    isSharing: false,
    isCameraOn: false,
  };
  #place: Place | null = null;
  #wasPlaced = false;
  #waiting: { proceed: () => void; timer: Timer }[] = [];

  constructor(entry: Entry, { clock, onReleased }: { clock: Clock; onReleased: (entry: LiveEntry) => void }) {
    this.#entry = entry;
    this.#clock = clock;
    this.#chosenAt = clock.monotonic();
    this.#onReleased = onReleased;
    this.#shown = entry.port.usesLegacySocket ? new ShownParticipants() : null;
  }

  get entry(): Entry {
    return this.#entry;
  }

  /** For the next home, should the room move. */
  setRestricted(isRestricted: boolean): void {
    this.#entry = { ...this.#entry, channel: { ...this.#entry.channel, isRestricted } };
  }

  get place(): Place | null {
    return this.#place;
  }

  /** How long ago the user chose this call. */
  get waitedMs(): number {
    return this.#clock.monotonic() - this.#chosenAt;
  }

  /** The state to enter with; null for the first entry, since a resumed call keeps the state that its room knows. */
  get flags(): ParticipantFlags | null {
    return this.#wasPlaced ? { ...this.#flags } : null;
  }

  /** Sets where the connection has entered its room; null when that home is lost. */
  moveTo(place: Place | null): void {
    this.#place = place;
    if (!place) return;
    this.#wasPlaced = true;
    if (this.released) return place.release(this.released.meantToLeave);
    // It may have changed while the entry was on its way.
    if (this.#entry.restraint) place.restrain(this.#entry.restraint);
    this.#proceed();
  }

  signal(targetId: number, signal: Signal): void | Promise<void> {
    if (this.released) return;
    if (this.#place) return this.#place.signal(targetId, signal);
    return this.#whenPlaced().then(() => {
      if (this.#place) return this.#place.signal(targetId, signal);
      throw new AppError("unavailable", "This call is being moved.", { retryAfterMs: signalTimeoutMs });
    });
  }

  /** What is asked while the room is moved is asked again by the client, of the new home. */
  ask(request: RoomRequest): void {
    this.#place?.ask(request);
  }

  setSpeaking(isSpeaking: boolean): void {
    this.#flags.isSpeaking = isSpeaking;
    this.#place?.setSpeaking(isSpeaking);
  }

  setStatus(change: StatusChange): void {
    Object.assign(this.#flags, change);
    this.#place?.setStatus(change);
  }

  setSharing(isSharing: boolean): void {
    this.#flags.isSharing = isSharing;
    this.#place?.setSharing(isSharing);
  }

  restrain(restraint: Restraint): void {
    this.#entry = { ...this.#entry, restraint };
    this.#place?.restrain(restraint);
  }

  raiseHand(isRaised: boolean): void {
    this.#place?.raiseHand(isRaised);
  }

  /** What is played while the room is moved is not heard. */
  playSound(sound: ServerSound): void {
    this.#place?.playSound(sound);
  }

  release(meantToLeave: boolean): void {
    if (this.released) return;
    this.released = { meantToLeave };
    this.#onReleased(this);
    this.#place?.release(meantToLeave);
    this.#proceed();
  }

  /** Ends it: the user has chosen another call while it waited for its room. */
  supersede(): void {
    this.release(false);
    this.close(closeCodes.replaced, "Voice moved to another window.");
  }

  get usesLegacySocket(): boolean {
    return this.entry.port.usesLegacySocket;
  }

  get isBehind(): boolean {
    return this.entry.port.isBehind;
  }

  send(event: RoomEvent): void {
    if (!this.#shown) return this.entry.port.send(event);
    for (const one of this.#shown.replace(event)) this.entry.port.send(one);
  }

  close(code: number, reason: string): void {
    this.entry.port.close(code, reason);
  }

  /** Resolves in the order of the calls: once there is a place, or after a while without. */
  #whenPlaced(): Promise<void> {
    return new Promise((resolve) => {
      const waiting = {
        proceed: resolve,
        timer: this.#clock.setTimeout(() => {
          this.#waiting = this.#waiting.filter((one) => one !== waiting);
          resolve();
        }, signalTimeoutMs),
      };
      this.#waiting.push(waiting);
    });
  }

  #proceed(): void {
    for (const { proceed, timer } of this.#waiting.splice(0)) {
      timer.cancel();
      proceed();
    }
  }
}
