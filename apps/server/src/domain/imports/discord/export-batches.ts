import type { ExportSource } from "./export-source.ts";
import type { ExportedMessage } from "./format.ts";
import { readExport, UnreadableExport } from "./read-export.ts";
import type { DiscordReport } from "./report.ts";

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

/** Of the messages of a batch, which are in memory together and written in one transaction. */
const bytesAtMost = 4 * 1024 * 1024;
const reactionsAtMost = 2_000;

export interface Batch {
  messages: ExportedMessage[];
  /** Entries of the file up to the end of this batch, lines that are no messages among them. */
  entries: number;
}

interface Reading {
  source: Pick<ExportSource, "open">;
  report: DiscordReport;
  /** Messages of a batch, at most. */
  size: number;
  /** Entries of the file that are passed over, because an earlier run has reported them. */
  skip?: number;
}

/**
 * The messages of a file. What cannot be read, or is no message, is reported with the batch that it comes before. The last batch
 * may be empty.
 */
export async function* batches(file: string, { source, report, size, skip = 0 }: Reading): AsyncGenerator<Batch> {
  let messages: ExportedMessage[] = [];
  let entries = 0;
  let [bytes, reactions] = [0, 0];
  try {
    for await (const entry of readExport(await source.open(file))) {
      if (entry.kind === "guild" || entry.kind === "channel") continue;
      entries += 1;
      if (entries <= skip) continue;
      if (entry.kind === "unreadable") report.lost("unreadableMessages", file);
      else if (isMessage(entry.message, report)) {
        messages.push(entry.message);
        bytes += entry.bytes;
        reactions += entry.message.reactions.reduce((sum, { users }) => sum + users.length, 0);
      }
      if (messages.length < size && bytes < bytesAtMost && reactions < reactionsAtMost) continue;
      yield { messages, entries };
      messages = [];
      [bytes, reactions] = [0, 0];
    }
  } catch (error) {
    if (!(error instanceof UnreadableExport)) throw error;
    report.lost("cutFiles", `${file}: ${error.message}`);
  }
  yield { messages, entries };
}

function isMessage({ type }: ExportedMessage, report: DiscordReport): boolean {
  if (messageTypes.has(type)) return true;
  if (!starterTypes.has(type)) report.lost("systemLines", type);
  return false;
}
