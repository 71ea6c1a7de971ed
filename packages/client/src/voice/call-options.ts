import type { StoreApi } from "zustand/vanilla";
import type { CloseCause } from "../connection/transport.ts";
import type { Clock } from "../platform.ts";
import type { LoadEncryption } from "./encryption/frame-cipher.ts";
import type { CallState } from "./types.ts";
import type { VoiceSocket, VoiceSocketListener } from "./voice-socket.ts";

export interface CallOptions {
  selfId: number;
  channelId: number;
  callId: string;
  loadEncryption: LoadEncryption | null;
  /** The call of this channel was encrypted before it was begun anew. */
  wasEncrypted: boolean;
  store: StoreApi<CallState>;
  clock: Clock;
  newId: () => string;
  createConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  openSocket: (listener: VoiceSocketListener) => VoiceSocket;
  microphone: MediaStreamTrack | null;
  /** A moderator has moved the user to another channel. */
  onMoved: (channelId: number) => void;
  /** The server ended the call, or the user joined it in another window. */
  onEnded: (cause: CloseCause) => void;
}
