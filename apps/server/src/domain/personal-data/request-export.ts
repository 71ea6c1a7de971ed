import { randomBytes } from "node:crypto";
import type { DataExport, ExportList } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { ExportRow } from "../../store/schema.ts";
import { isUniqueViolation } from "../../store/sql-dialect.ts";
import * as exports from "../../store/queries/exports.ts";
import type { Actor, Authentication, DomainContext } from "../context.ts";
import { requireConfirmed } from "../require-confirmed.ts";

type Context = Pick<DomainContext, "store" | "clock">;

const dayMs = 24 * 3_600_000;
/** They are made one after the other. */
const maxWaiting = 20;

/** Asks for a copy of everything that the actor has. Throws `confirmation_required`, `conflict`, `rate_limited` (one a day) or `unavailable`. */
export async function requestExport(context: Context, authentication: Authentication): Promise<DataExport> {
  const { store, clock } = context;
  const { userId } = authentication;
  await requireConfirmed(context, authentication);
  const now = clock.now();
  const { next_at: nextAt } = await listExports(context, { userId });
  if (nextAt !== null) {
    const retryAfterMs = Date.parse(nextAt) - now;
    throw new AppError("rate_limited", "There is an export of the last 24 hours.", { retryAfterMs });
  }
  if ((await exports.countUnfinishedExports(store.db)) >= maxWaiting) {
    throw new AppError("unavailable", "Many exports are waiting. Try again later.", { retryAfterMs: 600_000 });
  }
  const id = randomBytes(18).toString("base64url");
  try {
    await exports.insertExport(store.db, { id, userId, now });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new AppError("conflict", "An export is being made already.");
  }
  return present((await exports.exportById(store.db, id))!);
}

/** The actor's exports, and when the next one may be asked for. */
export async function listExports({ store, clock }: Context, { userId }: Actor): Promise<ExportList> {
  const rows = await exports.exportsOf(store.db, userId);
  const counted = rows.find((row) => row.status !== "failed");
  const nextAt = counted === undefined ? 0 : counted.created_at + dayMs;
  return { exports: rows.map(present), next_at: nextAt > clock.now() ? new Date(nextAt).toISOString() : null };
}

/**
 * The finished export of the actor, for its bytes. Throws `not_found` for that of another, and once it has expired, or
 * `rate_limited`.
 */
export async function readableExport(
  { store, clock, rates }: Context & Pick<DomainContext, "rates">,
  { userId }: Actor,
  id: string,
): Promise<{ key: string; size: number }> {
  await rates.files.spend(userId);
  const row = await exports.exportById(store.db, id);
  const isOpen = row?.user_id === userId && row.expires_at !== null && row.expires_at > clock.now();
  if (!isOpen || row.storage_key === null) throw new AppError("not_found", "There is no such export.");
  return { key: row.storage_key, size: row.size ?? 0 };
}

function present(row: ExportRow): DataExport {
  const isReady = row.status === "ready";
  return {
    id: row.id,
    status: row.status as DataExport["status"],
    created_at: new Date(row.created_at).toISOString(),
    expires_at: row.expires_at === null || !isReady ? null : new Date(row.expires_at).toISOString(),
    size: row.size,
    file_url: isReady ? `/api/me/exports/${row.id}/miscord-export.zip` : null,
  };
}
