import type pg from "pg";
import type { LogCommand } from "../contract.ts";
import { actorOf, wantedKeys, type FactRows } from "../log/facts.ts";
import { isStorable } from "../log/text.ts";
import { overridesOf, rolesOf } from "../rights-sql.ts";
import { lockIds } from "./locks.ts";

/** Messages named by commands: $1 ids, $2 and $3 authors and their nonces. */
const named = `named as (
  select * from messages where id = any($1::bigint[])
  union
  select m.* from unnest($2::bigint[], $3::text[]) k(author, nonce)
  join messages m on m.author_id = k.author and m.nonce = k.nonce)`;

/** Subqueries become arrays, whose estimated length is small: the plans keep using indexes, whatever the table's size. */
const namedIds = "any(array(select id from named))";
const answeredIds = "any(array(select reply_to_id from named where reply_to_id is not null))";

const statements = {
  lock: `select pg_advisory_xact_lock_shared(${lockIds.writes})`,
  // In the order of ids, so that batches never wait for each other in a circle. `no key`: a plain `for update` would
  // wait for every row that refers to the channel by a foreign key.
  channels: `select c.id, c.server_id, s.owner_id, c.type, c.seq, c.last_message_seq, s.everyone_role_id, c.restricted,
      (select permissions from roles where id = s.everyone_role_id) as everyone, ${overridesOf("c")} as overrides
    from channels c join servers s on s.id = c.server_id
    where c.id = any($1::bigint[] || array(select channel_id from messages where id = any($2::bigint[])))
    order by c.id for no key update of c`,
  named: `with ${named} select * from named`,
  answered: `with ${named} select * from messages where id = ${answeredIds}`,
  people: `with ${named}, writers as (
      select author_id from named union select author_id from messages where id = ${answeredIds})
    select id, username, display_name, avatar_color, is_admin from users
    where id = any($4::bigint[] || array(select author_id from writers))`,
  members: `select m.server_id, m.user_id, ${rolesOf("m")} as roles from (
      select c.server_id, k.user_id from unnest($1::bigint[], $2::bigint[]) k(channel_id, user_id)
      join channels c on c.id = k.channel_id
      union select c.server_id, k.user_id from unnest($3::bigint[], $4::bigint[]) k(message_id, user_id)
      join messages x on x.id = k.message_id join channels c on c.id = x.channel_id
      union select c.server_id, x.author_id from unnest($5::bigint[], $6::bigint[]) k(channel_id, reply_to_id)
      join channels c on c.id = k.channel_id join messages x on x.id = k.reply_to_id
    ) k join members m on m.server_id = k.server_id and m.user_id = k.user_id`,
  memberNames: `select m.server_id, m.user_id, u.username_key, ${rolesOf("m")} as roles from (
      select c.server_id, k.name from unnest($1::bigint[], $2::text[]) k(channel_id, name)
      join channels c on c.id = k.channel_id
      union select c.server_id, k.name from unnest($3::bigint[], $4::text[]) k(message_id, name)
      join messages x on x.id = k.message_id join channels c on c.id = x.channel_id
    ) k join users u on u.username_key = k.name join members m on m.server_id = k.server_id and m.user_id = u.id`,
  // Locked: batches of other channels on other nodes may want the same upload.
  attachments: "select * from attachments where id = any($1::bigint[]) order by id for no key update",
  attachmentsOf: `with ${named} select * from attachments where message_id = ${namedIds} order by ordinal, id`,
  reactionsOf: `with ${named} select * from reactions where message_id = ${namedIds} order by position, seq`,
  mentionsOf: `with ${named} select message_id, user_id from mentions where message_id = ${namedIds}`,
  // After the locks, so that within a channel ids rise with positions.
  messageIds: "select nextval(pg_get_serial_sequence('messages', 'id')) as id from generate_series(1, $1::int)",
  notificationIds:
    "select nextval(pg_get_serial_sequence('notifications', 'id')) as id from generate_series(1, $1::int)",
} as const;

/**
 * Queues all reads of a batch at once, so that they cross the network in one round trip: every statement finds the rows
 * by the keys in the commands alone. The transaction must be read committed, since each statement has to see what was
 * committed while the locks were waited for.
 */
export async function readFacts(client: pg.Client, commands: readonly LogCommand[]): Promise<FactRows> {
  const wanted = wantedKeys(commands);
  const run = async <Row>(name: keyof typeof statements, values: unknown[] = []): Promise<Row[]> =>
    (await client.query({ name, text: statements[name], values })).rows as Row[];
  const unless = <Row>(isEmpty: boolean, name: keyof typeof statements, values: unknown[]) =>
    isEmpty ? Promise.resolve<Row[]>([]) : run<Row>(name, values);

  const messageIds = [...wanted.messageIds];
  const nonces = wanted.nonces.filter(({ nonce }) => isStorable(nonce));
  const authors = nonces.map((key) => key.author_id);
  const byNamed = [[...messageIds, ...wanted.replyIds], authors, nonces.map((key) => key.nonce)];
  const hasNamed = messageIds.length + wanted.replyIds.size + nonces.length > 0;
  const names = namePairs(commands);
  const ids = async (name: "messageIds" | "notificationIds", count: number) =>
    (await unless<{ id: number }>(count === 0, name, [count])).map(({ id }) => id);
  const [, channels, namedRows, answered, people, members, memberNames, attachments, ...details] = await Promise.all([
    run("lock"),
    run<FactRows["channels"][number]>("channels", [[...wanted.channelIds], messageIds]),
    unless<FactRows["named"][number]>(!hasNamed, "named", byNamed),
    unless<FactRows["answered"][number]>(!hasNamed, "answered", byNamed),
    run<FactRows["people"][number]>("people", [...byNamed, [...wanted.actorIds]]),
    run<FactRows["members"][number]>("members", memberPairs(commands)),
    unless<FactRows["memberNames"][number]>(
      names.every((list) => list.length === 0),
      "memberNames",
      names,
    ),
    unless<FactRows["attachments"][number]>(wanted.attachmentIds.size === 0, "attachments", [
      [...wanted.attachmentIds],
    ]),
    unless<FactRows["attachmentsOf"][number]>(!hasNamed, "attachmentsOf", byNamed),
    unless<FactRows["reactionsOf"][number]>(!hasNamed, "reactionsOf", byNamed),
    unless<FactRows["mentionsOf"][number]>(!hasNamed, "mentionsOf", byNamed),
    ids("messageIds", wanted.sends),
    ids("notificationIds", wanted.notificationsAtMost),
  ]);
  const [attachmentsOf, reactionsOf, mentionsOf, newMessageIds, newNotificationIds] = details;
  return {
    channels,
    named: namedRows,
    answered,
    people,
    members,
    memberNames,
    attachments,
    attachmentsOf,
    reactionsOf,
    mentionsOf,
    messageIds: newMessageIds,
    notificationIds: newNotificationIds,
  };
}

/** Channels and authors of sends, messages and actors of the other commands, channels and answered messages of replies. */
function memberPairs(commands: readonly LogCommand[]): number[][] {
  const pairs: [number[], number[], number[], number[], number[], number[]] = [[], [], [], [], [], []];
  for (const command of commands) {
    const isSend = command.kind === "send";
    pairs[isSend ? 0 : 2].push(isSend ? command.channelId : command.messageId);
    pairs[isSend ? 1 : 3].push(actorOf(command));
    if (!isSend || command.replyToId === null) continue;
    pairs[4].push(command.channelId);
    pairs[5].push(command.replyToId);
  }
  return pairs;
}

/** Channels of sends and the names in them, messages of edits and the names in them. */
function namePairs(commands: readonly LogCommand[]): [number[], string[], number[], string[]] {
  const pairs: [number[], string[], number[], string[]] = [[], [], [], []];
  for (const command of commands) {
    if (command.kind !== "send" && command.kind !== "edit") continue;
    for (const name of command.mentionNames.filter(isStorable)) {
      pairs[command.kind === "send" ? 0 : 2].push(command.kind === "send" ? command.channelId : command.messageId);
      pairs[command.kind === "send" ? 1 : 3].push(name);
    }
  }
  return pairs;
}
