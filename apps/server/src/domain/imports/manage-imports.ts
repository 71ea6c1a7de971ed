import { randomBytes } from "node:crypto";
import {
  importLimits,
  type ImportFiles,
  type ImportFilesBody,
  type ImportList,
  type InstanceImport,
} from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { ImportRow } from "../../store/import-tables.ts";
import * as queries from "../../store/queries/imports.ts";
import { recordInInstance } from "../../store/queries/instance.ts";
import { usersById } from "../../store/queries/users.ts";
import { isUniqueViolation } from "../../store/sql-dialect.ts";
import { requireAdmin } from "../access.ts";
import { requireRoom, tooLarge } from "../attachments/upload-limits.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireAdminCommand } from "../instance/settings.ts";
import { requireRoomFor, requireStaying } from "../servers/create-server.ts";
import { announceImports } from "./announce-imports.ts";
import { presentImport } from "./present-import.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "storage" | "settings">;

const listed = 10;
const dayMs = 24 * 3_600_000;
export const waitingMs = importLimits.waitingDays * dayMs;

/** The latest imports, the newest first. Throws `forbidden`. */
export async function listImports({ store }: Pick<Context, "store">, actor: Actor): Promise<ImportList> {
  await requireAdmin({ store }, actor);
  const rows = await queries.latestImports(store.db, listed);
  return { imports: await Promise.all(rows.map((row) => present({ store }, row))) };
}

/**
 * Begins an import, whose files are uploaded next. An import makes accounts in the names of others and reads what is uploaded
 * without a limit of its own, so administrators of the instance make one. Throws `forbidden`, `rate_limited`, or `conflict` while
 * another one is open.
 */
export async function createImport(context: Context, actor: Actor): Promise<InstanceImport> {
  const { store, clock } = context;
  await requireAdminCommand(context, actor);
  const id = randomBytes(18).toString("base64url");
  const now = clock.now();
  const times = { created_at: now, due_at: now + waitingMs, expires_at: now + waitingMs };
  try {
    await queries.insertImport(store.db, { id, user_id: actor.userId, ...times });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("conflict", "There is an import that has not ended yet.");
  }
  return presented(context, id);
}

/**
 * Announces files. Throws `forbidden`, `not_found`, `conflict` (it takes no files any more), `limit_reached`, `too_large` or
 * `storage_full`.
 */
export async function addImportFiles(
  context: Context,
  actor: Actor,
  id: string,
  { files }: ImportFilesBody,
): Promise<ImportFiles> {
  const { store, clock } = context;
  await requireAdmin(context, actor);
  await requireImport(context, id);
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  return store.db.transaction().execute(async (db) => {
    const known = new Map((await queries.importFilesAt(db, id, [...sizes.keys()])).map((file) => [file.path, file]));
    const fresh = [...sizes].filter(([path]) => !known.has(path));
    const added = { files: fresh.length, bytes: fresh.reduce((sum, [, size]) => sum + size, 0) };
    if (added.bytes > importLimits.bytes) throw tooLarge(importLimits.bytes);
    const room = await queries.takeRoom(db, id, added, clock.now() + waitingMs);
    if (!room) throw new AppError("conflict", "This import takes no more files.");
    if (room.files > importLimits.files) {
      throw new AppError("limit_reached", `An import has at most ${importLimits.files} files.`);
    }
    if (room.start + added.bytes > importLimits.bytes) throw tooLarge(importLimits.bytes);
    const row = (await queries.importById(db, id))!;
    await requireRoom(context, row.bytes - row.received);
    let { start } = room;
    for (const [path, size] of fresh) {
      known.set(path, { import_id: id, path, start, size });
      start += size;
    }
    await queries.insertImportFiles(
      db,
      fresh.map(([path]) => known.get(path)!),
    );
    if (files.some(({ path, size }) => known.get(path)!.size !== size)) {
      throw new AppError("conflict", "A file is not the one that was announced.", {
        details: { reason: "other_files" },
      });
    }
    return { starts: files.map(({ path }) => known.get(path)!.start), received: row.received };
  });
}

/** Looks through the files for the preview. Throws `forbidden`, `not_found`, `rate_limited`, or `conflict` before all have come. */
export async function readImport(context: Context, actor: Actor, id: string): Promise<InstanceImport> {
  const { store, clock } = context;
  await requireAdminCommand(context, actor);
  const row = await requireImport(context, id);
  if (row.files === 0 || row.received < row.bytes) throw new AppError("conflict", "The files have not all come.");
  const change = { status: "reading", due_at: clock.now(), expires_at: null, failures: 0, fault: null };
  if (row.status !== "uploading" || !(await queries.changeImport(store.db, row, change))) throw otherState();
  await announceImports(context);
  return presented(context, id);
}

/**
 * Starts the import, or goes on with one that failed. Throws `forbidden`, `not_found`, `rate_limited`, `limit_reached`, or
 * `conflict` without a preview of something that can be imported.
 */
export async function startImport(
  context: Context,
  actor: Actor,
  id: string,
  { name }: { name?: string | undefined },
): Promise<InstanceImport> {
  const { store, clock } = context;
  await requireAdminCommand(context, actor);
  const row = await requireImport(context, id);
  const isReady = row.status === "ready" && row.fault === null;
  if (!isReady && !(row.status === "failed" && row.preview !== null)) throw otherState();
  await store.db.transaction().execute(async (db) => {
    await requireStaying(db, row.user_id);
    await requireRoomFor(db, row.user_id);
    const running = { status: "running", due_at: clock.now(), expires_at: null, failures: 0, fault: null };
    const change = { ...running, ...(row.status === "ready" && name !== undefined && { name }) };
    if (!(await queries.changeImport(db, row, change))) throw otherState();
    await record(context, db, actor, "import_start", row);
  });
  await announceImports(context);
  return presented(context, id);
}

/**
 * Ends an import that is open. What it has made stays, and a later one goes on with it; its files are removed. Throws
 * `forbidden`, `not_found`, `rate_limited`, or `conflict` when it has ended.
 */
export async function cancelImport(context: Context, actor: Actor, id: string): Promise<InstanceImport> {
  const { store, clock } = context;
  await requireAdminCommand(context, actor);
  const row = await requireImport(context, id);
  await store.db.transaction().execute(async (db) => {
    if (row.finished_at !== null || !(await queries.changeImport(db, row, ended("cancelled", clock.now()))))
      throw otherState();
    await record(context, db, actor, "import_cancel", row);
  });
  await announceImports(context);
  return presented(context, id);
}

/** The rest, such as removing the files, is done where imports run. */
export function ended(status: "done" | "cancelled", now: number) {
  return { status, finished_at: now, due_at: now, expires_at: now + importLimits.reportDays * dayMs };
}

function record(
  { clock }: Pick<Context, "clock">,
  db: Parameters<typeof recordInInstance>[0],
  { userId: actorId }: Actor,
  action: "import_start" | "import_cancel",
  row: ImportRow,
): Promise<void> {
  const name = row.name ?? (row.preview === null ? null : (JSON.parse(row.preview) as { server: string }).server);
  const changes = name === null ? [] : [{ field: "name", before: null, after: name }];
  return recordInInstance(db, { actorId, action, changes, at: clock.now() });
}

async function requireImport({ store }: Pick<Context, "store">, id: string): Promise<ImportRow> {
  const row = await queries.importById(store.db, id);
  if (row) return row;
  throw new AppError("not_found", "There is no such import.");
}

async function presented(context: Pick<Context, "store">, id: string): Promise<InstanceImport> {
  return present(context, await requireImport(context, id));
}

/** Its creator may have deleted the account. */
async function present({ store }: Pick<Context, "store">, row: ImportRow): Promise<InstanceImport> {
  const [creator] = await usersById(store.db, [row.user_id]);
  return presentImport(row, creator!);
}

const otherState = () => new AppError("conflict", "The import is in another state.");
