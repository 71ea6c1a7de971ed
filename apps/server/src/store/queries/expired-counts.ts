import { retentionLimits, type Retention, type RetentionPreview } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

const dayMs = 86_400_000;
const megabyte = 1_048_576;
const channelsAtOnce = 500;
/** Of one channel, in one statement: others are read in between. */
const messagesAtOnce = 2_000;
/** Statements after which what was read counts as another search. */
const statementsPerSearch = 50;

/** Of the whole instance, of a server, or of a channel with its threads. */
export type RetentionScope = "instance" | { serverId: number } | { channelId: number };

/** Times in milliseconds before which messages and files go; 0: none. */
interface Cuts {
  readonly messages: number;
  readonly files: number;
  /** Smaller files stay. */
  readonly fileBytes: number;
}

/**
 * What the rule would remove in the scope; counts no further than `retentionLimits.counted`. Messages stand in the order of their
 * times, so of each channel it reads up to the first that stays. `goOn` is called now and then, and may throw.
 */
export async function countExpired(
  db: Db,
  scope: RetentionScope,
  { rule, now, goOn }: { rule: Retention; now: number; goOn: () => void | Promise<void> },
): Promise<RetentionPreview> {
  const cutOf = (days: number) => (days > 0 ? now - days * dayMs : 0);
  const cuts = { messages: cutOf(rule.message_days), files: cutOf(rule.file_days), fileBytes: rule.file_mb * megabyte };
  const most = retentionLimits.counted;
  const total = { messages: 0, files: 0, bytes: 0 };
  let statements = 0;
  for await (const part of parts(db, scope, cuts)) {
    total.messages = Math.min(most, total.messages + part.messages);
    total.files = Math.min(most, total.files + part.files);
    total.bytes += part.bytes;
    if (total.files === most && (cuts.messages === 0 || total.messages === most)) break;
    statements += 1;
    if (statements % statementsPerSearch === 0) await goOn();
  }
  return total;
}

async function* parts(db: Db, scope: RetentionScope, cuts: Cuts): AsyncGenerator<RetentionPreview> {
  const cut = Math.max(cuts.messages, cuts.files);
  for (let last: number | undefined = 0; last !== undefined;) {
    const channels = await channelsIn(db, scope, last);
    for (const { id, expired_seq, oldest } of channels) {
      for (let after: number | null = oldest !== null && oldest < cut ? expired_seq : null; after !== null;) {
        const { last: to, looked, recent, ...found } = await countIn(db, id, after, cuts);
        yield { ...found, ...(await filesIn(db, id, after, cuts)) };
        after = looked === messagesAtOnce && recent === 0 ? to : null;
      }
    }
    last = channels.length === channelsAtOnce ? channels.at(-1)!.id : undefined;
  }
}

interface Oldest {
  id: number;
  expired_seq: number;
  /** When the first message was sent that is not deleted because of its age; null: there is none. */
  oldest: number | null;
}

async function channelsIn(db: Db, scope: RetentionScope, after: number): Promise<Oldest[]> {
  const page = sql<Oldest>`select c.id, c.expired_seq, (select m.created_at from messages m
      where m.channel_id = c.id and m.seq > c.expired_seq order by m.seq limit 1) as oldest
    from channels c where c.id > ${after} and ${isIn(scope)} order by c.id limit ${sql.lit(channelsAtOnce)}`;
  return (await page.execute(db)).rows;
}

function isIn(scope: RetentionScope) {
  if (scope === "instance") return sql<boolean>`1 = 1`;
  if ("serverId" in scope) return sql<boolean>`c.server_id = ${scope.serverId}`;
  return sql<boolean>`(c.id = ${scope.channelId} or c.parent_id = ${scope.channelId})`;
}

async function countIn(db: Db, channelId: number, after: number, { messages, files }: Cuts) {
  const count = sql<Record<"looked" | "last" | "recent" | "messages", number | string | null>>`
    select count(*) as looked, max(m.seq) as last,
      sum(case when m.created_at >= ${Math.max(messages, files)} then 1 else 0 end) as recent,
      sum(case when m.created_at < ${messages} and m.deleted_at is null then 1 else 0 end) as messages
    from (${messagesOf(channelId, after)}) m`;
  const [row] = (await count.execute(db)).rows;
  return {
    looked: Number(row?.looked),
    last: Number(row?.last),
    recent: Number(row?.recent),
    messages: Number(row?.messages),
  };
}

async function filesIn(db: Db, channelId: number, after: number, { messages, files, fileBytes }: Cuts) {
  const count = sql<Record<"files" | "bytes", number | string>>`
    select count(*) as files, coalesce(sum(a.size), 0) as bytes
    from (${messagesOf(channelId, after)}) m join attachments a on a.message_id = m.id
    where m.created_at < ${messages} or (m.created_at < ${files} and a.size > ${fileBytes})`;
  const [row] = (await count.execute(db)).rows;
  return { files: Number(row?.files), bytes: Number(row?.bytes) };
}

function messagesOf(channelId: number, after: number) {
  return sql`select id, seq, created_at, deleted_at from messages
    where channel_id = ${channelId} and seq > ${after} order by seq limit ${sql.lit(messagesAtOnce)}`;
}
