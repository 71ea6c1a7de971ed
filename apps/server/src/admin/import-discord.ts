import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { ThreadedInspector } from "../domain/attachments/threaded-inspector.ts";
import { OperatorError } from "../errors.ts";
import { openStorage } from "../storage/open-storage.ts";
import type { Store } from "../store/contract.ts";
import { findExports, type GuildExport } from "./discord/find-exports.ts";
import { importChannel, previewChannel } from "./discord/import-channel.ts";
import { printable, Report } from "./discord/report.ts";
import { placeOfServer } from "./discord/server-place.ts";
import { lockInstance } from "./lock-instance.ts";
import { withStore } from "./open-store.ts";
import { ownerOf } from "./owner-of.ts";

interface ImportOptions {
  /** Reads everything and writes nothing. */
  preview?: boolean | undefined;
  /** Id of a server, or the name of the new one. */
  server?: string | undefined;
  /** Username of the owner of a new server; by default the first administrator. */
  owner?: string | undefined;
}

/**
 * Imports the exports of one server that DiscordChatExporter has written into the folder. May be interrupted at any time and
 * repeated, also with more files: what is there stays as it is. The server must be stopped. @throws OperatorError or StartupError
 */
export async function importDiscord(
  config: Config,
  folder: string,
  options: ImportOptions,
  progress: (line: string) => void,
): Promise<string> {
  if (!existsSync(folder)) throw new OperatorError(`There is no folder ${folder}.`);
  const report = new Report();
  const found = await findExports(await realpath(folder), report);
  if (options.preview) return preview(found, report);
  const unlock = await lockInstance(config);
  try {
    return await withStore(config, (store) => importInto(store, config, { found, options, report, progress }));
  } finally {
    await unlock();
  }
}

async function preview({ guild, channels }: GuildExport, report: Report): Promise<string> {
  for (const channel of channels) await previewChannel(report, channel);
  return `${printable(guild.name)} would be imported. Nothing was written.\n${report.text()}`;
}

interface Run {
  found: GuildExport;
  options: ImportOptions;
  report: Report;
  progress: (line: string) => void;
}

async function importInto(store: Store, config: Config, { found, options, report, progress }: Run): Promise<string> {
  const { db } = store;
  const now = systemClock.now();
  const { id: ownerId } = await ownerOf(store, options.owner);
  const storage = await openStorage(config);
  const inspector = new ThreadedInspector();
  try {
    const server = await placeOfServer(db, found.guild, { server: options.server, ownerId, now }, report);
    const files = { storage, inspector, root: found.folder, maxBytes: config.maxUploadBytes };
    for (const channel of found.channels) await importChannel({ db, server, report, now, ...files }, channel, progress);
    return summary(server, report);
  } finally {
    await inspector.close();
  }
}

function summary({ id, name, isShared }: { id: number; name: string; isShared: boolean }, report: Report): string {
  const rights = isShared
    ? "Channels that are new are seen by nobody but those who see everything: exports do not name who saw what."
    : "Exports do not name who saw which channel: look through the channels before you invite anybody.";
  const made = report.text() || "  nothing that was not there";
  return `${printable(name)} is the server ${id}. This run made:\n${made}\n${rights} Roles have no permissions.`;
}
