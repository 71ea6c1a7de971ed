import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { ThreadedInspector } from "../domain/attachments/threaded-inspector.ts";
import type { ExportSource } from "../domain/imports/discord/export-source.ts";
import { Expressions } from "../domain/imports/discord/expressions.ts";
import { findExports, type GuildExport } from "../domain/imports/discord/find-exports.ts";
import { previewExport } from "../domain/imports/discord/preview-export.ts";
import { printable, Report, type DiscordReport } from "../domain/imports/discord/report.ts";
import { beginning, runImport } from "../domain/imports/discord/run-import.ts";
import { placeOfServer } from "../domain/imports/discord/server-place.ts";
import { ProcessEncoder } from "../domain/pictures/process-encoder.ts";
import { OperatorError } from "../errors.ts";
import { openStorage } from "../storage/open-storage.ts";
import type { Store } from "../store/contract.ts";
import { folderSource } from "./discord/folder-source.ts";
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

/** Messages of one transaction: nobody else waits for the database. */
const batchSize = 250;
const goOn = () => Promise.resolve();

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
  const report: DiscordReport = new Report();
  const source = folderSource(await realpath(folder));
  const found = await findExports(source, report);
  if (options.preview) {
    await previewExport({ source, report, maxFileBytes: config.maxUploadBytes, pace: goOn }, found);
    return `${printable(found.guild.name)} would be imported. Nothing was written.\n${report.text()}`;
  }
  const unlock = await lockInstance(config);
  try {
    return await withStore(config, (store) => importInto(store, config, { source, found, options, report, progress }));
  } finally {
    await unlock();
  }
}

interface Run {
  source: ExportSource;
  found: GuildExport;
  options: ImportOptions;
  report: DiscordReport;
  progress: (line: string) => void;
}

async function importInto(store: Store, config: Config, run: Run): Promise<string> {
  const { source, found, options, report, progress } = run;
  const { db } = store;
  const now = systemClock.now();
  const { id: ownerId } = await ownerOf(store, options.owner);
  const storage = await openStorage(config);
  const inspector = new ThreadedInspector();
  const pictures = new ProcessEncoder();
  try {
    const server = await placeOfServer(db, found.guild, { server: options.server, ownerId, now }, report);
    const to = { db, server, report, now };
    const context = { store, storage, clock: systemClock, settings: config, pictures };
    const expressions = new Expressions(context, to, source);
    const files = { source, storage, inspector, maxBytes: config.maxUploadBytes };
    const steps = { at: beginning, batchSize, pace: goOn, progress, changed: new Set<number>() };
    await runImport({ ...to, ...files, ...steps, expressions }, found);
    return summary(server, report);
  } finally {
    await Promise.all([inspector.close(), pictures.close()]);
  }
}

function summary(
  { id, name, isShared }: { id: number; name: string; isShared: boolean },
  report: DiscordReport,
): string {
  const rights = isShared
    ? "Channels that are new are seen by nobody but those who see everything: exports do not name who saw what."
    : "Exports do not name who saw which channel: look through the channels before you invite anybody.";
  const made = report.text() || "  nothing that was not there";
  return `${printable(name)} is the server ${id}. This run made:\n${made}\n${rights} Roles have no permissions.`;
}
