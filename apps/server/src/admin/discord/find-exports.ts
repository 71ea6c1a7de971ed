import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { OperatorError } from "../../errors.ts";
import { compareIds, type ExportedChannel, type Guild } from "./format.ts";
import { readExport, UnreadableExport } from "./read-export.ts";
import { printable, type Report } from "./report.ts";

/** The files of one channel or thread, oldest messages first. */
export interface ChannelExport {
  channel: ExportedChannel;
  files: readonly string[];
  /** Of its oldest message; null: it has none. */
  firstMessageId: string | null;
}

export interface GuildExport {
  /** As on the disk, with a separator at its end left out. */
  folder: string;
  guild: Guild;
  /** Channels before threads, each in the order in which they were made. */
  channels: readonly ChannelExport[];
}

interface Head {
  file: string;
  guild: Guild;
  channel: ExportedChannel;
  /** The first two at most. */
  messageIds: string[];
}

const filesAtMost = 100_000;
const levelsAtMost = 8;
/** DiscordChatExporter puts the files of `X.json` into the folder `X.json_Files`. */
const mediaFolder = /_Files$/;

/**
 * Looks at the beginning of each JSON file in the folder and those in it; links are not followed. Files that are no exports are reported.
 * @throws OperatorError when there are none, or of more than one server.
 */
export async function findExports(folder: string, report: Report): Promise<GuildExport> {
  const heads: Head[] = [];
  for await (const file of jsonFiles(folder, 0)) {
    if (heads.length >= filesAtMost) throw new OperatorError(`There are more than ${filesAtMost} files in ${folder}.`);
    const head = await headOf(file, report, relative(folder, file));
    if (head) heads.push(head);
  }
  const [first] = heads;
  if (!first) throw new OperatorError(`${folder} holds no exports that can be read: they are files of type JSON.`);
  const guilds = new Map(heads.map(({ guild }) => [guild.id, guild]));
  if (guilds.size > 1) {
    const names = [...guilds.values()].map(({ id, name }) => `${printable(name)} (${id})`);
    throw new OperatorError(`${folder} holds exports of several servers: ${names.join(", ")}. Import one at a time.`);
  }
  const byChannel = Map.groupBy(heads, ({ channel }) => channel.id);
  const channels = [...byChannel.values()].map((parts) => inOrder(parts));
  return { folder, guild: first.guild, channels: channels.toSorted(byKindAndAge) };
}

export function isThread({ type }: ExportedChannel): boolean {
  return type.endsWith("Thread") || ["10", "11", "12"].includes(type);
}

async function* jsonFiles(folder: string, level: number): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.toLowerCase().endsWith(".json")) yield path;
    if (entry.isDirectory() && level < levelsAtMost && !mediaFolder.test(entry.name)) yield* jsonFiles(path, level + 1);
  }
}

async function headOf(file: string, report: Report, name: string): Promise<Head | null> {
  const head: Partial<Head> & Pick<Head, "messageIds"> = { file, messageIds: [] };
  try {
    for await (const entry of readExport(file)) {
      if (entry.kind === "guild") head.guild = entry.guild;
      if (entry.kind === "channel") head.channel = entry.channel;
      if (entry.kind === "message") head.messageIds.push(entry.message.id);
      if (head.messageIds.length > 1) break;
    }
  } catch (error) {
    if (!(error instanceof UnreadableExport)) throw error;
    // Cut off after its beginning: what it has is imported, and the rest reported then.
    if (!head.guild || !head.channel) {
      report.lost("files that are no exports", `${name}: ${error.message}`);
      return null;
    }
  }
  const { guild, channel, messageIds } = head;
  const fault = refusal(channel, messageIds);
  if (guild && channel && fault === null) return { file, guild, channel, messageIds };
  report.lost(fault ?? "files that are no exports", name);
  return null;
}

function refusal(channel: ExportedChannel | undefined, [first, second]: readonly string[]): string | null {
  if (!channel) return null;
  if (channel.type.startsWith("Direct")) return "private conversations, which belong to their people";
  if (/^(?:GuildPrivateThread|12)$/.test(channel.type))
    return "private threads: threads here are seen by all who see the channel";
  if (first !== undefined && second !== undefined && compareIds(first, second) > 0) {
    return "files with the newest message first: export without --reverse";
  }
  return null;
}

function inOrder(parts: readonly Head[]): ChannelExport {
  const sorted = parts.toSorted((a, b) => compareIds(a.messageIds[0] ?? "0", b.messageIds[0] ?? "0"));
  const firstMessageId = sorted.find(({ messageIds }) => messageIds.length > 0)?.messageIds[0] ?? null;
  return { channel: sorted[0]!.channel, files: sorted.map(({ file }) => file), firstMessageId };
}

function byKindAndAge({ channel: a }: ChannelExport, { channel: b }: ChannelExport): number {
  return Number(isThread(a)) - Number(isThread(b)) || compareIds(a.id, b.id);
}
