import { closeCodes, type VoiceCommand, type VoiceEvent } from "@miscord/protocol";
import { ReconnectingSocket, type ReconnectingSocketOptions } from "../connection/reconnecting-socket.ts";
import type { CloseCause, TrafficObserver } from "../connection/transport.ts";

/** The signalling socket of one call, reconnected until either side ends it. */
export interface VoiceSocket {
  /** This end of a mesh makes the first offer to everybody, as clients of version 1 do: the server may answer as the others. */
  readonly offersFirst?: boolean;
  start(): void;
  stop(): void;
  reconnect(force: boolean): void;
  /** Passes a renewed access token to the server, if connected. */
  authenticate(token: string): void;
  /** False without a connection. */
  send(command: VoiceCommand): boolean;
}

export interface VoiceSocketListener {
  /** The first event of every connection is `participants`. */
  onEvents(events: readonly VoiceEvent[]): void;
  /** The connection is lost, and the socket reconnects. */
  onOffline(): void;
  /** The socket does not reconnect. */
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
