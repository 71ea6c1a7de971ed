import type { Kysely, Selectable } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** Tables whose rows any node sends, under a lease. */
type Outbox = "mails" | "pushes" | "scheduled_messages";

/** What the tables have in common. */
type Queue = Kysely<Record<Outbox, { id: number; due_at: number; attempts: number }>>;

export async function isDue(db: Db, table: Outbox, now: number): Promise<boolean> {
  const queue = db as unknown as Queue;
  const row = await queue.selectFrom(table).where("due_at", "<=", now).select("id").limit(1).executeTakeFirst();
  return row !== undefined;
}

/**
 * Leases due rows to this node until `leaseUntil`, the longest waiting first; each counts as attempted. Of several nodes that
 * ask at once, each row goes to one.
 */
export async function claimDue<Name extends Outbox>(
  db: Db,
  table: Name,
  { now, leaseUntil, limit }: { now: number; leaseUntil: number; limit: number },
): Promise<Selectable<Tables[Name]>[]> {
  const queue = db as unknown as Queue;
  const name: Outbox = table;
  const due = queue.selectFrom(name).where("due_at", "<=", now).orderBy("due_at").limit(limit).select("id");
  const rows = await queue
    .updateTable(name)
    .set((set) => ({ due_at: leaseUntil, attempts: set("attempts", "+", 1) }))
    .where("id", "in", due)
    // Again here: PostgreSQL checks it once another node's claim of the row has committed.
    .where("due_at", "<=", now)
    .returningAll()
    .execute();
  return rows.toSorted((a, b) => a.id - b.id) as unknown as Selectable<Tables[Name]>[];
}
