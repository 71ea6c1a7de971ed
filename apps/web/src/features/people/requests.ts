import type { ClientState } from "@miscord/client";

/** Number of people who ask to be the user's friend. */
export function incomingRequests({ relationships }: Pick<ClientState, "relationships">): number {
  return Object.values(relationships).filter(({ kind }) => kind === "incoming").length;
}

/** What waits for the user in the home place: unread messages and requests. */
export function waitingAtHome(state: Pick<ClientState, "relationships" | "channels" | "dms">): number {
  const unread = Object.keys(state.dms).map((id) => state.channels[Number(id)]?.mention_count ?? 0);
  return unread.reduce((sum, count) => sum + count, incomingRequests(state));
}
