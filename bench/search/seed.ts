import { sql } from "kysely";
import type { Store } from "../../apps/server/src/store/contract.ts";
import { createChannel, createPerson, createServer } from "../../apps/server/src/store/conformance/world.ts";
import type { Corpus } from "./corpus.ts";

export interface Seeded {
  readonly userIds: readonly number[];
  readonly serverIds: readonly number[];
  readonly channelIds: readonly number[];
  readonly textBytes: number;
}

const rowsAtOnce = 2_000;

/** Writes messages as if they had been sent: one position of their channel each. */
export async function seed(store: Store, corpus: Corpus, count: number): Promise<Seeded> {
  const userIds: number[] = [];
  for (let index = 0; index < corpus.authors; index += 1) userIds.push(await createPerson(store, `person${index}`));
  const serverIds: number[] = [];
  for (let index = 0; index < corpus.servers; index += 1)
    serverIds.push(await createServer(store, userIds[0]!, userIds.slice(1)));
  const channelIds: number[] = [];
  for (let index = 0; index < corpus.channels; index += 1)
    channelIds.push(await createChannel(store, serverIds[index % serverIds.length]!, "text"));
  const seqs = new Array<number>(corpus.channels).fill(0);
  let textBytes = 0;
  const start = Date.parse("2025-01-01T00:00Z");
  for (let from = 0; from < count; from += rowsAtOnce) {
    const rows = Array.from({ length: Math.min(rowsAtOnce, count - from) }, (_, offset) => {
      const { channel, author, content } = corpus.message(from + offset);
      textBytes += Buffer.byteLength(content);
      const seq = (seqs[channel] = (seqs[channel] ?? 0) + 1);
      return [channelIds[channel], userIds[author], content, seq, start + (from + offset) * 1_000];
    });
    await insert(store, JSON.stringify(rows));
  }
  for (const [index, seq] of seqs.entries()) {
    await store.db
      .updateTable("channels")
      .set({ seq, last_message_seq: seq })
      .where("id", "=", channelIds[index]!)
      .execute();
  }
  if (store.dialect === "postgres") await sql`analyze`.execute(store.db);
  return { userIds, serverIds, channelIds, textBytes };
}

async function insert({ db, dialect }: Store, rows: string): Promise<void> {
  const from =
    dialect === "sqlite"
      ? sql`select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 3, 0, value ->> 4 from json_each(${rows})`
      : sql`select (v ->> 0)::bigint, (v ->> 1)::bigint, v ->> 2, (v ->> 3)::bigint, (v ->> 3)::bigint, 0, (v ->> 4)::bigint
          from json_array_elements(${rows}::json) with ordinality as e (v, n) order by n`;
  await sql`insert into messages (channel_id, author_id, content, seq, updated_seq, mentions_everyone, created_at) ${from}`.execute(
    db,
  );
}
