import type { ImportLoss } from "@miscord/protocol";
import type { ExportSource } from "./export-source.ts";
import { ImportFault } from "./fault.ts";
import { compareIds, type ExportedChannel, type Guild } from "./format.ts";
import { readExport, UnreadableExport } from "./read-export.ts";
import { printable, type DiscordReport } from "./report.ts";

/** The files of one channel or thread, oldest messages first. */
export interface ChannelExport {
  channel: ExportedChannel;
  files: readonly string[];
  /** Of its oldest message; null: it has none. */
  firstMessageId: string | null;
}

export interface GuildExport {
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

/**
 * Looks at the beginning of each JSON file. Files that are no exports are reported. `goOn` is called before each, and throws to
 * end the search.
 * @throws ImportFault when there are none, or of more than one server.
 */
export async function findExports(
  source: ExportSource,
  report: DiscordReport,
  goOn: () => Promise<void> = () => Promise.resolve(),
): Promise<GuildExport> {
  const heads: Head[] = [];
  for await (const file of source.jsonFiles()) {
    await goOn();
    if (heads.length >= filesAtMost)
      throw new ImportFault("too_many_files", `There are more than ${filesAtMost} files in ${source.name}.`);
    const head = await headOf(source, file, report);
    if (head) heads.push(head);
  }
  const [first] = heads;
  if (!first)
    throw new ImportFault(
      "no_exports",
      `${source.name} holds no exports that can be read: they are files of type JSON.`,
    );
  const guilds = new Map(heads.map(({ guild }) => [guild.id, guild]));
  if (guilds.size > 1) {
    const names = [...guilds.values()].map(({ id, name }) => `${printable(name)} (${id})`);
    const text = `${source.name} holds exports of several servers: ${names.join(", ")}. Import one at a time.`;
    throw new ImportFault("several_servers", text);
  }
  const byChannel = Map.groupBy(heads, ({ channel }) => channel.id);
  const channels = [...byChannel.values()].map((parts) => inOrder(parts));
  return { guild: first.guild, channels: channels.toSorted(byKindAndAge) };
}

export function isThread({ type }: ExportedChannel): boolean {
  return type.endsWith("Thread") || ["10", "11", "12"].includes(type);
}

async function headOf(source: ExportSource, file: string, report: DiscordReport): Promise<Head | null> {
  const head: Partial<Head> & Pick<Head, "messageIds"> = { file, messageIds: [] };
  try {
    for await (const entry of readExport(await source.open(file))) {
      if (entry.kind === "guild") head.guild = entry.guild;
      if (entry.kind === "channel") head.channel = entry.channel;
      if (entry.kind === "message") head.messageIds.push(entry.message.id);
      if (head.messageIds.length > 1) break;
    }
  } catch (error) {
    if (!(error instanceof UnreadableExport)) throw error;
    // Cut off after its beginning: what it has is imported, and the rest reported then.
    if (!head.guild || !head.channel) {
      report.lost("noExport", `${file}: ${error.message}`);
      return null;
    }
  }
  const { guild, channel, messageIds } = head;
  const fault = refusal(channel, messageIds);
  if (guild && channel && fault === null) return { file, guild, channel, messageIds };
  report.lost(fault ?? "noExport", file);
  return null;
}

function refusal(channel: ExportedChannel | undefined, [first, second]: readonly string[]): ImportLoss | null {
  if (!channel) return null;
  if (channel.type.startsWith("Direct")) return "privateConversations";
  if (/^(?:GuildPrivateThread|12)$/.test(channel.type)) return "privateThreads";
  if (first !== undefined && second !== undefined && compareIds(first, second) > 0) {
    return "reversed";
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
