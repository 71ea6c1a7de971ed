import { sql } from "kysely";
import { chunks } from "../../chunks.ts";
import type { IndexBatch, IndexQuery, SearchIndex, Term } from "./search-index.ts";
import { valuesOfState } from "./state.ts";
import type { SearchDb } from "./tables.ts";
import { symbolOf } from "./term-symbol.ts";

/**
 * So many of the newest documents are compared one by one before the inverted index is asked. A term that is common is
 * found among them, and the inverted index would list all of its documents; one that is not has few.
 */
const newestCompared = 4_000;
/** Most documents that the inverted index lists for one query. */
const listedAtMost = 60_000;
/** A beginning stands for so many terms, the shortest first. */
const termsOfBeginning = 100;
/** Words with the same first letters are one row of the list of words: a row of its own would take more room than the word. */
const lettersOfRow = 3;
/**
 * A row that is longer takes no more words, and a batch adds so many to a row at most: each new word rewrites its row, and who
 * sends made-up words with the same beginning would otherwise slow the index down for everybody. A word that is not in the
 * list is found as a whole, not by its beginning.
 */
const rowBytes = 256 * 1_024;
const wordsAtOnce = 1_000;
const wordsKnown = 20_000;
/**
 * Words of a batch are noted in few rows first, in more at a time while that is quick, and no longer than this: whoever makes up
 * words fills rows that take long. Those beyond are noted when they come again.
 */
const rowsAtOnce = 20;
const quickMs = 50;
const notingMs = 1_000;
/** Documents whose words are put in order in one turn of the event loop. */
const documentsAtOnce = 25;

/**
 * Of a table with a GIN index. A document has the symbols of its terms in one string, a fourth of what the terms
 * themselves take, and the index splits it; a list of all words is there for beginnings. Writes are single statements,
 * so that they do not wait for the turn of transactions.
 */
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
      await sql`truncate search_documents, search_words, search_positions, search_state`.execute(search);
      await insertPositions(search, positions);
      await search.insertInto("search_state").values(valuesOfState({ epoch, remainingBelow })).execute();
    },
    // Foreign keys do it.
    dropChannels: () => Promise.resolve(),
    compact: () => Promise.resolve(),
    async size() {
      const tables = ["search_documents", "search_words", "search_positions", "search_state"];
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
        select d.id, d.tokens
        from unnest(${documents.map(({ id }) => id)}::bigint[], ${documents.map(({ terms }) => symbolsOf(terms))}::text[])
          as d (id, tokens), current c
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
  const endsAt = performance.now() + notingMs;
  // From anywhere on, so that the words of no channel are always left out.
  const start = Math.floor(Math.random() * documents.length);
  for (const some of chunks([...documents.slice(start), ...documents.slice(0, start)], documentsAtOnce)) {
    const words = new Set(some.flatMap(({ terms }) => terms).filter((term) => isListed(term) && !known.has(term)));
    await noteNews(search, [...Map.groupBy(words, beginningOf)], { known, endsAt });
  }
}

async function noteNews(
  search: SearchDb,
  rows: readonly (readonly [beginning: string, words: readonly string[]])[],
  { known, endsAt }: { known: Set<string>; endsAt: number },
): Promise<void> {
  let atOnce = rowsAtOnce;
  for (let from = 0; from < rows.length;) {
    const startedAt = performance.now();
    if (startedAt > endsAt) return;
    const some = rows.slice(from, from + atOnce);
    await noteRows(search, some);
    if (known.size > wordsKnown) known.clear();
    for (const word of some.flatMap(([, words]) => words)) known.add(word);
    from += some.length;
    if (performance.now() - startedAt < quickMs) atOnce *= 2;
  }
}

/** What is new of each row is found by hashing: its words may be tens of thousands. */
async function noteRows(search: SearchDb, given: Parameters<typeof noteNews>[1]): Promise<void> {
  // In one order on all nodes, so that none waits for another in a circle.
  const rows = given.toSorted(([a], [b]) => (a < b ? -1 : 1));
  const newWords = sql`(select unnest(string_to_array(excluded.words, ' ')) as word
    except select unnest(string_to_array(w.words, ' ')))`;
  await sql`insert into search_words as w (beginning, words)
    select * from unnest(${rows.map(([beginning]) => beginning)}::text[],
      ${rows.map(([, words]) => words.slice(0, wordsAtOnce).join(" "))}::text[])
    on conflict (beginning) do update set words = w.words || ' ' ||
        (select string_agg(word, ' ') from ${newWords} as added)
      where octet_length(w.words) < ${rowBytes} and exists ${newWords}`.execute(search);
}

/** The same for all words with the same first letters. Never half of a character: all halves are stored as one and the same. */
function beginningOf(word: string): string {
  return word.slice(0, lettersOfRow).replace(/[\ud800-\udbff]$/, "");
}

/** A beginning that is looked for has so many letters at least. */
function isListed(term: string): boolean {
  return term.length >= lettersOfRow && !term.startsWith(":");
}

async function findNewest(search: SearchDb, query: IndexQuery): Promise<number[]> {
  const { before, from, limit } = query;
  const wanted: string[] = [];
  for (const clause of query.clauses) wanted.push(symbolsOf(await termsOfClause(search, clause)));
  const unwanted = symbolsOf(query.without ?? []);
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
    .where(matchesOneByOne(wanted, unwanted))
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
        .where(matchesIndexed(wanted, unwanted))
        .limit(listedAtMost)
        .as("listed"),
    )
    .select("message_id")
    .orderBy("message_id", "desc")
    .limit(limit)
    .execute();
  return all.map((row) => row.message_id);
}

/** A set of characters is found in a string without splitting it. */
function matchesOneByOne(wanted: readonly string[], unwanted: string) {
  const conditions = wanted.map((symbols) => sql`tokens ~ ${`[${symbols}]`}`);
  if (unwanted !== "") conditions.push(sql`tokens !~ ${`[${unwanted}]`}`);
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

/** The expression is that of the index. Symbols are written into the statement, since the planner has to know how common they are. */
function matchesIndexed(wanted: readonly string[], unwanted: string) {
  const overlaps = (symbols: string) =>
    sql`string_to_array(tokens, null) && string_to_array(${sql.lit(symbols)}, null)`;
  const conditions = wanted.map(overlaps);
  if (unwanted !== "") conditions.push(sql`not ${overlaps(unwanted)}`);
  return sql<boolean>`${sql.join(conditions, sql` and `)}`;
}

async function termsOfClause(search: SearchDb, clause: readonly Term[]): Promise<string[]> {
  const found = new Set(clause.map(({ term }) => term));
  for (const { term, isPrefix } of clause) {
    if (!isPrefix) continue;
    const { rows } = await sql<{ word: string }>`
      select word from search_words, unnest(string_to_array(words, ' ')) as word
      where beginning = ${beginningOf(term)} and starts_with(word, ${term})
      order by length(word), word limit ${termsOfBeginning}`.execute(search);
    for (const { word } of rows) found.add(word);
  }
  return [...found];
}

function symbolsOf(terms: readonly string[]): string {
  return terms.map(symbolOf).join("");
}
