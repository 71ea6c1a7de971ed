import { limits } from "@miscord/protocol";
import type { LogChanges } from "../log/transaction.ts";
import { isSilenced, suppressesEveryone, suppressesRoles } from "../notification-levels-sql.ts";
import { pushNotifications, pushPrivate } from "../push-sql.ts";
import { isAddressed, seesChannel } from "../rights-sql.ts";
import type { Pipeline } from "./pipeline.ts";

interface Write<Key extends keyof LogChanges> {
  key: Key;
  /** Takes one array a field. */
  text: string;
  fields: readonly (keyof LogChanges[Key][number] & string)[];
}

/** Of a new notification. */
const named = { userId: "k.user_id", serverId: "k.server_id", channelId: "k.channel_id", at: "k.created_at" };
/** Of a member whom `@everyone` addresses. */
const addressed = { userId: "m.user_id", serverId: "s.id", channelId: "c.id", at: "k.created_at" };

/** Ids of users in the groups of the row: joined, because a subquery that depends on the row is run for each member. */
const groupOf = {
  newRoles: `(select distinct mr.user_id from json_array_elements_text(k.targets::json) t(id) join member_roles mr on mr.role_id = t.id::bigint)`,
  newHere: "(select distinct t.id::bigint as user_id from json_array_elements_text(k.targets::json) t(id))",
};

/** In an order that satisfies foreign keys, removals before insertions of the same table. */
const writes = [
  update("channels", "channels", { seq: "bigint", last_message_seq: "bigint" }),
  update("changedEncryption", "channels", { unencrypted: "int" }),
  insert("newMessages", "messages", {
    id: "bigint",
    channel_id: "bigint",
    author_id: "bigint",
    content: "text",
    nonce: "text",
    fingerprint: "text",
    seq: "bigint",
    updated_seq: "bigint",
    reply_to_id: "bigint",
    mentions_everyone: "int",
    mention_roles: "text",
    created_at: "bigint",
    edited_at: "bigint",
    deleted_at: "bigint",
    pinned_at: "bigint",
    files_removed: "int",
    call_ms: "bigint",
    voice_ms: "bigint",
    webhook: "text",
    previews: "text",
    sticker: "text",
  }),
  update("changedMessages", "messages", {
    content: "text",
    fingerprint: "text",
    updated_seq: "bigint",
    mentions_everyone: "int",
    mention_roles: "text",
    edited_at: "bigint",
    deleted_at: "bigint",
    pinned_at: "bigint",
    files_removed: "int",
    voice_ms: "bigint",
    webhook: "text",
    previews: "text",
    sticker: "text",
  }),
  update("attachments", "attachments", { message_id: "bigint", ordinal: "int" }),
  write("removedAttachments", ["storage_key"], (k) => ({
    text: `insert into removed_files (storage_key) select k.storage_key from ${k} on conflict do nothing`,
    types: ["text"],
  })),
  write("removedAttachments", ["id"], (k) => ({
    text: `delete from attachments a using ${k} where a.id = k.id`,
    types: ["bigint"],
  })),
  write("removedMentions", ["message_id", "user_id"], (k) => ({
    text: `delete from mentions x using ${k} where x.message_id = k.message_id and x.user_id = k.user_id`,
    types: ["bigint", "bigint"],
  })),
  write("removedEveryone", ["message_id"], (k) => ({
    text: `delete from mentions x using ${k} where x.message_id = k.message_id and x.through_group = 1`,
    types: ["bigint"],
  })),
  write("newMentions", ["message_id", "user_id", "channel_id", "seq"], (k) => ({
    text: `insert into mentions (message_id, user_id, channel_id, seq) select * from ${k}
      on conflict (message_id, user_id) do update set through_group = 0`,
    types: ["bigint", "bigint", "bigint", "bigint"],
  })),
  write("removedReactions", ["message_id", "emoji", "user_id"], (k) => ({
    text: `delete from reactions x using ${k}
      where x.message_id = k.message_id and x.emoji = k.emoji and x.user_id = k.user_id`,
    types: ["bigint", "text", "bigint"],
  })),
  insert("newReactions", "reactions", {
    message_id: "bigint",
    emoji: "text",
    user_id: "bigint",
    position: "bigint",
    seq: "bigint",
  }),
  write("removedTexts", ["message_id"], (k) => ({
    text: `delete from earlier_texts x using ${k} where x.message_id = k.message_id`,
    types: ["bigint"],
  })),
  write("removedTexts", ["message_id"], (k) => ({
    text: `delete from forwards x using ${k} where x.message_id = k.message_id`,
    types: ["bigint"],
  })),
  insert("newEarlierTexts", "earlier_texts", {
    message_id: "bigint",
    author_id: "bigint",
    content: "text",
    written_at: "bigint",
  }),
  write("newEarlierTexts", ["message_id"], (k) => ({
    text: `delete from earlier_texts x using (select distinct message_id from ${k}) d
      where x.message_id = d.message_id and x.id <= (select y.id from earlier_texts y
        where y.message_id = d.message_id order by y.id desc limit 1 offset ${limits.earlierTexts})`,
    types: ["bigint"],
  })),
  insert("newForwards", "forwards", {
    message_id: "bigint",
    source_id: "bigint",
    content: "text",
    written_at: "bigint",
    sticker: "text",
  }),
  write("changedPreviews", ["message_id"], (k) => ({
    text: `delete from preview_pictures x using ${k} where x.message_id = k.message_id`,
    types: ["bigint"],
  })),
  insert("newPreviewPictures", "preview_pictures", { message_id: "bigint", picture: "text" }),
  write("removedPolls", ["message_id"], (k) => ({
    text: `delete from polls x using ${k} where x.message_id = k.message_id`,
    types: ["bigint"],
  })),
  insert("newPolls", "polls", {
    message_id: "bigint",
    answers: "text",
    multiple: "int",
    anonymous: "int",
    ends_at: "bigint",
    counts: "text",
    voters: "bigint",
  }),
  write("changedPolls", ["message_id", "ends_at", "counts", "voters"], (k) => ({
    text: `update polls t set ends_at = k.ends_at, counts = k.counts, voters = k.voters from ${k}
      where t.message_id = k.message_id`,
    types: ["bigint", "bigint", "text", "bigint"],
  })),
  write("newBallots", ["message_id", "user_id", "answers", "seq"], (k) => ({
    text: `insert into ballots (message_id, user_id, answers, seq) select * from ${k}
      on conflict (message_id, user_id) do update set answers = excluded.answers, seq = excluded.seq`,
    types: ["bigint", "bigint", "text", "bigint"],
  })),
  // Two statements, because of one with both conditions each row reads all notifications of its message.
  ...["k.user_id is null", "x.user_id = k.user_id and x.kind = 'mention'"].map((condition) =>
    write("removedNotifications", ["message_id", "user_id"], (k) => ({
      text: `delete from notifications x using ${k} where x.message_id = k.message_id and ${condition}`,
      types: ["bigint", "bigint"],
    })),
  ),
  write("removedEveryone", ["message_id"], (k) => ({
    text: `delete from notifications x using ${k} where x.message_id = k.message_id
      and x.kind in ('everyone', 'here', 'role')`,
    types: ["bigint"],
  })),
  write(
    "newNotifications",
    ["id", "user_id", "kind", "actor_id", "server_id", "channel_id", "message_id", "created_at"],
    (k) => ({
      text: `insert into notifications
        (id, user_id, kind, actor_id, server_id, channel_id, message_id, created_at, read_at) overriding system value
        select k.*, case when ${isSilenced(named)} then k.created_at end from ${k}`,
      types: ["bigint", "bigint", "text", "bigint", "bigint", "bigint", "bigint", "bigint"],
    }),
  ),
  toMembers("newRoles", "role", `m.user_id = g.user_id and not ${suppressesRoles(addressed)}`),
  toMembers("newHere", "here", `m.user_id = g.user_id and not ${suppressesEveryone(addressed)}`),
  mentionedThrough("newRoles"),
  mentionedThrough("newHere"),
  toMembers("newEveryone", "everyone", `not ${suppressesEveryone(addressed)}`),
  write("newNotifications", ["id"], (k) => ({
    text: pushNotifications(`n.id in (select k.id from ${k})`),
    types: ["bigint"],
  })),
  write("newEveryone", ["message_id"], (k) => ({
    text: pushNotifications(`n.kind = 'everyone' and n.message_id in (select k.message_id from ${k})`),
    types: ["bigint"],
  })),
  write("newRoles", ["message_id", "created_at"], (k) => ({
    text: pushNotifications(
      `n.kind = 'role' and (n.message_id, n.created_at) in (select k.message_id, k.created_at from ${k})`,
    ),
    types: ["bigint", "bigint"],
  })),
  write("newHere", ["message_id"], (k) => ({
    text: pushNotifications(`n.kind = 'here' and n.message_id in (select k.message_id from ${k})`),
    types: ["bigint"],
  })),
  write("newPrivate", ["id", "channel_id", "author_id", "created_at"], (k) => ({
    text: pushPrivate(`${k} cross join`, {
      channelId: "k.channel_id",
      messageId: "k.id",
      authorId: "k.author_id",
      at: "k.created_at",
    }),
    types: ["bigint", "bigint", "bigint", "bigint"],
  })),
  write("lastSends", ["channel_id", "user_id", "sent_at"], (k) => ({
    text: `insert into last_sends (channel_id, user_id, sent_at) select * from ${k}
      on conflict (channel_id, user_id) do update set sent_at = excluded.sent_at`,
    types: ["bigint", "bigint", "bigint"],
  })),
  write("automodSends", ["server_id", "user_id", "sends"], (k) => ({
    // In the order in which they are locked when they are read.
    text: `insert into automod_sends (server_id, user_id, sends) select * from ${k} order by k.server_id, k.user_id
      on conflict (server_id, user_id) do update set sends = excluded.sends`,
    types: ["bigint", "bigint", "text"],
  })),
  write("activeThreads", ["id", "active_at"], (k) => ({
    text: `update channels t set active_at = k.active_at, archived = 0 from ${k} where t.id = k.id`,
    types: ["bigint", "bigint"],
  })),
  write("newFollowers", ["channel_id", "user_id", "author_id"], (k) => ({
    text: `insert into thread_followers (channel_id, user_id) select k.channel_id, k.user_id from ${k}
      where not exists (select 1 from blocks b where b.user_id = k.user_id and b.blocked_id = k.author_id)
      on conflict do nothing`,
    types: ["bigint", "bigint", "bigint"],
  })),
  insert("newAuditEntries", "audit_log", {
    server_id: "bigint",
    actor_id: "bigint",
    action: "text",
    user_id: "bigint",
    channel_id: "bigint",
    role_id: "bigint",
    subject: "text",
    restricted: "int",
    reason: "text",
    changes: "text",
    created_at: "bigint",
  }),
];

/** Queues all changes at once, each as one statement for all of its rows. Of several errors, the first statement's comes first. */
export function writeChanges(pipeline: Pipeline, changes: LogChanges): Promise<unknown>[] {
  return writes.flatMap(({ key, text, fields }, index) => {
    const rows = changes[key] as readonly Readonly<Record<string, unknown>>[];
    if (rows.length === 0) return [];
    return [
      pipeline.query({ name: `write-${index}`, text, values: fields.map((field) => rows.map((row) => row[field])) }),
    ];
  });
}

/** Notifies the members in the condition who see the channel, but those whom the message notifies already. */
function toMembers(key: "newEveryone" | "newRoles" | "newHere", kind: string, condition: string) {
  const fields = ["actor_id", "server_id", "channel_id", "message_id", "created_at"] as const;
  const group = key === "newEveryone" ? "" : `cross join lateral ${groupOf[key]} g`;
  const compose = (k: string) => ({
    text: `insert into notifications (user_id, kind, actor_id, server_id, channel_id, message_id, created_at, read_at)
      select m.user_id, '${kind}', k.actor_id, k.server_id, k.channel_id, k.message_id, k.created_at,
        case when ${isSilenced(addressed)} then k.created_at end
      from ${k} ${group} join members m on m.server_id = k.server_id and m.user_id <> k.actor_id
      join servers s on s.id = k.server_id join channels c on c.id = k.channel_id
      where ${seesChannel({ channels: "c", servers: "s", userId: "m.user_id" })} and ${condition}
      and ${isAddressed("c", "m.user_id")}
      and not exists (select 1 from notifications n where n.message_id = k.message_id and n.user_id = m.user_id)`,
    types: ["bigint", "bigint", "bigint", "bigint", "bigint", ...(key === "newEveryone" ? [] : ["text"])],
  });
  return key === "newEveryone" ? write(key, fields, compose) : write(key, [...fields, "targets"], compose);
}

/** Whoever is notified through a group is mentioned. */
function mentionedThrough(key: "newRoles" | "newHere") {
  return write(key, ["message_id"], (k) => ({
    text: `insert into mentions (message_id, user_id, channel_id, seq, through_group)
      select x.id, n.user_id, x.channel_id, x.seq, 1 from ${k} join messages x on x.id = k.message_id
      join notifications n on n.message_id = x.id and n.kind in ('role', 'here') on conflict do nothing`,
    types: ["bigint"],
  }));
}

/** `compose` gets the rows as a table `k` with the fields as columns. */
function write<Key extends keyof LogChanges>(
  key: Key,
  fields: Write<Key>["fields"],
  compose: (k: string) => { text: string; types: readonly string[] },
): Write<Key> {
  const { types } = compose("");
  const arrays = types.map((type, index) => `$${index + 1}::${type}[]`).join(", ");
  const { text } = compose(`unnest(${arrays}) k(${fields.join(", ")})`);
  return { key, text, fields };
}

function update<Key extends keyof LogChanges>(
  key: Key,
  table: string,
  columns: Partial<Readonly<Record<keyof LogChanges[Key][number] & string, string>>>,
): Write<Key> {
  const names = Object.keys(columns);
  const fields = ["id", ...names] as Write<Key>["fields"] & string[];
  return write(key, fields, (k) => ({
    text: `update ${table} t set ${names.map((name) => `${name} = k.${name}`).join(", ")} from ${k} where t.id = k.id`,
    types: ["bigint", ...Object.values<string | undefined>(columns).map(String)],
  }));
}

function insert<Key extends keyof LogChanges>(
  key: Key,
  table: string,
  columns: Readonly<Record<keyof LogChanges[Key][number] & string, string>>,
): Write<Key> {
  const fields = Object.keys(columns) as Write<Key>["fields"] & string[];
  return write(key, fields, (k) => ({
    // Reserved ids are given to a column that is generated always.
    text: `insert into ${table} (${fields.join(", ")}) overriding system value select k.* from ${k}`,
    types: Object.values<string>(columns),
  }));
}
