import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { limits } from "@miscord/protocol";
import type { LogChanges } from "../log/transaction.ts";
import { isSilenced, suppressesEveryone, suppressesRoles } from "../notification-levels-sql.ts";
import { pushNotifications, pushPrivate } from "../push-sql.ts";
import { isAddressed, seesChannel } from "../rights-sql.ts";

type Row<Key extends keyof LogChanges> = LogChanges[Key][number];
type Fields<Key extends keyof LogChanges> = readonly (keyof Row<Key> & string)[];
type Write = (changes: LogChanges) => void;

/** Of a new notification. Numbers are bound as floating point, which is no part of a scope's name. */
const named = { userId: "?2", serverId: "cast(?5 as integer)", channelId: "cast(?6 as integer)", at: "?8" };
/** Of a member whom `@everyone` addresses. */
const addressed = { userId: "m.user_id", serverId: "s.id", channelId: "c.id" };

/** Writes all changes in an order that satisfies foreign keys, removals before insertions of the same table. */
export function prepareWrites(db: DatabaseSync): Write {
  const writes = [
    ...messageWrites(db),
    ...detailWrites(db),
    auditWrite(db),
    ...pollWrites(db),
    ...textWrites(db),
    lastSendWrite(db),
    ...threadWrites(db),
    automodWrite(db),
    ...pushWrites(db),
  ];
  return (changes) => {
    for (const write of writes) write(changes);
  };
}

function messageWrites(db: DatabaseSync): Write[] {
  return [
    each(db, "channels", "update channels set seq = ?, last_message_seq = ? where id = ?", [
      "seq",
      "last_message_seq",
      "id",
    ]),
    each(db, "changedEncryption", "update channels set unencrypted = ? where id = ?", ["unencrypted", "id"]),
    insert(db, "newMessages", "messages", [
      "id",
      "channel_id",
      "author_id",
      "content",
      "nonce",
      "fingerprint",
      "seq",
      "updated_seq",
      "reply_to_id",
      "mentions_everyone",
      "mention_roles",
      "created_at",
      "edited_at",
      "deleted_at",
      "pinned_at",
      "files_removed",
      "call_ms",
      "voice_ms",
      "webhook",
      "previews",
      "sticker",
    ]),
    each(
      db,
      "changedMessages",
      `update messages set content = ?, fingerprint = ?, updated_seq = ?, mentions_everyone = ?, mention_roles = ?,
         edited_at = ?, deleted_at = ?, pinned_at = ?, files_removed = ?, voice_ms = ?, webhook = ?, previews = ?,
         sticker = ? where id = ?`,
      [
        "content",
        "fingerprint",
        "updated_seq",
        "mentions_everyone",
        "mention_roles",
        "edited_at",
        "deleted_at",
        "pinned_at",
        "files_removed",
        "voice_ms",
        "webhook",
        "previews",
        "sticker",
        "id",
      ],
    ),
  ];
}

function detailWrites(db: DatabaseSync): Write[] {
  return [
    each(db, "attachments", "update attachments set message_id = ?, ordinal = ? where id = ?", [
      "message_id",
      "ordinal",
      "id",
    ]),
    each(db, "removedAttachments", "insert into removed_files (storage_key) values (?) on conflict do nothing", [
      "storage_key",
    ]),
    each(db, "removedAttachments", "delete from attachments where id = ?", ["id"]),
    each(db, "removedMentions", "delete from mentions where message_id = ? and user_id = ?", ["message_id", "user_id"]),
    each(db, "removedEveryone", "delete from mentions where message_id = ? and through_group = 1", ["message_id"]),
    each(
      db,
      "newMentions",
      `insert into mentions (message_id, user_id, channel_id, seq) values (?, ?, ?, ?)
       on conflict (message_id, user_id) do update set through_group = 0`,
      ["message_id", "user_id", "channel_id", "seq"],
    ),
    each(db, "removedReactions", "delete from reactions where message_id = ? and emoji = ? and user_id = ?", [
      "message_id",
      "emoji",
      "user_id",
    ]),
    insert(db, "newReactions", "reactions", ["message_id", "emoji", "user_id", "position", "seq"]),
    // Two statements, because of one with both conditions each run reads all notifications of the message.
    each(db, "removedNotifications", "delete from notifications where message_id = ?1 and ?2 is null", [
      "message_id",
      "user_id",
    ]),
    each(
      db,
      "removedNotifications",
      "delete from notifications where message_id = ?1 and user_id = ?2 and kind = 'mention'",
      ["message_id", "user_id"],
    ),
    each(
      db,
      "removedEveryone",
      "delete from notifications where message_id = ? and kind in ('everyone', 'here', 'role')",
      ["message_id"],
    ),
    each(
      db,
      "newNotifications",
      `insert into notifications (id, user_id, kind, actor_id, server_id, channel_id, message_id, created_at, read_at)
       values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, case when ${isSilenced(named)} then ?8 end)`,
      ["id", "user_id", "kind", "actor_id", "server_id", "channel_id", "message_id", "created_at"],
    ),
    ...groupWrites(db),
  ];
}

function groupWrites(db: DatabaseSync): Write[] {
  const fields = ["actor_id", "server_id", "channel_id", "message_id", "created_at"] as const;
  const among = "(select value from json_each(?6))";
  // Begins with those who have the role, who may be few of many members.
  const hasRole = `m.user_id in (select mr.user_id from member_roles mr where mr.role_id in ${among})`;
  const mentioned = (key: "newRoles" | "newHere") =>
    each(
      db,
      key,
      `insert into mentions (message_id, user_id, channel_id, seq, through_group)
       select x.id, n.user_id, x.channel_id, x.seq, 1 from messages x join notifications n on n.message_id = x.id
       where x.id = ? and n.kind in ('role', 'here') on conflict do nothing`,
      ["message_id"],
    );
  return [
    each(db, "newRoles", toMembers("role", `${hasRole} and not ${suppressesRoles(addressed)}`), [...fields, "targets"]),
    each(db, "newHere", toMembers("here", `m.user_id in ${among} and not ${suppressesEveryone(addressed)}`), [
      ...fields,
      "targets",
    ]),
    mentioned("newRoles"),
    mentioned("newHere"),
    each(db, "newEveryone", toMembers("everyone", `not ${suppressesEveryone(addressed)}`), fields),
  ];
}

/** Notifies the members in the condition who see the channel, but those whom the message notifies already. */
function toMembers(kind: string, condition: string): string {
  return `insert into notifications (user_id, kind, actor_id, server_id, channel_id, message_id, created_at, read_at)
       select m.user_id, '${kind}', ?1, ?2, ?3, ?4, ?5, case when ${isSilenced({ ...addressed, at: "?5" })} then ?5 end
       from members m join servers s on s.id = m.server_id join channels c on c.id = ?3
       where m.server_id = ?2 and m.user_id <> ?1 and ${condition}
       and ${seesChannel({ channels: "c", servers: "s", userId: "m.user_id" })}
       and ${isAddressed("c", "m.user_id")}
       and not exists (select 1 from notifications n where n.message_id = ?4 and n.user_id = m.user_id)`;
}

/** After the notifications that they are about. */
function pushWrites(db: DatabaseSync): Write[] {
  const sent = { channelId: "?2", messageId: "?1", authorId: "?3", at: "?4" };
  return [
    each(db, "newNotifications", pushNotifications("n.id = ?"), ["id"]),
    each(db, "newEveryone", pushNotifications("n.message_id = ? and n.kind = 'everyone'"), ["message_id"]),
    each(db, "newRoles", pushNotifications("n.message_id = ? and n.kind = 'role' and n.created_at = ?"), [
      "message_id",
      "created_at",
    ]),
    each(db, "newHere", pushNotifications("n.message_id = ? and n.kind = 'here'"), ["message_id"]),
    each(db, "newPrivate", pushPrivate("", sent), ["id", "channel_id", "author_id", "created_at"]),
  ];
}

function textWrites(db: DatabaseSync): Write[] {
  const fields = ["message_id", "author_id", "content", "written_at"] as const;
  return [
    each(db, "removedTexts", "delete from earlier_texts where message_id = ?", ["message_id"]),
    each(db, "removedTexts", "delete from forwards where message_id = ?", ["message_id"]),
    insert(db, "newEarlierTexts", "earlier_texts", fields),
    each(
      db,
      "newEarlierTexts",
      `delete from earlier_texts where message_id = ?1 and id <= (
         select id from earlier_texts where message_id = ?1 order by id desc limit 1 offset ${limits.earlierTexts})`,
      ["message_id"],
    ),
    insert(db, "newForwards", "forwards", ["message_id", "source_id", "content", "written_at", "sticker"]),
    each(db, "changedPreviews", "delete from preview_pictures where message_id = ?", ["message_id"]),
    insert(db, "newPreviewPictures", "preview_pictures", ["message_id", "picture"]),
  ];
}

function pollWrites(db: DatabaseSync): Write[] {
  const key = ["message_id", "user_id", "answers", "seq"] as const;
  return [
    each(db, "removedPolls", "delete from polls where message_id = ?", ["message_id"]),
    insert(db, "newPolls", "polls", ["message_id", "answers", "multiple", "anonymous", "ends_at", "counts", "voters"]),
    each(db, "changedPolls", "update polls set ends_at = ?, counts = ?, voters = ? where message_id = ?", [
      "ends_at",
      "counts",
      "voters",
      "message_id",
    ]),
    each(
      db,
      "newBallots",
      `insert into ballots (message_id, user_id, answers, seq) values (?, ?, ?, ?)
       on conflict (message_id, user_id) do update set answers = excluded.answers, seq = excluded.seq`,
      key,
    ),
  ];
}

function lastSendWrite(db: DatabaseSync): Write {
  return each(
    db,
    "lastSends",
    `insert into last_sends (channel_id, user_id, sent_at) values (?, ?, ?)
     on conflict (channel_id, user_id) do update set sent_at = excluded.sent_at`,
    ["channel_id", "user_id", "sent_at"],
  );
}

function automodWrite(db: DatabaseSync): Write {
  return each(
    db,
    "automodSends",
    `insert into automod_sends (server_id, user_id, sends) values (?, ?, ?)
     on conflict (server_id, user_id) do update set sends = excluded.sends`,
    ["server_id", "user_id", "sends"],
  );
}

function threadWrites(db: DatabaseSync): Write[] {
  return [
    each(db, "activeThreads", "update channels set active_at = ?, archived = 0 where id = ?", ["active_at", "id"]),
    each(
      db,
      "newFollowers",
      `insert into thread_followers (channel_id, user_id) select ?1, ?2
       where not exists (select 1 from blocks where user_id = ?2 and blocked_id = ?3) on conflict do nothing`,
      ["channel_id", "user_id", "author_id"],
    ),
  ];
}

function auditWrite(db: DatabaseSync): Write {
  return insert(db, "newAuditEntries", "audit_log", [
    "server_id",
    "actor_id",
    "action",
    "user_id",
    "channel_id",
    "role_id",
    "subject",
    "restricted",
    "reason",
    "changes",
    "created_at",
  ]);
}

/** Runs the statement once per row. Parameters are bound by position: by name it takes three times as long. */
function each<Key extends keyof LogChanges>(db: DatabaseSync, key: Key, sql: string, fields: Fields<Key>): Write {
  const statement = db.prepare(sql);
  return (changes) => {
    const rows: readonly Row<Key>[] = changes[key];
    for (const row of rows) statement.run(...fields.map((field) => row[field] as SQLInputValue));
  };
}

function insert<Key extends keyof LogChanges>(db: DatabaseSync, key: Key, table: string, fields: Fields<Key>): Write {
  const places = fields.map(() => "?").join(", ");
  return each(db, key, `insert into ${table} (${fields.join(", ")}) values (${places})`, fields);
}
