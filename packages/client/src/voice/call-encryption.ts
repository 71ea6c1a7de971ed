import { closeCodes, type KeyEvent, type VoiceCommand, type VoiceEvent } from "@miscord/protocol";
import type { StoreApi } from "zustand/vanilla";
import type { CloseCause } from "../connection/transport.ts";
import type { Clock } from "../platform.ts";
import type { CallKeys } from "./encryption/call-keys.ts";
import type { LoadEncryption } from "./encryption/frame-cipher.ts";
import type { CallState } from "./types.ts";

export interface CallEncryptionOptions {
  selfId: number;
  callId: string;
  store: StoreApi<CallState>;
  clock: Clock;
  /** Null where nothing can be encrypted: the server then lets this client into no encrypted call. */
  load: LoadEncryption | null;
  /** It was encrypted before the client began it anew. */
  wasEncrypted: boolean;
  send: (command: VoiceCommand) => void;
  /** Gets all events that are not about keys. */
  handle: (event: Exclude<VoiceEvent, KeyEvent>) => void;
  /** The call is encrypted now, and was not before: it begins anew. */
  onBegun: () => void;
  onEnded: (cause: CloseCause) => void;
}

/** Whether a call is encrypted is told with its participants; nothing is sent or connected before what encrypts it is loaded. */
export class CallEncryption {
  readonly #options: CallEncryptionOptions;
  #keys: CallKeys | null = null;
  #wasTold = false;
  /** What arrives while the code is being loaded. */
  #held: VoiceEvent[] | null = null;
  #isClosed = false;

  constructor(options: CallEncryptionOptions) {
    this.#options = options;
  }

  receive(events: readonly VoiceEvent[]): void {
    for (const event of events) {
      if (this.#isClosed) return;
      if (this.#held) this.#held.push(event);
      else this.#receive(event);
    }
  }

  /** See `FrameCipher`; does nothing in a call that is not encrypted. */
  protect(connection: RTCPeerConnection, userId: number | null): RTCPeerConnection {
    this.#keys?.cipher.protect(connection, userId);
    return connection;
  }

  assign(connection: RTCPeerConnection, senders: Readonly<Record<string, number>>): void {
    this.#keys?.cipher.assign(connection, senders);
  }

  close(): void {
    this.#isClosed = true;
    this.#keys?.close();
  }

  #receive(event: VoiceEvent): void {
    switch (event.type) {
      case "keys_create":
      case "keys_lost":
      case "keys_wanted":
      case "keys_commit":
      case "keys_welcome":
        return this.#keys?.receive(event);
      case "participants":
        return this.#told(event);
      default:
        return this.#options.handle(event);
    }
  }

  #told(event: Extract<VoiceEvent, { type: "participants" }>): void {
    const { handle, onBegun, onEnded, wasEncrypted } = this.#options;
    const isEncrypted = event.is_encrypted === true;
    if (isEncrypted && !this.#keys) {
      if (this.#wasTold) return onBegun();
      this.#held = [event];
      return void this.#load();
    }
    // What was said under a lock does not go on without one.
    if (!isEncrypted && (this.#keys || wasEncrypted)) return onEnded(notEncrypted);
    this.#wasTold = true;
    handle(event);
    this.#keys?.join();
  }

  async #load(): Promise<void> {
    const { selfId, callId: session, store, clock, load, send, onEnded } = this.#options;
    const loaded = load && (await Promise.all([import("./encryption/index.ts"), load()]).catch(() => null));
    if (this.#isClosed) return loaded?.[1].createCipher().close();
    if (!loaded) return onEnded(notEncrypted);
    const [{ CallKeys }, platform] = loaded;
    this.#keys = new CallKeys({ selfId, session, store, clock, platform, send });
    const held = this.#held ?? [];
    this.#held = null;
    this.receive(held);
  }
}

const notEncrypted: CloseCause = { code: closeCodes.tryAgainLater, reason: "The call cannot be encrypted." };
