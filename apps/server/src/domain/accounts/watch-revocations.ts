import { sessionsRevokedSince } from "../../store/queries/sessions.ts";
import type { DomainContext } from "../context.ts";
import { sendControl } from "../publish.ts";
import { every } from "../../concurrency/every.ts";

const everyMs = 10_000;
/** What was being written while the last round looked. */
const overlapMs = 10_000;

/**
 * The command line ends sessions in the database and reaches no node: whoever holds one open is told from here. Those
 * ended by a node are told again, which ends nothing twice. Answers how to stop.
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
