import {
  closeCodes,
  type LegacyVoiceCommand,
  type LegacyVoiceEvent,
  type VoiceCommand,
  type VoiceEvent,
} from "@miscord/protocol";
import { KeptSocket, type KeptSocketOptions } from "../connection/kept-socket.ts";
import type { CloseCause, TrafficObserver } from "../connection/transport.ts";
import type { VoiceSocket, VoiceSocketListener } from "../voice/voice-socket.ts";
import { toLegacyVoiceCommand, VoiceTranslation } from "./voice-codec.ts";

const pingMs = 15_000;
const unobserved: TrafficObserver = { onFrameIn() {}, onFrameOut() {}, onRoundTrip() {} };

type Options = Pick<KeptSocketOptions<LegacyVoiceEvent>, "platform" | "url" | "tokens"> & {
  listener: VoiceSocketListener;
};

/** The signalling of one call over version 1's voice socket. */
export function createLegacyVoiceSocket({ listener, ...options }: Options): VoiceSocket {
  let lastClose: CloseCause = { code: closeCodes.tokenInvalid, reason: "no session" };
  const translation = new VoiceTranslation();
  const hear = (events: readonly LegacyVoiceEvent[]) =>
    listener.onEvents(events.flatMap((event): VoiceEvent[] => translation.toVoiceEvents(event)));
  const socket = new KeptSocket<LegacyVoiceCommand, LegacyVoiceEvent>({
    ...options,
    observer: unobserved,
    beats: "ping",
    heartbeatOf: (event) => (event.type === "participants" ? pingMs : null),
    listener: {
      onStatus(change) {
        if (change.lastClose) lastClose = change.lastClose;
        if (change.status === "stopped") listener.onStopped(lastClose);
      },
      onOnline: (greeting) => hear([greeting]),
      onOffline: () => listener.onOffline(),
      onEvents: hear,
    },
  });
  return {
    start: () => socket.start(),
    stop: () => socket.stop(),
    reconnect: (force) => socket.reconnect(force),
    // The socket keeps the token that it came with.
    authenticate() {},
    send(command: VoiceCommand) {
      const legacy = toLegacyVoiceCommand(command);
      return legacy !== null && socket.send(legacy);
    },
  };
}
