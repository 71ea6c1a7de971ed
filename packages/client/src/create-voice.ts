import { createNonce } from "./outbox/create-nonce.ts";
import { VoiceController } from "./voice/voice-controller.ts";
import type { VoiceSocketContext } from "./voice-sockets.ts";

/** The code of its sockets is loaded with the first call. */
export function createVoice(context: VoiceSocketContext): VoiceController {
  const { platform, state } = context;
  return new VoiceController({
    clock: platform.clock,
    createConnection: platform.createPeerConnection,
    newId: () => Math.floor(platform.random() * 2 ** 48).toString(36),
    newCallId: createNonce,
    selfId: () => state().session.me?.id ?? null,
    loadSockets: async () => (await import("./voice-sockets.ts")).voiceSockets(context),
  });
}
