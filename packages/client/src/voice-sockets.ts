import type { ClientContext } from "./client-context.ts";
import { createLegacyVoiceSocket } from "./legacy/legacy-voice-socket.ts";
import type { Platform } from "./platform.ts";
import type { AccessToken } from "./rest/access-token.ts";
import type { OpenVoiceSocket } from "./voice/voice-controller.ts";
import { createVoiceSocket } from "./voice/voice-socket.ts";

export interface VoiceSocketContext {
  platform: Platform;
  tokens: AccessToken;
  state: ClientContext["state"];
  urlOf: (path: string) => string;
}

/** Voice over `/ws/voice`, or over version 1's voice socket while the client is in legacy mode. */
export function voiceSockets({ platform, tokens, state, urlOf }: VoiceSocketContext): OpenVoiceSocket {
  return ({ channelId, callId, canEncrypt }, listener) => {
    const encryption = canEncrypt ? "&encryption=mls" : "";
    const shared = { platform, tokens, listener };
    return state().connection.mode === "legacy"
      ? createLegacyVoiceSocket({ ...shared, url: () => urlOf(`/ws/legacy/voice/${channelId}`) })
      : createVoiceSocket({
          ...shared,
          url: () => urlOf(`/ws/voice/${channelId}?session=${callId}&media=forwarded${encryption}`),
        });
  };
}
