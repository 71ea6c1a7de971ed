import type { ChosenStatus } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { connectionStateOf } from "../../store/queries/sessions.ts";
import type { Authentication, DomainContext } from "../context.ts";

export interface ConnectionState {
  /** Servers of the user, in the order in which they joined them. */
  serverIds: number[];
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
  { sessionId }: Pick<Authentication, "sessionId">,
): Promise<ConnectionState> {
  const state = await connectionStateOf(store.db, sessionId, clock.now());
  if (!state) throw new AppError("unauthorized", "The session has ended.");
  return { serverIds: state.serverIds, status: state.status as ChosenStatus };
}
