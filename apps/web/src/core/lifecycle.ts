import type { MiscordClient } from "@miscord/client";

/**
 * Connects at once, without waiting for the backoff, when the page becomes visible or the network returns. When the
 * network is lost, the connection is probed: a cable that is pulled out closes no socket.
 */
export function followLifecycle(client: MiscordClient): void {
  addEventListener("online", () => client.reconnect());
  addEventListener("offline", () => client.reconnect());
  addEventListener("pageshow", (event) => event.persisted && client.reconnect());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") client.reconnect();
  });
}
