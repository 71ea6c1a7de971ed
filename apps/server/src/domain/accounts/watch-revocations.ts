import { sessionsRevokedSince } from "../../store/queries/sessions.ts";
import type { DomainContext } from "../context.ts";
import type { DueWork } from "../due-work/due-work.ts";

const pauseMs = 500;
/** Covers transactions that were still committing when the previous round read, and clocks of nodes that differ. */
const overlapMs = 10_000;

export interface RevocationWatch {
  /** Closes this node's connections of the session. Closing those of a session again has no effect. */
  readonly close: (userId: number, sessionId: string) => void;
  /** Receives failed rounds. The next round catches up. */
  readonly onError: (error: unknown) => void;
}

/**
 * Polls for revoked sessions. A node that revokes one sends the others a message, but the command line writes to the
 * database without reaching any node, and a bus may lose the message. Returns the function that stops it.
 */
export function watchRevocations(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  due: DueWork,
  { close, onError }: RevocationWatch,
): () => void {
  let lookedAt = clock.now();
  /** Sessions closed in the rounds that the next one overlaps. */
  let closed = new Set<string>();
  const work = async () => {
    const startedAt = clock.now();
    const revoked = await sessionsRevokedSince(store.db, lookedAt - overlapMs);
    lookedAt = startedAt;
    for (const { id, user_id: userId } of revoked) if (!closed.has(id)) close(userId, id);
    closed = new Set(revoked.map(({ id }) => id));
  };
  return due.add({ kinds: [], isTime: () => true, pauseMs, work, onError });
}
