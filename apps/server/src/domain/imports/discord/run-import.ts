import type { GuildExport } from "./find-exports.ts";
import { importChannel, type ChannelImport } from "./import-channel.ts";

export const beginning = { channel: 0, file: 0, entry: 0, newest: "0", read: 0 } as const;

/**
 * Imports what is not there yet of an export, from the position on. Whenever the process ends, what is there stands once and in
 * order, and a run from the position that was noted last goes on with it.
 */
export async function runImport(to: ChannelImport, { channels }: GuildExport): Promise<void> {
  for (const [index, channel] of channels.entries()) {
    if (index < to.at.channel) continue;
    if (index > to.at.channel) to.at = { ...beginning, channel: index, read: to.at.read };
    await importChannel(to, channel);
  }
  to.at = { ...beginning, channel: channels.length, read: to.at.read };
}
