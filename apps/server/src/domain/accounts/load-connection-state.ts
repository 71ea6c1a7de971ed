import type { ChosenStatus } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { peersOf } from "../../store/queries/relationships.ts";
import { connectionStateOf } from "../../store/queries/sessions.ts";
import { restrictedChannelsOf } from "../../store/queries/visible-channels.ts";
import type { Authentication, DomainContext } from "../context.ts";

export interface ConnectionState {
  /** Servers of the user, in the order in which they joined them. */
  serverIds: number[];
  /** Channels that the user sees and not all members of their server do. */
  restricted: { id: number; server_id: number }[];
  /** Users who see the user's status besides the members of their servers. */
  peerIds: number[];
  /** The status that the user chose; also `invisible`. */
  status: ChosenStatus;
}

/**
 * The state that a new socket starts from. Call it after the socket has subscribed to the user's control messages:
 * otherwise a session revoked, or a server left, between authentication and subscription would go unnoticed. Throws
 * `unauthorized` when the session has ended.
 */
export async function loadConnectionState(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  { sessionId, userId }: Pick<Authentication, "sessionId" | "userId">,
): Promise<ConnectionState> {
  const [state, restricted, peers] = await Promise.all([
    connectionStateOf(store.db, sessionId, clock.now()),
    restrictedChannelsOf(store.db, userId),
    peersOf(store.db, [userId]),
  ]);
  if (!state) throw new AppError("unauthorized", "The session has ended.");
  const peerIds = [...(peers.get(userId) ?? [])];
  return { serverIds: state.serverIds, restricted, peerIds, status: state.status as ChosenStatus };
}
