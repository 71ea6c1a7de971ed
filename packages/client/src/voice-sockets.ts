import type { VoiceRegion, VoiceRegions } from "@miscord/protocol";
import type { ClientContext } from "./client-context.ts";
import { createLegacyVoiceSocket } from "./legacy/legacy-voice-socket.ts";
import type { Platform } from "./platform.ts";
import type { AccessToken } from "./rest/access-token.ts";
import { askStun } from "./voice/ask-stun.ts";
import { RegionTimes } from "./voice/region-times.ts";
import type { OpenVoiceSocket } from "./voice/voice-controller.ts";
import { createVoiceSocket } from "./voice/voice-socket.ts";

export interface VoiceSocketContext {
  platform: Platform;
  tokens: AccessToken;
  rest: ClientContext["rest"];
  state: ClientContext["state"];
  urlOf: (path: string) => string;
}

/** Voice over `/ws/voice`, or over version 1's voice socket while the client is in legacy mode. */
export function voiceSockets(context: VoiceSocketContext): OpenVoiceSocket {
  const { platform, tokens, state, urlOf } = context;
  const times = new RegionTimes({
    clock: platform.clock,
    list: async () => (await context.rest.call<VoiceRegions>("GET", "/api/voice/regions")).regions,
    ping: (region) => ping(context, region),
  });
  // A token is asked for before each connection: regions are measured meanwhile.
  const measured = {
    fresh: async () => (await Promise.all([tokens.fresh(), times.measure()]))[0],
    renew: () => tokens.renew(),
  };
  return ({ channelId, callId, canEncrypt }, listener) => {
    const encryption = canEncrypt ? "&encryption=mls" : "";
    const regions = () => (times.text ? `&regions=${times.text}` : "");
    const shared = { platform, listener };
    return state().connection.mode === "legacy"
      ? createLegacyVoiceSocket({ ...shared, tokens, url: () => urlOf(`/ws/legacy/voice/${channelId}`) })
      : createVoiceSocket({
          ...shared,
          tokens: measured,
          url: () => urlOf(`/ws/voice/${channelId}?session=${callId}&media=forwarded${encryption}${regions()}`),
        });
  };
}

/** Over HTTP where the page may ask the region, else by its STUN server. */
async function ping({ platform, rest }: VoiceSocketContext, region: VoiceRegion): Promise<unknown> {
  const { is_own: isOwn, url, stun_url: stunUrl } = region;
  if (isOwn) return rest.callOpenly("GET", "/region/ping");
  const asked = url === null ? null : platform.fetch(`${url}/region/ping`, { cache: "no-store", credentials: "omit" });
  if (stunUrl === null) return asked;
  const answer = await asked?.catch(() => null);
  return answer ?? askStun(platform.createPeerConnection, stunUrl);
}
