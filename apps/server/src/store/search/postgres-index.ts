import { sql } from "kysely";
import type { IndexBatch, IndexQuery, SearchIndex, Term } from "./search-index.ts";
import { numberOf } from "./term-number.ts";
import { valuesOfState } from "./state.ts";
import type { SearchDb } from "./tables.ts";

/**
 * So many of the newest documents are compared one by one before the inverted index is asked. A term that is common is
 * found among them, and the inverted index would list all of its documents; one that is not has few.
 */
const newestCompared = 4_000;
/** Most documents that the inverted index lists for one query. */
const listedAtMost = 60_000;
/** A beginning stands for so many terms, the shortest first. */
const termsOfBeginning = 100;
const wordsKnown = 20_000;

/**
 * Of a table with a GIN index. A document has the numbers of its terms, which take a third of the room of the terms
 * themselves; a list of all terms is there for beginnings of words. Writes are single statements, so that they do not wait for the turn of transactions. */
export function postgresIndex(search: SearchDb): SearchIndex {
  /** Words that are in the list of terms. */
  const known = new Set<string>();
  return {
    async write(batch) {
      await noteWords(search, batch, known);
      return writeBatch(search, batch);
    },
    find: (query) => findNewest(search, query),
    async reset({ epoch, remainingBelow, positions }) {
      known.clear();
      await sql`truncate search_documents, search_terms, search_positions, search_state`.execute(search);
      await insertPositions(search, positions);
      await search.insertInto("search_state").values(valuesOfState({ epoch, remainingBelow })).execute();
    },
    // Foreign keys do it.
    dropChannels: () => Promise.resolve(),
    compact: () => Promise.resolve(),
    async size() {
      const tables = ["search_documents", "search_terms", "search_positions", "search_state"];
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
        select d.id, d.terms::integer[]
        from unnest(${documents.map(({ id }) => id)}::bigint[], ${documents.map(({ terms }) => numbersOf(terms))}::text[])
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

async function noteWords(search: SearchDb, { documents }: IndexBatch, known: Set<string>): Promise<void> {
  const words = new Set(documents.flatMap(({ terms }) => terms).filter((term) => !term.startsWith(":")));
  const news = [...words].filter((word) => !known.has(word));
  if (news.length === 0) return;
  // In one order on all nodes, so that none waits for another in a circle.
  await sql`insert into search_terms (term) select unnest(${news.toSorted()}::text[]) on conflict do nothing`.execute(
    search,
  );
  if (known.size > wordsKnown) known.clear();
  for (const word of news) known.add(word);
}

async function findNewest(search: SearchDb, query: IndexQuery): Promise<number[]> {
  const { before, from, limit } = query;
  const wanted: string[] = [];
  for (const clause of query.clauses) wanted.push(numbersOf(await termsOfClause(search, clause)));
  // The numbers are written into the statement, since the planner has to know how common they are.
  const matches = sql<boolean>`${sql.join(
    [
      ...wanted.map((numbers) => sql`tokens && ${sql.lit(numbers)}::integer[]`),
      ...(query.without?.length ? [sql`not tokens && ${sql.lit(numbersOf(query.without))}::integer[]`] : []),
    ],
    sql` and `,
  )}`;
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
    .where(matches)
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
        .where(matches)
        .limit(listedAtMost)
        .as("listed"),
    )
    .select("message_id")
    .orderBy("message_id", "desc")
    .limit(limit)
    .execute();
  return all.map((row) => row.message_id);
}

async function termsOfClause(search: SearchDb, clause: readonly Term[]): Promise<string[]> {
  const found = new Set(clause.map(({ term }) => term));
  for (const { term, isPrefix } of clause) {
    if (!isPrefix) continue;
    const rows = await search
      .selectFrom("search_terms")
      .select("term")
      .where("term", ">=", term)
      .where("term", "<", `${term}\u{10ffff}`)
      .orderBy((eb) => eb.fn<number>("length", ["term"]))
      .limit(termsOfBeginning)
      .execute();
    for (const row of rows) found.add(row.term);
  }
  return [...found];
}

/** As an array in SQL. */
function numbersOf(terms: readonly string[]): string {
  return `{${terms.map(numberOf).join(",")}}`;
}
