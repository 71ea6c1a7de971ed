import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Tables } from "../schema.ts";

/** For each kind of work that waits for its time the next such moment, which an index knows; null: none waits. */
const moments = {
  deletion: sql<number | null>`(select u.deletion_at from users u where u.deletion_at is not null
    and not exists (select 1 from servers s where s.owner_id = u.id) order by u.deletion_at limit 1)`,
  export: sql<number | null>`(select min(created_at) from exports where finished_at is null)`,
  expired_export: sql<number | null>`(select min(expires_at) from exports)`,
  import: sql<number | null>`(select min(due_at) from imports)`,
  mail: sql<number | null>`(select min(due_at) from mails)`,
  push: sql<number | null>`(select min(due_at) from pushes where due_at is not null)`,
  reminder: sql<number | null>`(select min(remind_at) from saved_messages where reminded_at is null)`,
  ring: sql<number | null>`(select min(ends_at) from rings)`,
  scheduled_message: sql<number | null>`(select min(due_at) from scheduled_messages)`,
} satisfies Record<string, RawBuilder<number | null>>;

export type DueKind = keyof typeof moments;

/** When the next work of each of the kinds is due. `query` is to be kept: building one takes longer than running it. */
export async function nextMoments(
  db: Kysely<Tables>,
  query: MomentsQuery,
): Promise<Partial<Record<DueKind, number | null>>> {
  const { rows } = await db.executeQuery(query);
  return rows[0] ?? {};
}

export type MomentsQuery = ReturnType<typeof momentsQuery>;

export function momentsQuery(db: Kysely<Tables>, kinds: Iterable<DueKind>) {
  const columns = [...new Set(kinds)].map((kind) => moments[kind].as(kind));
  return db.selectNoFrom(columns).$castTo<Partial<Record<DueKind, number | null>>>().compile();
}
