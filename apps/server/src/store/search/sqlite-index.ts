import { sql, type Transaction } from "kysely";
import { compiledOnce } from "../compiled-once.ts";
import type { Tables } from "../schema.ts";
import type { IndexBatch, IndexQuery, SearchIndex, Term } from "./search-index.ts";
import { valuesOfState } from "./state.ts";
import type { SearchDb, SearchTables } from "./tables.ts";

type Writing = Transaction<Tables & SearchTables>;

/** Of an FTS5 table; see `prepareSearchFile`. */
export function sqliteIndex(search: SearchDb): SearchIndex {
  const inTransaction = (work: (trx: Writing) => Promise<void>) => search.transaction().execute(work);
  return {
    async write(batch) {
      await inTransaction((trx) => writeBatch(trx, batch));
      return true;
    },
    async find(query) {
      const rows = await matching(search, expressionOf(query), query.before, query.from, query.limit);
      return rows.map((row) => row.rowid);
    },
    reset: ({ epoch, remainingBelow, positions }) =>
      inTransaction(async (trx) => {
        await sql`insert into search_index (search_index) values ('delete-all')`.execute(trx);
        await trx.deleteFrom("search_positions").execute();
        await trx.deleteFrom("search_state").execute();
        await trx.insertInto("search_state").values(valuesOfState({ epoch, remainingBelow })).execute();
        await writePositions(trx, positions);
      }),
    async dropChannels(channelIds) {
      for (const id of channelIds) await inTransaction((trx) => dropChannel(trx, id));
    },
    async compact() {
      const remains = search.selectFrom("search_state").select("value").where("key", "=", "remains");
      const before = await remains.executeTakeFirst();
      // Merges everything into one segment, without what was deleted.
      await sql`insert into search_index (search_index) values ('optimize')`.execute(search);
      // What was deleted since then is left for the next time.
      if (before)
        await search
          .deleteFrom("search_state")
          .where("key", "=", "remains")
          .where("value", "=", before.value)
          .execute();
      await sql`pragma incremental_vacuum`.execute(search);
      await sql`pragma wal_checkpoint(truncate)`.execute(search);
    },
    async size() {
      const row = await search
        .selectFrom(
          sql<{ bytes: number }>`(select page_count * page_size as bytes
          from pragma_page_count('main'), pragma_page_size('main'))`.as("file"),
        )
        .select("bytes")
        .executeTakeFirstOrThrow();
      return row.bytes;
    },
  };
}

async function writeBatch(trx: Writing, { documents, removed, positions, remainingBelow }: IndexBatch): Promise<void> {
  if (removed.length > 0) {
    await sql`delete from search_index where rowid in (select value from json_each(${JSON.stringify(removed)}))`.execute(
      trx,
    );
    await noteRemains(trx);
  }
  if (documents.length > 0) {
    // FTS5 writes a segment whenever ids do not ascend.
    const rows = documents.toSorted((a, b) => a.id - b.id).map(({ id, terms }) => [id, terms.join(" ")]);
    await sql`insert or replace into search_index (rowid, tokens)
      select value ->> 0, value ->> 1 from json_each(${JSON.stringify(rows)})`.execute(trx);
  }
  await writePositions(
    trx,
    positions.map(({ channelId, to }) => ({ channelId, seq: to })),
  );
  if (remainingBelow) {
    const value = String(remainingBelow.to);
    await trx.updateTable("search_state").set({ value }).where("key", "=", "remaining_below").execute();
  }
}

async function writePositions(
  trx: Writing,
  positions: readonly { readonly channelId: number; readonly seq: number }[],
): Promise<void> {
  if (positions.length === 0) return;
  const rows = JSON.stringify(positions.map(({ channelId, seq }) => [channelId, seq]));
  await sql`insert or replace into search_positions (channel_id, seq)
    select value ->> 0, value ->> 1 from json_each(${rows})`.execute(trx);
}

async function dropChannel(trx: Writing, channelId: number): Promise<void> {
  await sql`delete from search_index where rowid in
    (select rowid from search_index where search_index match ${`":c${channelId}"`})`.execute(trx);
  await trx.deleteFrom("search_positions").where("channel_id", "=", channelId).execute();
  await noteRemains(trx);
}

async function noteRemains(trx: Writing): Promise<void> {
  await sql`insert or replace into search_state (key, value) values ('remains', hex(randomblob(8)))`.execute(trx);
}

const matching = compiledOnce((search: SearchDb, expression: string, before: number, from: number, limit: number) =>
  search
    .selectFrom("search_index")
    .select("rowid")
    .where(sql<boolean>`search_index match ${expression}`)
    // Numbers are bound as floating point, with which FTS5 does not begin at the row but reads all that come before it.
    .where("rowid", "<", sql<number>`cast(${before} as integer)`)
    .where("rowid", ">=", sql<number>`cast(${from} as integer)`)
    .orderBy("rowid", "desc")
    .limit(limit),
);

/** As a query of FTS5. */
function expressionOf({ clauses, without = [] }: IndexQuery): string {
  const wanted = clauses.map((clause) => `(${clause.map(quoted).join(" OR ")})`).join(" AND ");
  const unwanted = without.map((term) => quoted({ term, isPrefix: false })).join(" OR ");
  return unwanted === "" ? wanted : `(${wanted}) NOT (${unwanted})`;
}

function quoted({ term, isPrefix }: Term): string {
  return `"${term}"${isPrefix ? "*" : ""}`;
}
