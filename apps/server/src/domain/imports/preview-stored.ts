import { importedItems } from "../../store/queries/discord.ts";
import { serverById } from "../../store/queries/servers.ts";
import { announceImports } from "./announce-imports.ts";
import { findExports } from "./discord/find-exports.ts";
import { previewExport } from "./discord/preview-export.ts";
import { printable, Report, type DiscordReport } from "./discord/report.ts";
import { beginning } from "./discord/run-import.ts";
import { change, pacer, type Job } from "./job.ts";
import { waitingMs } from "./manage-imports.ts";
import type { Preview, StoredPosition } from "./present-import.ts";
import { storedSource } from "./stored-source.ts";

/** Lines of the export between two notes of how far the preview is. */
const noteEvery = 2_000;

/** Looks through what was uploaded, and keeps what it found. */
export async function previewStored(job: Job): Promise<void> {
  const { context, row } = job;
  const { store, clock, instance } = context;
  const report: DiscordReport = new Report();
  const source = await storedSource(context, row.id);
  const pace = pacer(job);
  const found = await findExports(source, report, pace);
  let noted = 0;
  const note = async (read: number) => {
    if (read - noted >= noteEvery) {
      noted = read;
      const position: StoredPosition = { at: { ...beginning, read }, left: [], changed: [], started: [] };
      await change(job, store.db, { position: JSON.stringify(position), failures: 0 });
    }
    await pace();
  };
  const maxFileBytes = instance.values.max_upload_bytes;
  const total = await previewExport({ source, report, maxFileBytes, pace: note }, found);
  const before = await serverBefore(job, found.guild.id);
  const preview: Preview = {
    server: printable(found.guild.name),
    server_id: before?.isOwn ? before.id : null,
    report: report.toJSON(),
  };
  const expiresAt = clock.now() + waitingMs;
  await change(job, store.db, {
    status: "ready",
    due_at: expiresAt,
    expires_at: expiresAt,
    total,
    position: null,
    preview: JSON.stringify(preview),
    fault: before && !before.isOwn ? "other_owner" : null,
  });
  await announceImports(context);
}

/** The server that an export of this one went into before. */
async function serverBefore({ context, row }: Job, guildId: string): Promise<{ id: number; isOwn: boolean } | null> {
  const { db } = context.store;
  const id = (await importedItems(db, "server", [guildId])).get(guildId);
  const server = id === undefined ? undefined : await serverById(db, id);
  return server ? { id: server.id, isOwn: server.owner_id === row.user_id } : null;
}
