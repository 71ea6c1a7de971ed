import type { MiscordClient } from "@miscord/client";

/** Connects at once, without waiting for the backoff, when the page becomes visible or the network returns. */
export function followLifecycle(client: MiscordClient): void {
  addEventListener("online", () => client.reconnect());
  addEventListener("pageshow", (event) => event.persisted && client.reconnect());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") client.reconnect();
  });
}
