import { peersOf } from "../../store/queries/relationships.ts";
import type { DomainContext } from "../context.ts";
import { sendControl } from "../publish.ts";

/** Tells the nodes to whom the presence of these users is shown from now on. */
export async function announcePeers(
  context: Pick<DomainContext, "store" | "bus">,
  userIds: readonly number[],
): Promise<void> {
  const peers = await peersOf(context.store.db, userIds);
  for (const userId of userIds) {
    const peerIds = [...(peers.get(userId) ?? [])];
    sendControl(context, `user:${userId}`, { type: "peers_changed", userId, peerIds });
  }
}
