import type { LogCommand } from "../contract.ts";
import { loadAutomod, type AutomodFacts } from "../log/automod-facts.ts";
import { mayLoseGroups, privateIds, rightsHolderOf, wantedKeys, type FactRows, type WantedKeys } from "../log/facts.ts";
import type { AutomodRuleRow, AutomodSends, ChannelFacts } from "../log/transaction.ts";
import { recipientsWhere } from "../private-sql.ts";
import { isActiveAdmin, lacksFactor, overridesOf, ownerOf, rolesOf } from "../rights-sql.ts";
import { isStorable } from "../storable.ts";
import { lockIds } from "./locks.ts";
import type { Pipeline } from "./pipeline.ts";

const answeredIds =
  "any(array(select reply_to_id from messages where id = any($1::bigint[]) and reply_to_id is not null))";
/** Looks the sequence up once for all ids. */
const nextIds = (table: string) => `with sequence as materialized (
    select pg_get_serial_sequence('${table}', 'id')::regclass as name)
  select nextval(name) as id from sequence, generate_series(1, $1::int)`;

/** What holds a member back, with the raid mode of the server. */
const own = `m.timed_out_until, m.joined_at, m.nickname, m.rules_accepted_at, coalesce((select 1 from servers s
  where s.id = m.server_id and ${lacksFactor({ servers: "s", userId: "m.user_id" })}), 0) as lacks_factor`;

const statements = {
  lock: `select pg_advisory_xact_lock_shared(${lockIds.writes})`,
  // In the order of ids, so that batches never wait for each other in a circle. `no key`: a plain `for update` would
  // wait for every row that refers to the channel by a foreign key.
  channels: `select c.id, c.server_id, coalesce(s.owner_id, 0) as owner_id, c.name, c.type, c.seq, c.last_message_seq,
      coalesce(s.everyone_role_id, 0) as everyone_role_id, c.restricted,
      coalesce((select p.restricted from channels p where p.id = c.parent_id), c.restricted) as hidden_from_some,
      s.raid_since, s.raid_until, s.automod_version, s.verify_account_minutes, s.verify_member_minutes,
      case when s.rules is null then 0 else 1 end as has_rules,
      c.parent_id, c.active_at, c.archive_after_s, c.archived, c.locked, c.slow_mode_s,
      (select permissions from roles where id = s.everyone_role_id) as everyone, ${overridesOf("c")} as overrides
    from channels c left join servers s on s.id = c.server_id
    where c.id = any($1::bigint[] || array(select channel_id from messages where id = any($2::bigint[])))
    order by c.id for no key update of c`,
  // Apart: what a statement reads beside the rows that it locks is from before it waited for them.
  lastSends: `select channel_id as id, string_agg(user_id || ' ' || sent_at, ',') as last_sends from last_sends
    where channel_id = any($1::bigint[]) and user_id = any($2::bigint[]) group by channel_id`,
  named: "select * from messages where id = any($1::bigint[])",
  byNonce: `select m.* from unnest($1::bigint[], $2::text[]) k(author, nonce)
    join messages m on m.author_id = k.author and m.nonce = k.nonce`,
  answered: `select * from messages where id = ${answeredIds}`,
  people: `select id, username, display_name, avatar_color, picture, program, ${isActiveAdmin("users")} as is_admin, created_at
    from users where id = any($1::bigint[])`,
  authors: `select id, username, display_name, avatar_color, picture, program, ${isActiveAdmin("users")} as is_admin, created_at from users
    where id = any(array(select author_id from messages where id = any($1::bigint[]) or id = ${answeredIds}))`,
  members: `select m.server_id, m.user_id, ${own}, ${rolesOf("m")} as roles, ${ownerOf("m")} as owner from (
      select c.server_id, k.user_id from unnest($1::bigint[], $2::bigint[]) k(channel_id, user_id)
      join channels c on c.id = k.channel_id
      union select c.server_id, k.user_id from unnest($3::bigint[], $4::bigint[]) k(message_id, user_id)
      join messages x on x.id = k.message_id join channels c on c.id = x.channel_id
      union select c.server_id, x.author_id from unnest($5::bigint[], $6::bigint[]) k(channel_id, reply_to_id)
      join channels c on c.id = k.channel_id join messages x on x.id = k.reply_to_id
    ) k join members m on m.server_id = k.server_id and m.user_id = k.user_id`,
  memberNames: `select m.server_id, m.user_id, ${own}, u.username_key, ${rolesOf("m")} as roles, ${ownerOf("m")} as owner from (
      select c.server_id, k.name from unnest($1::bigint[], $2::text[]) k(channel_id, name)
      join channels c on c.id = k.channel_id
      union select c.server_id, k.name from unnest($3::bigint[], $4::text[]) k(message_id, name)
      join messages x on x.id = k.message_id join channels c on c.id = x.channel_id
    ) k join users u on u.username_key = k.name join members m on m.server_id = k.server_id and m.user_id = u.id`,
  recipients: recipientsWhere("r.channel_id = any($1::bigint[])"),
  // Locked: batches of other channels on other nodes may want the same upload.
  attachments: "select * from attachments where id = any($1::bigint[]) order by id for no key update",
  attachmentsOf: "select * from attachments where message_id = any($1::bigint[]) order by ordinal, id",
  reactionsOf: "select * from reactions where message_id = any($1::bigint[]) order by position, seq",
  mentionsOf: "select message_id, user_id from mentions where message_id = any($1::bigint[]) and through_group = 0",
  groupMentionsOf:
    "select message_id, user_id from mentions where message_id = any($1::bigint[]) and through_group = 1",
  polls: "select * from polls where message_id = any($1::bigint[])",
  forwards: "select * from forwards where message_id = any($1::bigint[])",
  ballots: `select b.* from unnest($1::bigint[], $2::bigint[]) k(message_id, user_id)
      join ballots b on b.message_id = k.message_id and b.user_id = k.user_id`,
  mentionedRoles: "select id, server_id, mentionable from roles where id = any($1::bigint[])",
  automodRules: `select id, server_id, fields from automod_rules
      where enabled = 1 and server_id = any($1::bigint[]) order by id`,
  // Locked, in one order: an author's messages in other channels may be counted on another node at the same time.
  automodSends: `select a.* from unnest($1::bigint[], $2::bigint[]) k(server_id, user_id)
      join automod_sends a on a.server_id = k.server_id and a.user_id = k.user_id
      order by a.server_id, a.user_id for no key update of a`,
  threadsOf: "select starter_id, id, name from channels where starter_id = any($1::bigint[])",
  // After the locks too.
  pinCounts: `select channel_id, count(*) as count from messages where pinned_at is not null
      and channel_id in (select channel_id from messages where id = any($1::bigint[])) group by channel_id`,
  // After the locks, so that within a channel ids rise with positions.
  messageIds: nextIds("messages"),
  notificationIds: nextIds("notifications"),
} as const;

type Statement = keyof typeof statements;
type Row<Key extends Exclude<keyof FactRows, keyof AutomodFacts>> = FactRows[Key][number];

/**
 * Queues all reads of a batch at once, so that they cross the network in one round trip: every statement finds the rows
 * by the keys in the commands alone. Only the people of private channels, those whom a changed message addresses as a group, and
 * what belongs to a message whose nonce is repeated, take another one. The
 * transaction must be read committed, since each statement has to see what was committed while the locks were waited for.
 */
export async function readFacts(pipeline: Pipeline, commands: readonly LogCommand[]): Promise<FactRows> {
  const wanted = wantedKeys(commands);
  const reads = new Reads(pipeline);
  const messageIds = [...wanted.messageIds];
  const nonces = wanted.nonces.filter(({ nonce }) => isStorable(nonce));
  const [
    ,
    locked,
    byNonce,
    named,
    people,
    members,
    memberNames,
    attachments,
    pinCounts,
    mentionedRoles,
    ballots,
    newMessageIds,
    newNotificationIds,
  ] = await Promise.all([
    reads.run("lock"),
    reads.run<Omit<ChannelFacts, "last_sends">>("channels", [[...wanted.channelIds], messageIds]),
    reads.byKeys<Row<"named">>("byNonce", [nonces.map((key) => key.author_id), nonces.map((key) => key.nonce)]),
    readNamed(reads, [...messageIds, ...wanted.replyIds], messageIds),
    reads.byKeys<Row<"people">>("people", [[...wanted.actorIds]]),
    reads.byKeys<Row<"members">>("members", memberPairs(commands)),
    reads.byKeys<Row<"memberNames">>("memberNames", namePairs(commands)),
    reads.byKeys<Row<"attachments">>("attachments", [[...wanted.attachmentIds]]),
    reads.byKeys<Row<"pinCounts">>("pinCounts", [[...wanted.pinnedIds]]),
    reads.byKeys<Row<"mentionedRoles">>("mentionedRoles", [[...wanted.roleIds]]),
    readBallots(reads, wanted),
    reads.ids("messageIds", wanted.sends),
    reads.ids("notificationIds", wanted.notificationsAtMost),
  ]);
  const channels = await withLastSends(reads, locked, wanted);
  const known = new Set(named.named.map(({ id }) => id));
  const repeatedIds = byNonce.map(({ id }) => id);
  const [unknown, unwanted] = [known, wanted.messageIds].map((ids) => repeatedIds.filter((id) => !ids.has(id)));
  const repeated = await readNamed(reads, unknown!, unwanted!);
  return {
    ...(await readAutomod(reads, channels, commands)),
    channels,
    recipients: await reads.byKeys<Row<"recipients">>("recipients", [privateIds(channels)]),
    groupMentionsOf: await reads.byKeys("groupMentionsOf", [mayLoseGroups(commands, named.named)]),
    members,
    memberNames,
    attachments,
    pinCounts,
    mentionedRoles,
    ballots,
    messageIds: newMessageIds,
    notificationIds: newNotificationIds,
    named: [...named.named, ...repeated.named],
    answered: [...named.answered, ...repeated.answered],
    people: [...people, ...named.people, ...repeated.people],
    ...joined(named, repeated),
  };
}

/** What belongs to the messages of both. */
function joined(one: Named, other: Named): Omit<Named, "named" | "answered" | "people"> {
  return {
    attachmentsOf: [...one.attachmentsOf, ...other.attachmentsOf],
    reactionsOf: [...one.reactionsOf, ...other.reactionsOf],
    mentionsOf: [...one.mentionsOf, ...other.mentionsOf],
    threadsOf: [...one.threadsOf, ...other.threadsOf],
    polls: [...one.polls, ...other.polls],
    forwards: [...one.forwards, ...other.forwards],
  };
}

/** Slow mode is rare, so that it takes another round trip where there is any. */
async function withLastSends(
  reads: Reads,
  locked: readonly Omit<ChannelFacts, "last_sends">[],
  { authorIds }: WantedKeys,
): Promise<ChannelFacts[]> {
  const slowIds = locked.filter((row) => row.slow_mode_s > 0).map(({ id }) => id);
  if (slowIds.length === 0) return locked.map((row) => ({ ...row, last_sends: null }));
  const rows = await reads.run<Pick<ChannelFacts, "id" | "last_sends">>("lastSends", [slowIds, [...authorIds]]);
  const byChannel = new Map(rows.map((row) => [row.id, row.last_sends]));
  return locked.map((row) => ({ ...row, last_sends: byChannel.get(row.id) ?? null }));
}

function readBallots(reads: Reads, { ballots }: WantedKeys): Promise<Row<"ballots">[]> {
  return reads.byKeys("ballots", [ballots.map((key) => key.message_id), ballots.map((key) => key.user_id)]);
}

function readAutomod(reads: Reads, channels: readonly Row<"channels">[], commands: readonly LogCommand[]) {
  return loadAutomod(channels, commands, {
    automodRules: (ids) => reads.byKeys<AutomodRuleRow>("automodRules", [ids]),
    automodSends: (keys) =>
      reads.byKeys<AutomodSends>("automodSends", [keys.map((key) => key.server_id), keys.map((key) => key.user_id)]),
  });
}

type Named = Pick<
  FactRows,
  "named" | "answered" | "people" | "attachmentsOf" | "reactionsOf" | "mentionsOf" | "threadsOf" | "polls" | "forwards"
>;

/** The messages with these ids, what belongs to them, and the messages that they reply to. Reactions only of `reactedIds`. */
async function readNamed(reads: Reads, ids: readonly number[], reactedIds: readonly number[]): Promise<Named> {
  const [named, answered, people, attachmentsOf, reactionsOf, mentionsOf, threadsOf, polls, forwards] =
    await Promise.all([
      reads.byKeys<Row<"named">>("named", [ids]),
      reads.byKeys<Row<"answered">>("answered", [ids]),
      reads.byKeys<Row<"people">>("authors", [ids]),
      reads.byKeys<Row<"attachmentsOf">>("attachmentsOf", [ids]),
      reads.byKeys<Row<"reactionsOf">>("reactionsOf", [reactedIds]),
      reads.byKeys<Row<"mentionsOf">>("mentionsOf", [ids]),
      reads.byKeys<Row<"threadsOf">>("threadsOf", [ids]),
      reads.byKeys<Row<"polls">>("polls", [ids]),
      reads.byKeys<Row<"forwards">>("forwards", [ids]),
    ]);
  return { named, answered, people, attachmentsOf, reactionsOf, mentionsOf, threadsOf, polls, forwards };
}

class Reads {
  readonly #pipeline: Pipeline;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  async run<Found>(name: Statement, values: unknown[] = []): Promise<Found[]> {
    return (await this.#pipeline.query<Found>({ name, text: statements[name], values })).rows;
  }

  /** Asks only when there is a key. */
  async byKeys<Found>(name: Statement, keys: readonly (readonly unknown[])[]): Promise<Found[]> {
    return keys.every((list) => list.length === 0) ? [] : this.run(name, [...keys]);
  }

  async ids(name: "messageIds" | "notificationIds", count: number): Promise<number[]> {
    return count === 0 ? [] : (await this.run<{ id: number }>(name, [count])).map(({ id }) => id);
  }
}

/** Channels and authors of sends, messages and actors of the other commands, channels and answered messages of replies. */
function memberPairs(commands: readonly LogCommand[]): number[][] {
  const pairs: [number[], number[], number[], number[], number[], number[]] = [[], [], [], [], [], []];
  for (const command of commands) {
    const isSend = command.kind === "send";
    pairs[isSend ? 0 : 2].push(isSend ? command.channelId : command.messageId);
    pairs[isSend ? 1 : 3].push(rightsHolderOf(command));
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
