import { closeCodes, type VoiceCommand, type VoiceEvent } from "@miscord/protocol";
import { ReconnectingSocket, type ReconnectingSocketOptions } from "../connection/reconnecting-socket.ts";
import type { CloseCause, TrafficObserver } from "../connection/transport.ts";

/** The signalling of one call, kept up until it is stopped by either side. */
export interface VoiceSocket {
  start(): void;
  stop(): void;
  reconnect(force: boolean): void;
  /** A renewed access token, for the connection that is up. */
  authenticate(token: string): void;
  /** False when there is no connection to give it to. */
  send(command: VoiceCommand): boolean;
}

export interface VoiceSocketListener {
  /** `participants` comes first on each new connection. */
  onEvents(events: readonly VoiceEvent[]): void;
  /** The connection is gone and will be tried again. */
  onOffline(): void;
  /** It will not be tried again. */
  onStopped(cause: CloseCause): void;
}

const heartbeatMs = 15_000;
const unobserved: TrafficObserver = { onFrameIn() {}, onFrameOut() {}, onRoundTrip() {} };

type Options = Pick<ReconnectingSocketOptions<VoiceEvent>, "platform" | "url" | "tokens"> & {
  listener: VoiceSocketListener;
};

export function createVoiceSocket({ listener, ...options }: Options): VoiceSocket {
  let lastClose: CloseCause = { code: closeCodes.tokenInvalid, reason: "no session" };
  return new ReconnectingSocket<VoiceCommand, VoiceEvent>({
    ...options,
    observer: unobserved,
    heartbeatOf: (event) => (event.type === "participants" ? heartbeatMs : null),
    listener: {
      onStatus(change) {
        if (change.lastClose) lastClose = change.lastClose;
        if (change.status === "stopped") listener.onStopped(lastClose);
      },
      onOnline: (greeting) => listener.onEvents([greeting]),
      onOffline: () => listener.onOffline(),
      onEvents: (events) => listener.onEvents(events),
    },
  });
}
