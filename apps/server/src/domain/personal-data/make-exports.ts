import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import type { ExportRow } from "../../store/schema.ts";
import { noteUnfinishedFile, uploadedBytes } from "../../store/queries/attachments.ts";
import * as exports from "../../store/queries/exports.ts";
import { userById } from "../../store/queries/users.ts";
import type { DomainContext } from "../context.ts";
import type { DueWork } from "../due-work/due-work.ts";
import { publish } from "../publish.ts";
import { keptDays } from "../kept-days.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "storage" | "cluster" | "settings">;

const pauseMs = 1_000;
const claimName = "exports";
const maxAttempts = 3;
const bytesBetweenLooks = 4 * 1024 * 1024;
const keepMs = keptDays.exports * 24 * 3_600_000;
/** Longer than making an export takes: then the file of one that came to no end is removed. */
const unfinishedMs = 24 * 3_600_000;

/**
 * Makes the exports that users asked for, one after the other, on one node of several; when it is gone, the next that looks
 * begins anew what it left. Removes those whose time is over. Returns the function that stops it.
 */
export function startExports(context: Context, due: DueWork, onError: (error: unknown) => void): () => void {
  return due.add({
    kinds: ["export", "expired_export"],
    pauseMs,
    work: () => makeExports(context, onError),
    onError,
  });
}

async function makeExports(context: Context, onError: (error: unknown) => void): Promise<void> {
  const { store, clock, cluster } = context;
  if ((await cluster.claim(claimName)) !== cluster.nodeId) return;
  const expired = await store.db.transaction().execute((db) => exports.deleteExports(db, { before: clock.now() }));
  for (const { user_id } of expired) announce(context, user_id);
  while (cluster.owns(claimName)) {
    const next = await exports.nextExport(store.db);
    if (!next) return;
    if (next.attempts >= maxAttempts) await fail(context, next);
    else if (!(await begin(context, next, onError))) return;
  }
}

/**
 * One that fails is begun again in a later round, after the others, until it has failed three times. Returns whether this
 * round may go on: at once, a full disk or a storage that is away would fail all attempts of all exports.
 */
async function begin(context: Context, row: ExportRow, onError: (error: unknown) => void): Promise<boolean> {
  const { store } = context;
  const begun = { ...row, attempts: row.attempts + 1 };
  if (!(await exports.changeExport(store.db, row, { status: "running", attempts: begun.attempts }))) return true;
  announce(context, row.user_id);
  const key = randomBytes(18).toString("base64url");
  try {
    const size = await write(context, begun, key);
    await finish(context, begun, { key, size });
    return true;
  } catch (error) {
    // The noted file is left to the sweep; one that has only arrived goes at once.
    await context.storage.remove(key).catch(() => {});
    onError(error);
    return false;
  }
}

async function write(context: Context, { user_id: userId }: ExportRow, key: string): Promise<number> {
  const { store, storage, clock, settings, cluster } = context;
  const user = await userById(store.db, userId);
  if (!user) throw new Error("The account of an export is gone.");
  const { total } = await uploadedBytes(store.db, userId);
  const requireRoom = async (bytes: number) => {
    const free = await storage.freeBytes();
    if (free - bytes < settings.minFreeBytes) throw new Error("The disk has no room for an export.");
  };
  await requireRoom(total);
  const goOn = () => {
    if (!cluster.owns(claimName)) throw new Error("Another node has taken over the exports.");
  };
  // Loaded with the first export.
  const [{ makeZip }, { exportFiles }] = await Promise.all([import("client-zip"), import("./export-files.ts")]);
  const zip = makeZip(exportFiles({ store, storage, now: clock.now(), goOn }, user));
  const source = lookingBetween(Readable.fromWeb(zip as never), () => requireRoom(0));
  const { size } = await storage.receive(key, Readable.from(source, { objectMode: false }));
  await noteUnfinishedFile(store.db, key, clock.now() + unfinishedMs);
  await storage.keep(key);
  return size;
}

/** Calls `look` now and then: what there was room for when it began, uploads may have filled meanwhile. */
async function* lookingBetween(source: Readable, look: () => Promise<void>): AsyncGenerator<Buffer> {
  let left = bytesBetweenLooks;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    left -= chunk.length;
    if (left < 0) {
      await look();
      left = bytesBetweenLooks;
    }
    yield chunk;
  }
}

async function finish(context: Context, row: ExportRow, { key, size }: { key: string; size: number }): Promise<void> {
  const now = context.clock.now();
  await context.store.db.transaction().execute(async (db) => {
    const change = { status: "ready", finished_at: now, expires_at: now + keepMs, storage_key: key, size };
    const isKept = (await exports.changeExport(db, row, change)) && (await exports.keepNotedFile(db, key));
    if (!isKept) throw new Error("An export was finished too late.");
    // It holds all that they do: of one user's exports one is on the disk.
    await exports.deleteExports(db, { userId: row.user_id, except: row.id });
  });
  announce(context, row.user_id);
}

async function fail(context: Context, row: ExportRow): Promise<void> {
  const now = context.clock.now();
  await exports.changeExport(context.store.db, row, { status: "failed", finished_at: now, expires_at: now + keepMs });
  announce(context, row.user_id);
}

function announce(context: Context, userId: number): void {
  publish(context, `user:${userId}`, { type: "exports_changed" });
}
