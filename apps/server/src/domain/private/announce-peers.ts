import type { DomainContext } from "../context.ts";
import { sendControl } from "../publish.ts";

/** Makes the nodes read to whom the presence of these users is shown from now on. To be called after the commit. */
export function announcePeers(context: Pick<DomainContext, "bus">, userIds: readonly number[]): void {
  for (const userId of userIds) sendControl(context, `user:${userId}`, { type: "peers_changed", userId });
}
