import type { ChosenStatus } from "@miscord/protocol";
import { restrictedChannelsOf } from "../../store/queries/visible-channels.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { requireSession } from "./require-session.ts";

export interface ConnectionState {
  /** Servers of the user, in the order in which they joined them. */
  serverIds: number[];
  /** Channels that the user sees and not all members of their server do. */
  restricted: { id: number; server_id: number }[];
  /** The status that the user chose; also `invisible`. */
  status: ChosenStatus;
}

/**
 * The state that a new main socket starts from. Call it after the socket has subscribed to the user's control messages:
 * otherwise a session revoked, or a server left, between authentication and subscription would go unnoticed. Throws
 * `unauthorized` when the session has ended.
 */
export async function loadConnectionState(
  context: Pick<DomainContext, "store" | "clock">,
  { sessionId, userId }: Pick<Authentication, "sessionId" | "userId">,
): Promise<ConnectionState> {
  const [state, restricted] = await Promise.all([
    requireSession(context, { sessionId }),
    restrictedChannelsOf(context.store.db, userId),
  ]);
  return { serverIds: state.serverIds, restricted, status: state.status as ChosenStatus };
}
