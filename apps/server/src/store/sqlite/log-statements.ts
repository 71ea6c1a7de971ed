import type { DatabaseSync } from "node:sqlite";
import type { ChannelFacts, LogTransaction } from "../log/transaction.ts";
import { recipientsWhere } from "../private-sql.ts";
import { isActiveAdmin, lacksFactor, lastSendsOf, overridesOf, ownerOf, rolesOf } from "../rights-sql.ts";
import { prepareWrites } from "./log-writes.ts";

/** What holds a member back, with the raid mode of the server. */
const own = `m.timed_out_until, m.joined_at, m.nickname, m.rules_accepted_at, coalesce((select 1 from servers s
  where s.id = m.server_id and ${lacksFactor({ servers: "s", userId: "m.user_id" })}), 0) as lacks_factor`;

/** Implements LogTransaction with prepared statements of one connection. The caller opens the transaction. */
export function logStatements(db: DatabaseSync): LogTransaction {
  return {
    ...readStatements(db),
    ...pollStatements(db),
    ...automodStatements(db),
    ...reserveStatement(db),
    write: prepareWrites(db),
  };
}

/** Lists are passed as one JSON parameter, so that each statement is compiled once for lists of any length. */
function reader(db: DatabaseSync) {
  return <Row>(sql: string) => {
    const statement = db.prepare(sql);
    return (keys: readonly unknown[]) => (keys.length === 0 ? [] : (statement.all(JSON.stringify(keys)) as Row[]));
  };
}

type Automod = "automodRules" | "automodSends";
type Polls = "polls" | "ballots" | "forwards";

function pollStatements(db: DatabaseSync): Pick<LogTransaction, Polls> {
  const byKeys = reader(db);
  return {
    polls: byKeys("select * from polls where message_id in (select value from json_each(?))"),
    forwards: byKeys("select * from forwards where message_id in (select value from json_each(?))"),
    ballots: byKeys(
      `select b.* from json_each(?) k cross join ballots b
       on b.message_id = k.value ->> 'message_id' and b.user_id = k.value ->> 'user_id'`,
    ),
  };
}

function automodStatements(db: DatabaseSync): Pick<LogTransaction, Automod> {
  const byKeys = reader(db);
  return {
    automodRules: byKeys(
      `select id, server_id, fields from automod_rules
         where enabled = 1 and server_id in (select value from json_each(?)) order by id`,
    ),
    automodSends: byKeys(
      `select a.* from json_each(?) k cross join automod_sends a
       on a.server_id = k.value ->> 'server_id' and a.user_id = k.value ->> 'user_id'`,
    ),
  };
}

function mentionStatements(db: DatabaseSync): Pick<LogTransaction, "mentionsOf" | "groupMentionsOf"> {
  const of = "select message_id, user_id from mentions where message_id in (select value from json_each(?))";
  const byKeys = reader(db);
  return {
    mentionsOf: byKeys(`${of} and through_group = 0`),
    groupMentionsOf: byKeys(`${of} and through_group = 1`),
  };
}

function readStatements(db: DatabaseSync): Omit<LogTransaction, "reserveIds" | "write" | Automod | Polls> {
  const byKeys = reader(db);
  const channelIdsOf = byKeys<{ channel_id: number }>(
    "select distinct channel_id from messages where id in (select value from json_each(?))",
  );
  const lockChannels = db.prepare(
    `select c.id, c.server_id, coalesce(s.owner_id, 0) as owner_id, c.name, c.type, c.seq, c.last_message_seq,
       coalesce(s.everyone_role_id, 0) as everyone_role_id, c.restricted,
       coalesce((select p.restricted from channels p where p.id = c.parent_id), c.restricted) as hidden_from_some,
       s.raid_since, s.raid_until, s.automod_version, s.verify_account_minutes, s.verify_member_minutes,
      case when s.rules is null then 0 else 1 end as has_rules,
         c.parent_id, c.active_at, c.archive_after_s, c.archived, c.locked, c.slow_mode_s, ${lastSendsOf("c", "in (select value from json_each(?2))")} as last_sends,
         (select permissions from roles where id = s.everyone_role_id) as everyone, ${overridesOf("c")} as overrides
       from channels c left join servers s on s.id = c.server_id where c.id in (select value from json_each(?1))`,
  );
  return {
    channelIdsOf: (ids) => channelIdsOf(ids).map((row) => row.channel_id),
    // No row locks: the transaction holds the database's only write lock.
    lockChannels: (ids, authorIds) =>
      (ids.length === 0
        ? []
        : lockChannels.all(JSON.stringify(ids), JSON.stringify(authorIds))) as unknown as ChannelFacts[],
    messages: byKeys("select * from messages where id in (select value from json_each(?))"),
    messagesByNonce: byKeys(
      `select m.* from json_each(?) k cross join messages m
       on m.author_id = k.value ->> 'author_id' and m.nonce = k.value ->> 'nonce'`,
    ),
    people: byKeys(
      `select id, username, display_name, avatar_color, picture, program, ${isActiveAdmin("users")} as is_admin, created_at
       from users where id in (select value from json_each(?))`,
    ),
    members: byKeys(
      `select m.server_id, m.user_id, ${own}, ${rolesOf("m")} as roles, ${ownerOf("m")} as owner from json_each(?) k cross join members m
       on m.server_id = k.value ->> 'server_id' and m.user_id = k.value ->> 'user_id'`,
    ),
    membersByName: byKeys(
      `select m.server_id, m.user_id, ${own}, u.username_key, ${rolesOf("m")} as roles, ${ownerOf("m")} as owner from json_each(?) k
       cross join users u on u.username_key = k.value ->> 'username_key'
       cross join members m on m.server_id = k.value ->> 'server_id' and m.user_id = u.id`,
    ),
    recipientsOf: byKeys(recipientsWhere("r.channel_id in (select value from json_each(?))")),
    attachments: byKeys("select * from attachments where id in (select value from json_each(?))"),
    attachmentsOf: byKeys(
      "select * from attachments where message_id in (select value from json_each(?)) order by ordinal, id",
    ),
    reactionsOf: byKeys(
      "select * from reactions where message_id in (select value from json_each(?)) order by position, seq",
    ),
    pinCounts: byKeys(
      `select channel_id, count(*) as count from messages where pinned_at is not null
         and channel_id in (select channel_id from messages where id in (select value from json_each(?)))
       group by channel_id`,
    ),
    ...mentionStatements(db),
    mentionedRoles: byKeys("select id, server_id, mentionable from roles where id in (select value from json_each(?))"),
    threadsOf: byKeys("select starter_id, id, name from channels where starter_id in (select value from json_each(?))"),
  };
}

function reserveStatement(db: DatabaseSync): Pick<LogTransaction, "reserveIds"> {
  const last = db.prepare("select seq from sqlite_sequence where name = ?");
  return {
    // Inserting these ids advances the sequence, and no other writer can take them before.
    reserveIds(table, count) {
      if (count === 0) return [];
      const row = last.get(table) as { seq: number } | undefined;
      const first = (row?.seq ?? 0) + 1;
      return Array.from({ length: count }, (_, index) => first + index);
    },
  };
}
