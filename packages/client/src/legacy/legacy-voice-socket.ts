import {
  closeCodes,
  type LegacyVoiceCommand,
  type LegacyVoiceEvent,
  type VoiceCommand,
  type VoiceEvent,
} from "@miscord/protocol";
import { ReconnectingSocket, type ReconnectingSocketOptions } from "../connection/reconnecting-socket.ts";
import type { CloseCause, TrafficObserver } from "../connection/transport.ts";
import type { VoiceSocket, VoiceSocketListener } from "../voice/voice-socket.ts";
import { encodeVoiceCommand, LegacyVoiceDecoder } from "./voice-codec.ts";

const pingMs = 15_000;
const unobserved: TrafficObserver = { onFrameIn() {}, onFrameOut() {}, onRoundTrip() {} };

type Options = Pick<ReconnectingSocketOptions<LegacyVoiceEvent>, "platform" | "url" | "tokens"> & {
  listener: VoiceSocketListener;
};

/** The signalling socket of one call in legacy mode: version 1's voice socket. */
export function createLegacyVoiceSocket({ listener, ...options }: Options): VoiceSocket {
  let lastClose: CloseCause = { code: closeCodes.tokenInvalid, reason: "no session" };
  const decoder = new LegacyVoiceDecoder();
  const receive = (events: readonly LegacyVoiceEvent[]) =>
    listener.onEvents(events.flatMap((event): VoiceEvent[] => decoder.decode(event)));
  const socket = new ReconnectingSocket<LegacyVoiceCommand, LegacyVoiceEvent>({
    ...options,
    observer: unobserved,
    beats: "ping",
    heartbeatOf: (event) => (event.type === "participants" ? pingMs : null),
    listener: {
      onStatus(change) {
        if (change.lastClose) lastClose = change.lastClose;
        if (change.status === "stopped") listener.onStopped(lastClose);
      },
      onOnline: (greeting) => receive([greeting]),
      onOffline: () => listener.onOffline(),
      onEvents: receive,
    },
  });
  return {
    offersFirst: true,
    start: () => socket.start(),
    stop: () => socket.stop(),
    reconnect: (force) => socket.reconnect(force),
    // Legacy sockets cannot renew their token.
    authenticate() {},
    send(command: VoiceCommand) {
      const legacy = encodeVoiceCommand(command);
      return legacy !== null && socket.send(legacy);
    },
  };
}
