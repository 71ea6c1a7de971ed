import type { MainCommand, MainEvent } from "@miscord/protocol";
import { ReconnectingSocket, type ReconnectingSocketOptions } from "./reconnecting-socket.ts";
import type { Transport, TransportListener } from "./transport.ts";

type Options = Omit<ReconnectingSocketOptions<MainEvent>, "heartbeatOf" | "listener"> & { listener: TransportListener };

/** The transport of enhanced mode: `/ws/main`, reconnected when lost. */
export function createMainTransport({ listener, ...options }: Options): Transport {
  return new ReconnectingSocket<MainCommand, MainEvent>({
    ...options,
    heartbeatOf: (event) => (event.type === "connection_established" ? event.heartbeat_interval_ms : null),
    listener: {
      onStatus: (change) => listener.onStatus(change),
      onOffline: (cause) => listener.onOffline(cause),
      onEvents: (events) => listener.onEvents(events),
      onOnline(greeting) {
        if (greeting.type !== "connection_established") return;
        const { session_id: sessionId, epoch, server_info, instance } = greeting;
        listener.onStatus({ sessionId, serverVersion: server_info.version, node: server_info.node ?? null });
        if (instance) listener.onEvents([{ type: "instance_updated", instance }]);
        listener.onOnline({ epoch });
      },
    },
  });
}
