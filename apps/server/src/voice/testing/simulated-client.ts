import { closeCodes } from "@miscord/protocol";
import type { Random } from "../../testing/random.ts";
import type { ParticipantState, RoomEvent, VoiceChannel } from "../events.ts";
import type { VoiceHandle } from "../nodes/live-entry.ts";
import type { HomesNode } from "./homes-world.ts";
import type { RecordingPort } from "./recording-port.ts";

type Shown = Pick<ParticipantState, "callId" | "isMuted" | "isSharing" | "isCameraOn">;

const endingCodes: readonly number[] = [closeCodes.forbidden, closeCodes.notFound];
const stoppingCodes: readonly number[] = [...endingCodes, closeCodes.replaced, closeCodes.voiceChannelFull];

/** A client of `/ws/voice` and its server side: it resumes its call over any node until the call ends. */
export class SimulatedClient {
  readonly userId: number;
  channel: VoiceChannel | null = null;
  callId = "";
  isMuted = false;
  isSharing = false;
  isCameraOn = false;
  node: HomesNode | null = null;
  #port: RecordingPort | null = null;
  #handle: VoiceHandle | null = null;
  #read = 0;
  #calls = 0;
  readonly #shown = new Map<number, Shown>();

  constructor(userId: number) {
    this.userId = userId;
  }

  get isConnected(): boolean {
    return this.#handle !== null;
  }

  get handle(): VoiceHandle | null {
    return this.#handle;
  }

  get port(): RecordingPort | null {
    return this.#port;
  }

  /** What the client shows of the others, by user id. */
  get shown(): Record<string, Shown> {
    return Object.fromEntries(this.#shown);
  }

  join(channel: VoiceChannel): void {
    this.hangUp();
    this.channel = channel;
    this.callId = `call ${++this.#calls} of ${this.userId}`;
  }

  hangUp(): void {
    this.#disconnect(true);
    this.channel = null;
  }

  /** Loses the connection; `isDead`: the node does not notice it any more. */
  drop(isDead = false): void {
    if (isDead) this.#port = this.#handle = this.node = null;
    else this.#disconnect(false);
  }

  connect(node: HomesNode): void {
    if (!this.channel || this.#port) return;
    const { port, entered } = node.dial(this.userId, { channel: this.channel, callId: this.callId });
    this.node = node;
    this.#port = port;
    this.#read = 0;
    const isCurrent = () => this.#port === port;
    entered.then(
      (handle) => (isCurrent() ? (this.#handle = handle) : handle.release(this.channel === null)),
      (error: { code: string }) => {
        if (isCurrent()) this.#closed(error.code === "voice_channel_full");
      },
    );
  }

  /** Reads what has arrived and reacts to it. Returns whether the client needs a connection. */
  react(): boolean {
    if (this.#port?.closed && this.#handle) {
      const { code } = this.#port.closed;
      this.#handle.release(endingCodes.includes(code));
      this.#closed(stoppingCodes.includes(code));
    }
    if (this.#handle) for (const event of this.#port!.events.slice(this.#read)) this.#show(event);
    if (this.#handle) this.#read = this.#port!.events.length;
    return this.channel !== null && this.#port === null;
  }

  change(random: Random): void {
    this.isMuted = random.next() < 0.5;
    this.isSharing = random.next() < 0.5;
    this.isCameraOn = random.next() < 0.5;
    this.#sendState();
  }

  #sendState(): void {
    this.#handle?.setStatus({ isMuted: this.isMuted, isCameraOn: this.isCameraOn });
    this.#handle?.setSharing(this.isSharing);
  }

  #disconnect(meantToLeave: boolean): void {
    this.#handle?.release(meantToLeave);
    this.#port = this.#handle = this.node = null;
    this.#shown.clear();
  }

  #closed(isOver: boolean): void {
    this.#port = this.#handle = this.node = null;
    if (isOver) this.channel = null;
  }

  #show(event: RoomEvent): void {
    switch (event.kind) {
      case "entered":
        this.#shown.clear();
        for (const participant of event.participants) this.#put(participant);
        return this.#sendState();
      case "joined":
        return this.#put(event.participant);
      case "left":
        return void this.#shown.delete(event.userId);
      case "status":
        for (const [userId, { isMuted, isCameraOn }] of event.events) {
          if (isMuted !== undefined) this.#patch(userId, { isMuted });
          if (isCameraOn !== undefined) this.#patch(userId, { isCameraOn });
        }
        return;
      case "sharing":
        return this.#patch(event.user.id, { isSharing: event.isSharing });
    }
  }

  #put({ user, callId, isMuted, isSharing, isCameraOn }: ParticipantState): void {
    this.#shown.set(user.id, { callId, isMuted, isSharing, isCameraOn });
  }

  #patch(userId: number, change: Partial<Shown>): void {
    const known = this.#shown.get(userId);
    if (known) this.#shown.set(userId, { ...known, ...change });
  }
}
