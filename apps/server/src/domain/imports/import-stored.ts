import { requireRoom } from "../attachments/upload-limits.ts";
import { announceImports } from "./announce-imports.ts";
import { Expressions } from "./discord/expressions.ts";
import { ImportFault } from "./discord/fault.ts";
import { findExports, type GuildExport } from "./discord/find-exports.ts";
import type { ChannelImport } from "./discord/import-channel.ts";
import type { ExportSource } from "./discord/export-source.ts";
import { Report, type DiscordReport } from "./discord/report.ts";
import { beginning, runImport } from "./discord/run-import.ts";
import { placeOfServer, type ServerPlace } from "./discord/server-place.ts";
import { change, pacer, type ImportContext, type Job } from "./job.ts";
import { ended } from "./manage-imports.ts";
import { positionOf, reportOf, type StoredPosition } from "./present-import.ts";
import { storedSource } from "./stored-source.ts";

/** Messages of one transaction, for which everybody who writes waits. */
const batchSize = 50;

/**
 * Imports what was uploaded, or goes on after the last step. Each step is one transaction, which notes how far the import has
 * come and what it has left out: whoever goes on with it, and whenever, nothing is lost, there twice, or counted twice.
 */
export async function importStored(job: Job): Promise<void> {
  const { context, row } = job;
  const { store, clock } = context;
  const report: DiscordReport = new Report(reportOf(row));
  const source = await storedSource(context, row.id);
  const pace = pacer(job);
  // A run that goes on has counted what the search leaves out.
  const found = await findExports(source, row.position === null ? report : new Report(), pace);
  const server = await placed(job, found, report);
  const to = channelImport(job, { source, server, report, pace });
  await runImport(to, found);
  await change(job, store.db, { ...noted(to), ...ended("done", clock.now()) });
  await announceImports(context);
}

function placed(job: Job, { guild }: GuildExport, report: DiscordReport): Promise<ServerPlace> {
  const { context, row } = job;
  // It was set while there was a server.
  if (row.announce !== null && row.server_id === null) throw gone();
  const wanted = { server: row.name ?? undefined, ownerId: row.user_id, now: context.clock.now(), isHidden: true };
  const note = async (db: ImportContext["store"]["db"], { id, ownerId }: ServerPlace, isNew: boolean) => {
    if (row.server_id !== null && row.server_id !== id) throw gone();
    if (ownerId !== row.user_id) {
      throw new ImportFault("other_owner", "The export went into a server of somebody else before.");
    }
    await change(job, db, {
      server_id: id,
      announce: isNew ? "server" : (row.announce ?? "changes"),
      ...(row.position === null && written({ at: beginning, left: [], changed: [], started: [] }, report)),
    });
  };
  return placeOfServer(context.store.db, guild, { ...wanted, isNameOnly: true, note }, report);
}

const gone = () => new ImportFault("server_gone", "The server of this import was deleted.");

interface Parts {
  source: ExportSource;
  server: ServerPlace;
  report: DiscordReport;
  pace: () => Promise<void>;
}

function channelImport(job: Job, { source, server, report, pace }: Parts): ChannelImport {
  const { context, row } = job;
  const { store, storage, inspector, clock, instance } = context;
  const { at = beginning, left = [], changed = [], started = [] } = positionOf(row) ?? {};
  const base = {
    db: store.db,
    server,
    report,
    now: clock.now(),
    started: new Set(started),
    note: (db: ImportContext["store"]["db"]) => change(job, db, noted(to)),
  };
  const expressions = new Expressions(context, base, source, left);
  const to: ChannelImport = {
    ...base,
    source,
    storage,
    inspector,
    expressions,
    at,
    batchSize,
    pace,
    progress: () => {},
    changed: new Set(changed),
    maxBytes: instance.values.max_upload_bytes,
    requireRoom: (bytes) => requireRoom(context, bytes),
  };
  return to;
}

function noted({ at, expressions, changed, started = new Set(), report }: ChannelImport) {
  const lists = { left: [...expressions.left], changed: [...changed], started: [...started] };
  return written({ at, ...lists }, report);
}

function written(position: StoredPosition, report: DiscordReport) {
  return { position: JSON.stringify(position), report: JSON.stringify(report), failures: 0 };
}
