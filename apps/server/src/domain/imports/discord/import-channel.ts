import { makeManyAuthors } from "./authors.ts";
import { placeOfChannel, type Import } from "./channel-place.ts";
import { batches, type Batch } from "./export-batches.ts";
import type { ExportSource } from "./export-source.ts";
import type { Expressions } from "./expressions.ts";
import { isThread, type ChannelExport } from "./find-exports.ts";
import { compareIds } from "./format.ts";
import { importMessages, unknownOf, type ReadyMessage } from "./import-messages.ts";
import { keepFiles, type FileImport } from "./keep-files.ts";
import { printable } from "./report.ts";
import { placeOfThread } from "./thread-place.ts";

/** How far an import has come. What comes next: a channel, its file, and an entry in that. */
export interface Position {
  channel: number;
  file: number;
  entry: number;
  /** Id of the newest message of the channel so far. */
  newest: string;
  /** Entries of all files so far. */
  read: number;
}

export interface ChannelImport extends Import, FileImport {
  source: ExportSource;
  expressions: Expressions;
  at: Position;
  /** Messages that are written in one transaction. */
  batchSize: number;
  /** Called after each batch; throws to end the import. */
  pace: () => Promise<void>;
  progress: (line: string) => void;
  /** Channels that have got messages, or are new. */
  changed: Set<number>;
}

/** Imports what is not there yet of one channel or thread, from the position on. */
export async function importChannel(to: ChannelImport, exported: ChannelExport): Promise<void> {
  const { channel, files } = exported;
  const channelId = isThread(channel) ? await placeOfThread(to, exported) : await placeOfChannel(to, exported);
  if (channelId === null) return;
  to.changed.add(channelId);
  let done = 0;
  for (const [index, file] of files.entries()) {
    if (index < to.at.file) continue;
    to.at = { ...to.at, file: index, entry: index === to.at.file ? to.at.entry : 0 };
    const reading = { source: to.source, report: to.report, size: to.batchSize, skip: to.at.entry };
    for await (const batch of batches(file, reading)) {
      await importBatch(to, { id: channelId, name: channel.name }, file, batch);
      done += batch.messages.length;
      to.progress(`${printable(channel.name)}: ${done}`);
      await to.pace();
    }
  }
}

interface Target {
  id: number;
  name: string;
}

async function importBatch(to: ChannelImport, channel: Target, file: string, { messages, entries }: Batch) {
  const { at } = to;
  const unknown = await unknownOf(to.db, messages);
  await to.expressions.prepare(file, unknown);
  const ready: ReadyMessage[] = [];
  for (const message of unknown) ready.push({ message, files: await keepFiles(to, file, message) });
  await makeManyAuthors(to, unknown, to.pace);
  const late = messages.filter(({ id }, index) => compareIds(id, messages[index - 1]?.id ?? at.newest) < 0);
  const lateIds = new Set(late.map(({ id }) => id));
  const misplaced = unknown.filter(({ id }) => lateIds.has(id)).length;
  if (misplaced > 0) to.report.lost("lateMessages", channel.name, misplaced);
  const newest = messages.at(-1)?.id ?? at.newest;
  to.at = { ...at, entry: entries, newest, read: at.read + entries - at.entry };
  if (ready.length > 0) await importMessages(to, channel.id, ready);
  else await to.note?.(to.db);
}
