import { limits, type Message, type SavedMessage, type SavedMessages } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { SavedMessageRow } from "../../store/own-message-tables.ts";
import * as queries from "../../store/queries/saved-messages.ts";
import { hits } from "../../store/queries/search-hits.ts";
import type { Actor, DomainContext } from "../context.ts";
import { visibleMessage } from "../messages/visible-message.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "rates" | "clock" | "bus">;

/** A page of what the actor has saved and may see, the latest first. */
export async function listSaved(
  { store }: Pick<Context, "store">,
  { userId }: Actor,
  { before, onlyDue }: { before?: number | undefined; onlyDue: boolean },
): Promise<SavedMessages> {
  const rows = await queries.savedOf(store.db, userId, { before, onlyDue, limit: limits.pageSize + 1 });
  const shown = rows.slice(0, limits.pageSize);
  // Together: each by itself would take ten statements.
  const messages = await hits(
    store.db,
    userId,
    shown.map((row) => row.message_id),
  );
  const saved = shown.flatMap((row) => present(row, messages.get(row.message_id)) ?? []);
  return { saved, has_more: rows.length > limits.pageSize };
}

/**
 * Saves a message that the actor sees, to be found again, and sets or takes away a reminder. Throws `not_found`,
 * `invalid_request`, `limit_reached` or `rate_limited`.
 */
export async function saveMessage(
  context: Context,
  actor: Actor,
  { messageId, remindAt }: { messageId: number; remindAt?: string | null | undefined },
): Promise<SavedMessage> {
  const { store, clock, rates } = context;
  const { userId } = actor;
  await rates.changes.spend(userId);
  await visibleMessage(context, actor, messageId);
  const at = typeof remindAt === "string" ? requireTime(remindAt, clock.now()) : remindAt;
  const before = await store.db.transaction().execute(async (db) => {
    const known = await queries.savedRow(db, userId, messageId);
    if (!known && (await queries.countSaved(db, userId)) >= limits.savedPerUser) {
      throw new AppError("limit_reached", `At most ${limits.savedPerUser} messages can be saved.`);
    }
    await queries.putSaved(db, { userId, messageId, remindAt: at }, clock.now());
    return known;
  });
  if (before?.reminded_at && at !== undefined) noReminder(context, userId, messageId);
  const row = await queries.savedRow(store.db, userId, messageId);
  const saved = row && present(row, await store.log.message(messageId));
  if (!saved) throw absent();
  return saved;
}

/** Takes the message off the list, and its reminder with it; one that is not there stays so. */
export async function unsaveMessage(context: Context, { userId }: Actor, messageId: number): Promise<void> {
  await context.rates.changes.spend(userId);
  const before = await queries.savedRow(context.store.db, userId, messageId);
  await queries.deleteSaved(context.store.db, userId, messageId);
  if (before?.reminded_at) noReminder(context, userId, messageId);
}

function present(row: SavedMessageRow, message: Message | null | undefined): SavedMessage | null {
  if (!message) return null;
  return {
    message,
    saved_at: new Date(row.saved_at).toISOString(),
    remind_at: row.remind_at === null ? null : new Date(row.remind_at).toISOString(),
    is_due: row.reminded_at !== null,
  };
}

function requireTime(text: string, now: number): number {
  const at = Date.parse(text);
  if (at <= now) throw new AppError("invalid_request", "This time is past.");
  if (at > now + 1_000 * limits.scheduledSeconds) throw new AppError("invalid_request", "This time is too far ahead.");
  return at;
}

function noReminder(context: Context, userId: number, messageId: number): void {
  publish(context, `user:${userId}`, { type: "reminder_updated", message_id: messageId, reminder: null });
}

function absent(): AppError {
  return new AppError("not_found", "There is no such message.");
}
