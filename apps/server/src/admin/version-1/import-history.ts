import type { Kysely } from "kysely";
import type { UploadInspector } from "../../domain/attachments/inspection.ts";
import type { AttachmentStorage } from "../../domain/attachments/storage.ts";
import { memberIds } from "../../store/queries/members.ts";
import { raiseReadStates } from "../../store/queries/read-states.ts";
import type { Tables } from "../../store/schema.ts";
import type { ExportedMessage } from "../../domain/imports/discord/format.ts";
import { importMessages, unknownOf, type ReadyMessage } from "../../domain/imports/discord/import-messages.ts";
import { keepFiles } from "../../domain/imports/discord/keep-files.ts";
import { printable, type Report } from "../../domain/imports/discord/report.ts";
import { folderSource } from "../discord/folder-source.ts";
import type { ImportedChannel } from "./import-servers.ts";
import type { StagedDump } from "./staged-dump.ts";
import type { Row } from "./tables.ts";
import { isTrue, keyOf, timeOf } from "./values.ts";

export interface HistoryImport {
  db: Kysely<Tables>;
  storage: AttachmentStorage;
  inspector: UploadInspector;
  report: Report;
  /** Folder of version 1's uploads, with all links resolved; null: it was not named. */
  uploads: string | null;
  maxBytes: number;
  now: number;
  names: ReadonlyMap<string, string>;
}

const batchSize = 250;

/** Imports what is not there yet of a channel's messages. When there are any, the channel is read for its members. */
export async function importHistory(
  to: HistoryImport,
  dump: StagedDump,
  channel: ImportedChannel,
  progress: (line: string) => void,
): Promise<void> {
  const { db, report, now } = to;
  let done = 0;
  const before = await lastSeq(db, channel);
  for (const rows of dump.messagesIn(channel.channelId, batchSize)) {
    const attachments = dump.of("attachments", rows);
    const reactions = dump.of("reactions", rows);
    const messages = rows.flatMap((row) =>
      messageOf(to, row, attachments.get(row.id) ?? [], reactions.get(row.id) ?? []),
    );
    const ready: ReadyMessage[] = [];
    for (const message of await unknownOf(db, messages)) ready.push({ message, files: await filesOf(to, message) });
    if (ready.length > 0) await importMessages({ db, server: channel.server, report, now }, channel.localId, ready);
    done += rows.length;
    progress(`${printable(channel.name)}: ${done}`);
  }
  const seq = await lastSeq(db, channel);
  if (seq > before) await markRead(db, channel, seq);
}

function messageOf(
  { report, names, now }: HistoryImport,
  row: Row<"messages">,
  attachments: readonly Row<"attachments">[],
  reactions: readonly Row<"reactions">[],
): ExportedMessage[] {
  if (isTrue(row.is_deleted)) {
    report.lost("messages that were deleted");
    return [];
  }
  const at = timeOf(row.created_at);
  if (at === null)
    report.lost("messages without a time that can be read, which have that of the import", row.created_at);
  const author = (id: string) => ({
    id: keyOf("user", id),
    name: names.get(id) ?? `user ${id}`,
    nickname: "",
    color: "",
    isBot: false,
    roles: [],
  });
  const byEmoji = Map.groupBy(reactions, (one) => one.emoji);
  return [
    {
      id: keyOf("message", row.id),
      type: "Default",
      timestamp: at ?? now,
      timestampEdited: timeOf(row.edited_at),
      isPinned: false,
      content: row.content,
      attachments: attachments.map(({ file_url, filename }) => ({
        url: nameOfFile(file_url),
        fileName: filename ?? nameOfFile(file_url),
      })),
      embeds: [],
      stickers: [],
      inlineEmojis: [],
      author: author(row.author_id),
      reactions: [...byEmoji].map(([name, users]) => ({
        emoji: { id: "", name, imageUrl: "" },
        count: users.length,
        users: users.map(({ user_id }) => author(user_id)),
      })),
      mentions: [],
      reference: row.reply_to_id === null ? null : { messageId: keyOf("message", row.reply_to_id) },
      forwardedMessage: null,
    },
  ];
}

/** The last part of an address or path: version 1 kept its uploads in one folder. */
function nameOfFile(url: string): string {
  const name = url.split(/[?#]/, 1)[0]!.split(/[/\\]/).at(-1)!;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function filesOf({ db, storage, inspector, report, uploads, maxBytes }: HistoryImport, message: ExportedMessage) {
  // Without the folder no path is found, and the names are in the text.
  const source = folderSource(uploads ?? "/dev/null");
  return keepFiles({ db, storage, inspector, report, source, maxBytes }, "dump", message);
}

async function lastSeq(db: Kysely<Tables>, { localId }: ImportedChannel): Promise<number> {
  const row = await db.selectFrom("channels").where("id", "=", localId).select("seq").executeTakeFirstOrThrow();
  return row.seq;
}

async function markRead(
  db: Kysely<Tables>,
  { server, localId: channelId }: ImportedChannel,
  seq: number,
): Promise<void> {
  const userIds = await memberIds(db, server.id);
  for (let from = 0; from < userIds.length; from += 1_000) {
    await raiseReadStates(
      db,
      userIds.slice(from, from + 1_000).map((userId) => ({ userId, channelId, seq })),
    );
  }
}
