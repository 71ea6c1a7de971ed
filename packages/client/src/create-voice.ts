import type { ClientContext } from "./client-context.ts";
import { createLegacyVoiceSocket } from "./legacy/legacy-voice-socket.ts";
import { createNonce } from "./outbox/create-nonce.ts";
import type { Platform } from "./platform.ts";
import type { AccessToken } from "./rest/access-token.ts";
import { VoiceController } from "./voice/voice-controller.ts";
import { createVoiceSocket, type VoiceSocket, type VoiceSocketListener } from "./voice/voice-socket.ts";

/** Voice over `/ws/voice`, or over version 1's voice socket while the client is in legacy mode. */
export function createVoice(
  platform: Platform,
  tokens: AccessToken,
  state: ClientContext["state"],
  urlOf: (path: string) => string,
): VoiceController {
  const openSocket = (channelId: number, callId: string, listener: VoiceSocketListener): VoiceSocket => {
    const shared = { platform, tokens, listener };
    return state().connection.mode === "legacy"
      ? createLegacyVoiceSocket({ ...shared, url: () => urlOf(`/ws/legacy/voice/${channelId}`) })
      : createVoiceSocket({ ...shared, url: () => urlOf(`/ws/voice/${channelId}?session=${callId}&media=forwarded`) });
  };
  return new VoiceController({
    clock: platform.clock,
    createConnection: platform.createPeerConnection,
    newId: () => Math.floor(platform.random() * 2 ** 48).toString(36),
    newCallId: createNonce,
    selfId: () => state().session.me?.id ?? null,
    openSocket,
  });
}
