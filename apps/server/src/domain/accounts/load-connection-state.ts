import type { ChosenStatus, CustomStatus } from "@miscord/protocol";
import { peersOf } from "../../store/queries/relationships.ts";
import { threadsFollowedBy, type Followed } from "../../store/queries/threads.ts";
import { restrictedChannelsOf } from "../../store/queries/visible-channels.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { requireSession } from "./require-session.ts";

export interface ConnectionState {
  /** Servers of the user, in the order in which they joined them. */
  serverIds: number[];
  /** Channels that the user sees and not all members of their server do. */
  restricted: { id: number; server_id: number; type: string }[];
  /** How many were looked at to find them. */
  restrictedCount: number;
  /** Threads that the user follows, without archived ones. */
  threads: readonly Followed[];
  /** Users who see the user's status besides the members of their servers. */
  peerIds: number[];
  /** The status that the user chose; also `invisible`. */
  status: ChosenStatus;
  /** Null: none, or it has ended. */
  customStatus: CustomStatus | null;
  /** In milliseconds since the epoch; what is chosen later is not in it. */
  readAt: number;
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
  const readAt = context.clock.now();
  const [state, restricted, threads, peers] = await Promise.all([
    requireSession(context, { sessionId }),
    restrictedChannelsOf(context.store.db, userId),
    threadsFollowedBy(context.store.db, [userId], context.clock.now()),
    peersOf(context.store.db, [userId]),
  ]);
  const peerIds = [...(peers.get(userId) ?? [])];
  return { ...state, restricted, threads, peerIds, status: state.status as ChosenStatus, readAt };
}
