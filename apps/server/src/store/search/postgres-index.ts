import { sql } from "kysely";
import type { IndexBatch, IndexQuery, SearchIndex, Term } from "./search-index.ts";
import { valuesOfState } from "./state.ts";
import type { SearchDb } from "./tables.ts";

/**
 * So many of the newest documents are compared one by one before the inverted index is asked. A term that is common is
 * found among them, and the inverted index would list all of its documents; one that is not has few.
 */
const newestCompared = 4_000;
/** Most documents that the inverted index lists for one query. */
const listedAtMost = 60_000;

/** Of a table with a GIN index. Writes are single statements, so that they do not wait for the turn of transactions. */
export function postgresIndex(search: SearchDb): SearchIndex {
  return {
    write: (batch) => writeBatch(search, batch),
    find: (query) => findNewest(search, query),
    async reset({ epoch, remainingBelow, positions }) {
      await sql`truncate search_documents, search_positions, search_state`.execute(search);
      await insertPositions(search, positions);
      await search.insertInto("search_state").values(valuesOfState({ epoch, remainingBelow })).execute();
    },
    // Foreign keys do it.
    dropChannels: () => Promise.resolve(),
    erase: () => Promise.resolve(),
    async size() {
      const tables = ["search_documents", "search_positions", "search_state"];
      const { bytes } = await search
        .selectFrom(
          sql<{ bytes: number }>`(select sum(pg_total_relation_size(name::regclass))::bigint as bytes
          from unnest(${tables}::text[]) as name)`.as("sizes"),
        )
        .select("bytes")
        .executeTakeFirstOrThrow();
      return bytes;
    },
  };
}

/** A node that was paused finds positions other than it expects, and its statement changes nothing. */
async function writeBatch(search: SearchDb, batch: IndexBatch): Promise<boolean> {
  const { documents, removed, positions, remainingBelow } = batch;
  const channels = positions.map((position) => position.channelId);
  const scan = remainingBelow ?? { from: -1, to: -1 };
  const { rows } = await sql<{ is_current: boolean }>`
    with expected as (
      select * from unnest(${channels}::bigint[], ${positions.map(({ from }) => from)}::bigint[],
        ${positions.map(({ to }) => to)}::bigint[]) as expected (channel_id, old, new)
    ), current as (
      select not exists (select 1 from expected e left join search_positions p using (channel_id)
          where coalesce(p.seq, 0) <> e.old)
        and (${scan.from}::bigint = -1 or exists (select 1 from search_state
          where key = 'remaining_below' and value = ${String(scan.from)})) as is_current
    ), moved as (
      insert into search_positions (channel_id, seq) select e.channel_id, e.new from expected e, current c
        where c.is_current and exists (select 1 from channels where channels.id = e.channel_id)
        on conflict (channel_id) do update set seq = excluded.seq
    ), scanned as (
      update search_state set value = ${String(scan.to)} from current c
        where c.is_current and key = 'remaining_below' and ${scan.from}::bigint <> -1
    ), removed as (
      delete from search_documents d using current c
        where c.is_current and d.message_id = any (${removed}::bigint[])
    ), written as (
      insert into search_documents (message_id, tokens)
        select d.id, array_to_tsvector(string_to_array(d.terms, ' '))
        from unnest(${documents.map(({ id }) => id)}::bigint[], ${documents.map(({ terms }) => terms.join(" "))}::text[])
          as d (id, terms), current c
        where c.is_current and exists (select 1 from messages m where m.id = d.id)
        on conflict (message_id) do update set tokens = excluded.tokens
    )
    select is_current from current`.execute(search);
  return rows[0]?.is_current === true;
}

async function insertPositions(
  search: SearchDb,
  positions: readonly { readonly channelId: number; readonly seq: number }[],
): Promise<void> {
  await sql`insert into search_positions (channel_id, seq)
    select k.id, k.seq from unnest(${positions.map(({ channelId }) => channelId)}::bigint[],
      ${positions.map(({ seq }) => seq)}::bigint[]) as k (id, seq) join channels c on c.id = k.id
    on conflict do nothing`.execute(search);
}

async function findNewest(search: SearchDb, query: IndexQuery): Promise<number[]> {
  const { clauses, without = [], before, from, limit } = query;
  const wanted = clauses.map((clause) => `(${clause.map(quoted).join(" | ")})`);
  const expression = [...wanted, ...without.map((term) => `!'${term}'`)].join(" & ");
  const newest = await search
    .selectFrom((db) =>
      db
        .selectFrom("search_documents")
        .selectAll()
        .where("message_id", "<", before)
        .where("message_id", ">=", from)
        .orderBy("message_id", "desc")
        .limit(newestCompared)
        .as("newest"),
    )
    .select("message_id")
    .where(sql<boolean>`tokens @@ ${expression}::tsquery`)
    .orderBy("message_id", "desc")
    .limit(limit)
    .execute();
  if (newest.length === limit) return newest.map((row) => row.message_id);
  const all = await search
    .selectFrom((db) =>
      db
        .selectFrom("search_documents")
        .select("message_id")
        // Arithmetic keeps the planner from walking down the primary key through documents that do not match.
        .where(sql<boolean>`message_id + 0 < ${before} and message_id + 0 >= ${from}`)
        .where(sql<boolean>`tokens @@ ${expression}::tsquery`)
        .limit(listedAtMost)
        .as("listed"),
    )
    .select("message_id")
    .orderBy("message_id", "desc")
    .limit(limit)
    .execute();
  return all.map((row) => row.message_id);
}

function quoted({ term, isPrefix }: Term): string {
  return `'${term}'${isPrefix ? ":*" : ""}`;
}
