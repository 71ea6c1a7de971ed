import type { ServerSound } from "@miscord/protocol";
import type { Clock, Timer } from "../../clock.ts";
import type { NodeId } from "../../cluster/contract.ts";
import { AppError } from "../../errors.ts";
import {
  unrestrained,
  type Restraint,
  type RoomEvent,
  type RoomRequest,
  type Signal,
  type StatusChange,
} from "../events.ts";
import { signalTimeoutMs, type LiveEntry, type Place } from "./live-entry.ts";
import { fromData, type EnterRefusal, type FromHome, type ToHome, type VoiceRefusal } from "./messages.ts";

/** How long the home of a room may take to answer before the room's home is asked for again. */
const enterTimeoutMs = 1_000;
/** How often a connection that is behind is looked at until it no longer is. */
const behindCheckMs = 500;

export interface RemoteRoomsOptions {
  readonly clock: Clock;
  readonly post: (nodeId: NodeId, message: ToHome) => void;
  /** The entry has lost its place. */
  readonly onLost: (live: LiveEntry) => void;
}

/** This node's connections in rooms whose homes are other nodes. */
export class RemoteRooms {
  readonly #options: RemoteRoomsOptions;
  readonly #places = new Map<number, RemotePlace>();
  readonly #signals = new Map<number, PendingSignal>();
  #lastConnection = 0;
  #lastRequest = 0;

  constructor(options: RemoteRoomsOptions) {
    this.#options = options;
  }

  /** The homes of rooms that connections of this node are in, or are entering. */
  get homes(): Set<NodeId> {
    return new Set([...this.#places.values()].map(({ home }) => home));
  }

  /**
   * Enters the room of the connection at that node. Resolves with whether it worked; not when the node does not answer
   * or is no longer the home. Rejects with AppError when the home refuses the entry.
   */
  enter(home: NodeId, live: LiveEntry): Promise<boolean> {
    const { channel, user, callId, restraint = unrestrained } = live.entry;
    const { isLegacy, canForward, canEncrypt = false, regionTimes = {} } = live.entry;
    const { usesLegacySocket, flags, waitedMs } = live;
    const { clock, post } = this.#options;
    const connection = ++this.#lastConnection;
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        place.release(false);
        resolve(false);
      };
      const entering = { resolve, reject, timer: clock.setTimeout(giveUp, enterTimeoutMs) };
      const place = new RemotePlace({ home, connection, live, rooms: this, entering });
      this.#places.set(connection, place);
      const client = { isLegacy, canForward, canEncrypt, regionTimes, usesLegacySocket };
      const who = { user, callId, ...client, flags, restraint, waitedMs };
      post(home, { kind: "enter", connection, channel, ...who });
    });
  }

  receive(from: NodeId, message: FromHome): void {
    switch (message.kind) {
      case "entered":
        return this.#entered(this.#placeAt(from, message.connection), message.refusal);
      case "answer":
        return this.#answered(from, message.request, message.refusal);
      case "event":
      case "heard": {
        const event = fromData(message.event);
        for (const connection of message.connections) this.#placeAt(from, connection)?.deliver(event);
        return;
      }
      case "close": {
        const place = this.#placeAt(from, message.connection);
        this.#places.delete(message.connection);
        return place?.live.close(message.code, message.reason);
      }
    }
  }

  /** The node is no longer the home of any room, or has forgotten this node's connections. */
  lose(home: NodeId): void {
    for (const [connection, place] of this.#places) {
      if (place.home !== home) continue;
      this.#places.delete(connection);
      place.entering?.timer.cancel();
      place.entering?.resolve(false);
      if (place.live.place !== place) continue;
      place.live.moveTo(null);
      this.#options.onLost(place.live);
    }
    for (const [request, pending] of this.#signals) {
      if (pending.home === home) this.#settle(request, unanswered);
    }
  }

  signal({ home, connection }: RemotePlace, targetId: number, signal: Signal): Promise<void> {
    const { clock, post } = this.#options;
    const request = ++this.#lastRequest;
    return new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => this.#settle(request, unanswered), signalTimeoutMs);
      this.#signals.set(request, { home, resolve, reject, timer });
      post(home, { kind: "signal", connection, request, targetId, signal });
    });
  }

  send(place: RemotePlace, message: ToHome): void {
    if (this.#places.get(place.connection) === place) this.#options.post(place.home, message);
  }

  forget(place: RemotePlace): void {
    this.#places.delete(place.connection);
  }

  /** Looks again whether the connection is behind, as long as its home considers it behind. */
  watch(place: RemotePlace): void {
    this.#options.clock.setTimeout(() => {
      if (this.#places.get(place.connection) === place) place.reportBehind();
    }, behindCheckMs);
  }

  #placeAt(home: NodeId, connection: number): RemotePlace | undefined {
    const place = this.#places.get(connection);
    return place?.home === home ? place : undefined;
  }

  #entered(place: RemotePlace | undefined, refusal: EnterRefusal | null): void {
    const entering = place?.entering;
    if (!place || !entering) return;
    entering.timer.cancel();
    place.entering = null;
    if (refusal === null) {
      place.live.moveTo(place);
      return entering.resolve(true);
    }
    this.#places.delete(place.connection);
    if (refusal === "replaced") place.live.supersede();
    if (typeof refusal === "string") entering.resolve(refusal === "replaced");
    else entering.reject(toError(refusal));
  }

  #answered(from: NodeId, request: number, refusal: VoiceRefusal | null): void {
    if (this.#signals.get(request)?.home === from) this.#settle(request, refusal);
  }

  #settle(request: number, refusal: VoiceRefusal | null): void {
    const pending = this.#signals.get(request);
    this.#signals.delete(request);
    pending?.timer.cancel();
    if (refusal) pending?.reject(toError(refusal));
    else pending?.resolve();
  }
}

const unanswered: VoiceRefusal = { code: "unavailable", message: "This call is being moved.", retryAfterMs: 1_000 };

function toError({ code, message, retryAfterMs }: VoiceRefusal): AppError {
  return new AppError(code, message, retryAfterMs === null ? {} : { retryAfterMs });
}

interface PendingSignal {
  readonly home: NodeId;
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
  readonly timer: Timer;
}

interface Entering {
  readonly resolve: (isEntered: boolean) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: Timer;
}

/** The place of a connection in a room at another node. */
class RemotePlace implements Place {
  readonly home: NodeId;
  readonly connection: number;
  readonly live: LiveEntry;
  /** Null once the home has answered. */
  entering: Entering | null;
  readonly #rooms: RemoteRooms;
  #isReportedBehind = false;

  constructor(parts: { home: NodeId; connection: number; live: LiveEntry; rooms: RemoteRooms; entering: Entering }) {
    this.home = parts.home;
    this.connection = parts.connection;
    this.live = parts.live;
    this.entering = parts.entering;
    this.#rooms = parts.rooms;
  }

  deliver(event: RoomEvent): void {
    this.live.send(event);
    if (!this.#isReportedBehind) this.reportBehind();
  }

  /** The home refuses signals to a connection that is behind. */
  reportBehind(): void {
    const { isBehind } = this.live;
    if (isBehind !== this.#isReportedBehind) this.#send({ kind: "behind", connection: this.connection, isBehind });
    this.#isReportedBehind = isBehind;
    if (isBehind) this.#rooms.watch(this);
  }

  signal(targetId: number, signal: Signal): Promise<void> {
    return this.#rooms.signal(this, targetId, signal);
  }

  ask(asked: RoomRequest): void {
    this.#send({ kind: "ask", connection: this.connection, asked });
  }

  setSpeaking(isSpeaking: boolean): void {
    this.#send({ kind: "speaking", connection: this.connection, isSpeaking });
  }

  setStatus(change: StatusChange): void {
    this.#send({ kind: "status", connection: this.connection, change });
  }

  setSharing(isSharing: boolean): void {
    this.#send({ kind: "sharing", connection: this.connection, isSharing });
  }

  raiseHand(isRaised: boolean): void {
    this.#send({ kind: "hand", connection: this.connection, isRaised });
  }

  playSound(sound: ServerSound): void {
    this.#send({ kind: "sound", connection: this.connection, sound });
  }

  restrain(restraint: Restraint): void {
    this.#send({ kind: "restrain", connection: this.connection, restraint });
  }

  release(meantToLeave: boolean): void {
    this.#send({ kind: "release", connection: this.connection, meantToLeave });
    this.#rooms.forget(this);
  }

  #send(message: ToHome): void {
    this.#rooms.send(this, message);
  }
}
