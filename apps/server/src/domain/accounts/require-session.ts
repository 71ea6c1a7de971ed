import { AppError } from "../../errors.ts";
import { connectionStateOf, type SessionState } from "../../store/queries/sessions.ts";
import type { Authentication, DomainContext } from "../context.ts";

/**
 * The servers and the chosen status of the session's user. Throws `unauthorized` when the session has ended. Call it
 * after the socket has subscribed to the user's control messages: otherwise a session revoked between authentication and
 * subscription would go unnoticed.
 */
export async function requireSession(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  { sessionId }: Pick<Authentication, "sessionId">,
): Promise<SessionState> {
  const state = await connectionStateOf(store.db, sessionId, clock.now());
  if (!state) throw new AppError("unauthorized", "The session has ended.");
  return state;
}
