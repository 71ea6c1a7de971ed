import { placeOfChannel, type Import } from "./channel-place.ts";
import { isThread, type ChannelExport } from "./find-exports.ts";
import { compareIds, type ExportedMessage } from "./format.ts";
import { importMessages, unknownOf, type ReadyMessage } from "./import-messages.ts";
import { keepFiles, type FileImport } from "./keep-files.ts";
import { readExport, UnreadableExport } from "./read-export.ts";
import { printable, type Report } from "./report.ts";
import { placeOfThread } from "./thread-place.ts";

const batchSize = 250;

/** `20` and `23` are answers of bots to commands. All other types tell what happened, such as who joined. */
const messageTypes: ReadonlySet<string> = new Set([
  "Default",
  "Reply",
  "0",
  "19",
  "20",
  "23",
  "ChatInputCommand",
  "ContextMenuCommand",
]);
/** The copy of the message that a thread was started from, which shows it here by itself. */
const starterTypes: ReadonlySet<string> = new Set(["ThreadStarterMessage", "21"]);

/** Imports what is not there yet of one channel or thread. */
export async function importChannel(
  to: Import & FileImport,
  exported: ChannelExport,
  progress: (line: string) => void,
): Promise<void> {
  const { channel } = exported;
  const channelId = isThread(channel) ? await placeOfThread(to, exported) : await placeOfChannel(to, exported);
  if (channelId === null) return;
  let done = 0;
  let newest = "0";
  for (const file of exported.files) {
    for await (const batch of batches(file, to.report)) {
      const late = batch.filter(({ id }, index) => compareIds(id, batch[index - 1]?.id ?? newest) < 0);
      newest = batch.at(-1)!.id;
      const unknown = await unknownOf(to.db, batch);
      const ready: ReadyMessage[] = [];
      for (const message of unknown) ready.push({ message, files: await keepFiles(to, file, message) });
      if (ready.length > 0) await importMessages(to, channelId, ready);
      const lateIds = new Set(late.map(({ id }) => id));
      const misplaced = unknown.filter(({ id }) => lateIds.has(id)).length;
      if (misplaced > 0)
        to.report.lost("messages that stand behind newer ones, as in the file", channel.name, misplaced);
      done += batch.length;
      progress(`${printable(channel.name)}: ${done}`);
    }
  }
}

/** Counts what a run would read. */
export async function previewChannel(report: Report, { channel, files }: ChannelExport): Promise<void> {
  const kind = isThread(channel) ? "threads and posts" : "channels";
  report.made(kind);
  for (const file of files) {
    for await (const batch of batches(file, report)) {
      report.made("messages", batch.length);
      report.made("files that messages name", sum(batch.map(({ attachments }) => attachments.length)));
      report.made("reactions", sum(batch.flatMap(({ reactions }) => reactions.map(({ count }) => count))));
      const custom = batch.flatMap(({ reactions }) => reactions.filter(({ emoji }) => emoji.id !== ""));
      for (const { emoji, count } of custom)
        report.lost("reactions with custom emoji", `:${emoji.name}:`, Math.max(count, 1));
    }
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** The messages of a file; what cannot be read, or is no message, is reported. */
async function* batches(file: string, report: Report): AsyncGenerator<ExportedMessage[]> {
  let batch: ExportedMessage[] = [];
  try {
    for await (const entry of readExport(file)) {
      if (entry.kind === "unreadable") report.lost("messages that cannot be read", file);
      if (entry.kind !== "message" || !isMessage(entry.message, report)) continue;
      batch.push(entry.message);
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (!(error instanceof UnreadableExport)) throw error;
    report.lost("files that could be read in part only", `${file}: ${error.message}`);
  }
  if (batch.length > 0) yield batch;
}

function isMessage({ type }: ExportedMessage, report: Report): boolean {
  if (messageTypes.has(type)) return true;
  if (!starterTypes.has(type)) report.lost("lines that are no messages, such as joins and calls", type);
  return false;
}
