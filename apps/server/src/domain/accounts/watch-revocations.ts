import { sessionsRevokedSince } from "../../store/queries/sessions.ts";
import type { DomainContext } from "../context.ts";
import { sendControl } from "../publish.ts";
import { every } from "../../concurrency/every.ts";

const everyMs = 10_000;
/** Covers transactions that were still committing when the previous round read. */
const overlapMs = 10_000;

/**
 * Polls for sessions that the command line revoked: it writes to the database without reaching any node. Sends the
 * gateways a control message for each. Repeating the message for a session that a node revoked is harmless. Returns
 * the function that stops it.
 */
export function watchRevocations(
  context: Pick<DomainContext, "store" | "clock" | "bus">,
  onError: (error: unknown) => void,
): () => void {
  const { store, clock } = context;
  let lookedAt = clock.now();
  const work = async () => {
    const since = lookedAt - overlapMs;
    lookedAt = clock.now();
    for (const { id, user_id: userId } of await sessionsRevokedSince(store.db, since)) {
      sendControl(context, `user:${userId}`, { type: "session_revoked", sessionId: id });
    }
  };
  return every(clock, { everyMs, work, onError });
}
