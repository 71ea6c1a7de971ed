import { dueDigests, insertMail, nextDigest } from "../../store/queries/mails.ts";
import type { DomainContext } from "../context.ts";

const dayMs = 86_400_000;
const atOnce = 100;

/** Puts the digests that are due into the outbox. What was missed is looked up when they are sent. */
export async function writeDigests({ store, clock }: Pick<DomainContext, "store" | "clock">): Promise<void> {
  const now = clock.now();
  for (const { id, email, digest_at: due } of await dueDigests(store.db, now, atOnce)) {
    await store.db.transaction().execute(async (db) => {
      // After a long pause one digest makes up for all.
      if (!(await nextDigest(db, id, { from: due!, to: now + dayMs }))) return;
      await insertMail(db, { userId: id, address: email, kind: "digest", detail: String(due! - dayMs) }, now);
    });
  }
}
