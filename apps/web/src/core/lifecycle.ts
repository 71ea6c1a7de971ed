import type { MiscordClient } from "@miscord/client";

/** A page that comes back, to the screen or to the network, connects at once rather than when the backoff says. */
export function followLifecycle(client: MiscordClient): void {
  addEventListener("online", () => client.reconnect());
  addEventListener("pageshow", (event) => event.persisted && client.reconnect());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") client.reconnect();
  });
}
