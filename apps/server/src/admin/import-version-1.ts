import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { ThreadedInspector } from "../domain/attachments/threaded-inspector.ts";
import { OperatorError } from "../errors.ts";
import { openStorage } from "../storage/open-storage.ts";
import type { Store } from "../store/contract.ts";
import { Report } from "../domain/imports/discord/report.ts";
import { lockInstance } from "./lock-instance.ts";
import { withStore } from "./open-store.ts";
import { ownerOf } from "./owner-of.ts";
import { importAccounts } from "./version-1/import-accounts.ts";
import { importHistory } from "./version-1/import-history.ts";
import { importServers } from "./version-1/import-servers.ts";
import { StagedDump } from "./version-1/staged-dump.ts";
import { expectedTables, type TableName } from "./version-1/tables.ts";

interface ImportOptions {
  /** Reads everything and writes nothing. */
  preview?: boolean | undefined;
  /** Username of the operator, whose account here becomes that of version 1; by default the first administrator. */
  owner?: string | undefined;
  /** Folder with the files that were uploaded to version 1. */
  uploads?: string | undefined;
}

/**
 * Imports accounts, servers and messages of version 1 from a dump of its database. May be interrupted at any time and repeated,
 * also with a later dump: what is there stays as it is. The server must be stopped. @throws OperatorError or StartupError
 */
export async function importVersion1(
  config: Config,
  dump: string,
  options: ImportOptions,
  progress: (line: string) => void,
): Promise<string> {
  for (const path of [dump, options.uploads]) {
    if (path !== undefined && !existsSync(path)) throw new OperatorError(`There is no ${path}.`);
  }
  const staged = await StagedDump.read(dump);
  try {
    if (options.preview) return preview(staged);
    return await importStaged(config, staged, options, progress);
  } finally {
    staged.close();
  }
}

function preview(staged: StagedDump): string {
  const found = Object.keys(expectedTables).flatMap((table) => {
    const count = staged.count(table as TableName);
    return count > 0 ? [`  ${table.padEnd(28)}${count}`] : [];
  });
  const others = [...staged.others].map(([table, count]) => `  ${table}: ${count}`);
  const left = others.length > 0 ? ["Tables that are not imported:", ...others] : [];
  return ["Nothing was written. The dump has:", ...found, ...left].join("\n");
}

async function importStaged(
  config: Config,
  staged: StagedDump,
  options: ImportOptions,
  progress: (line: string) => void,
): Promise<string> {
  const unlock = await lockInstance(config);
  try {
    return await withStore(config, (store) => importInto(store, config, { staged, options, progress }));
  } finally {
    await unlock();
  }
}

interface Run {
  staged: StagedDump;
  options: ImportOptions;
  progress: (line: string) => void;
}

async function importInto(store: Store, config: Config, { staged, options, progress }: Run): Promise<string> {
  const { db } = store;
  const report = new Report();
  const now = systemClock.now();
  const owner = await ownerOf(store, options.owner);
  const storage = await openStorage(config);
  const inspector = new ThreadedInspector();
  try {
    const accounts = await importAccounts({ db, report, now, owner }, staged);
    // A run that is interrupted later says no more, and the next one has no new accounts.
    if (report.text() !== "") progress(report.text());
    const channels = await importServers({ db, report, now, accounts, ownerId: owner.id }, staged);
    const uploads = options.uploads === undefined ? null : await realpath(options.uploads);
    const names = new Map(staged.all("users").map(({ id, username }) => [id, username]));
    const files = { storage, inspector, uploads, maxBytes: config.maxUploadBytes };
    for (const channel of channels)
      await importHistory({ db, report, now, names, ...files }, staged, channel, progress);
  } finally {
    await inspector.close();
  }
  return `This run made:\n${report.text() || "  nothing that was not there"}`;
}
