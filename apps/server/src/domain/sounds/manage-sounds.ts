import { limits, type AuditAction, type AuditChange, type ServerSound } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import * as queries from "../../store/queries/sounds.ts";
import type { Tables } from "../../store/schema.ts";
import { isUniqueViolation } from "../../store/sql-dialect.ts";
import type { SoundRow } from "../../store/sound-tables.ts";
import { requireStill, serverCommand } from "../access.ts";
import { removeFiles } from "../attachments/remove-files.ts";
import type { Actor, DomainContext } from "../context.ts";
import { emojiId as newId } from "../emojis/kinds.ts";
import { requireQuota } from "../emojis/manage-emojis.ts";
import { publish } from "../publish.ts";
import { withSoundFile } from "./sound-file.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "storage" | "settings" | "inspector">;
type Db = Kysely<Tables>;
type Fields = Pick<SoundRow, "name" | "emoji" | "volume">;

const permission = "manageGuildExpressions";

/**
 * Makes a sound of the file. Throws `not_found`, `forbidden`, `invalid_request` (no short sound, or the name is taken),
 * `limit_reached` or `rate_limited`.
 */
export async function createSound(
  context: Context,
  actor: Actor,
  serverId: number,
  { bytes, ...fields }: Fields & { bytes: Uint8Array },
): Promise<ServerSound> {
  await serverCommand(context, actor, serverId, permission);
  const { store, clock } = context;
  // Before the work of the file, and again with its row.
  await requirePlace(store.db, serverId, fields.name);
  await context.rates.newSounds.spend(actor.userId);
  // Looks through all that the owner's servers have.
  await requireQuota(context, serverId);
  const row = await withSoundFile(context, bytes, async (file) => {
    const row = { ...fields, ...file, id: newId(), server_id: serverId, created_at: clock.now() };
    const insert = store.db.transaction().execute(async (db) => {
      await requireStill(context, db, actor, { serverId, permission });
      await requirePlace(db, serverId, row.name);
      if (!(await queries.insertSound(db, row))) {
        throw new AppError("unavailable", "Storing the sound took too long. Try again.");
      }
      await record(context, db, actor, row, "sound_create");
    });
    await insert.catch(asTaken);
    return row;
  });
  const sound = queries.presentSound(row);
  publish(context, `server:${serverId}`, { type: "sound_created", server_id: serverId, sound });
  return sound;
}

/** Throws `not_found`, `forbidden`, `invalid_request` (the name is taken) or `rate_limited`. */
export async function changeSound(
  context: Context,
  actor: Actor,
  { serverId, soundId }: SoundPlace,
  patch: { [Name in keyof Fields]?: Fields[Name] | undefined },
): Promise<ServerSound> {
  await serverCommand(context, actor, serverId, permission);
  const change = context.store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission });
    const before = await soundOf(db, { serverId, soundId });
    const { name = before.name, emoji = before.emoji, volume = before.volume } = patch;
    const all = await queries.soundsOfServers(db, [serverId]);
    if (all.some((one) => one.id !== soundId && one.name === name)) throw nameTaken();
    await queries.updateSound(db, { id: soundId, name, emoji, volume });
    const changes = changesOf(words(before), words({ name, emoji, volume }));
    if (changes.length > 0) await record(context, db, actor, before, "sound_update", changes);
    return { ...before, name, emoji, volume };
  });
  const row = await change.catch(asTaken);
  const sound = queries.presentSound(row);
  publish(context, `server:${serverId}`, { type: "sound_updated", server_id: serverId, sound });
  return sound;
}

/** Throws `not_found`, `forbidden` or `rate_limited`. */
export async function deleteSound(context: Context, actor: Actor, place: SoundPlace): Promise<void> {
  const { serverId, soundId } = place;
  await serverCommand(context, actor, serverId, permission);
  const row = await context.store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission });
    const before = await soundOf(db, place);
    if (!(await queries.deleteSound(db, soundId))) throw noSuchSound();
    await record(context, db, actor, before, "sound_delete");
    return before;
  });
  await removeFiles(context, [row.file_id]);
  publish(context, `server:${serverId}`, { type: "sound_deleted", server_id: serverId, sound_id: soundId });
}

export interface SoundPlace {
  serverId: number;
  soundId: number;
}

export function noSuchSound(): AppError {
  return new AppError("not_found", "There is no such sound.");
}

function nameTaken(): AppError {
  return new AppError("invalid_request", "There is a sound of this name.", { details: { field: "name" } });
}

/** The database refuses a name that is taken, whatever was looked at before. */
function asTaken(error: unknown): never {
  throw isUniqueViolation(error) ? nameTaken() : error;
}

/** One of another server is not there. */
async function soundOf(db: Db, { serverId, soundId }: SoundPlace): Promise<SoundRow> {
  const row = await queries.soundById(db, soundId);
  if (row?.server_id !== serverId) throw noSuchSound();
  return row;
}

/** Throws `invalid_request` or `limit_reached` when there is no room beside those that are there. */
async function requirePlace(db: Db, serverId: number, wanted: string): Promise<void> {
  const present = await queries.soundsOfServers(db, [serverId]);
  if (present.some(({ name }) => name === wanted)) throw nameTaken();
  if (present.length < limits.soundsPerServer) return;
  throw new AppError("limit_reached", `There are at most ${limits.soundsPerServer} sounds.`);
}

const words = ({ name, emoji, volume }: Fields) => ({ name, emoji: emoji ?? "", volume: `${volume}%` });

function record(
  { clock }: Context,
  db: Db,
  { userId: actorId }: Actor,
  { server_id: serverId, name: subject }: SoundRow,
  action: AuditAction,
  changes: readonly AuditChange[] = [],
): Promise<void> {
  return recordAction(db, { serverId, actorId, at: clock.now(), subject, action, changes });
}
