import type { pushActBody } from "@miscord/protocol/schemas";
import { timingSafeEqual } from "node:crypto";
import type { z } from "zod";
import { AppError } from "../../errors.ts";
import type { PushRow } from "../../store/push-tables.ts";
import { changePush, deletePushes, pushById, pushDevices } from "../../store/queries/push.ts";
import type { Actor, DomainContext } from "../context.ts";
import { markRead } from "../messages/mark-read.ts";
import { sendMessage } from "../messages/send-message.ts";
import { markNotificationsRead } from "../notifications/mark-notifications-read.ts";
import { setNotificationLevel } from "../notifications/set-notification-level.ts";
import { secretOf } from "./payload.ts";

type Context = Pick<
  DomainContext,
  "store" | "bus" | "clock" | "rates" | "unread" | "readPositions" | "automod" | "presence" | "previews"
>;

const muteMs = 3_600_000;

/**
 * Does what a button of a notification says, as the person to whom it was pushed: a device that is not logged in at this
 * moment has the secret that came with the notification. It opens that one channel, while the notification is shown and
 * the session lives. Throws `not_found` otherwise, and what the command itself throws.
 */
export async function actOnPush(context: Context, { id, secret, action, content }: z.output<typeof pushActBody>) {
  const row = await pushById(context.store.db, id);
  if (!row || !(await isShown(context, row, secret))) throw new AppError("not_found", "This notification is over.");
  const actor: Actor = { userId: row.user_id };
  if (action === "mute") await mute(context, actor, row);
  if (action === "reply") await reply(context, actor, row, content ?? "");
  try {
    await readIt(context, actor, row);
  } finally {
    // The channel may be lost. Its own device has closed the notification anyway.
    await deletePushes(context.store.db, [row.id]);
  }
}

async function isShown({ store, clock }: Context, row: PushRow, secret: string): Promise<boolean> {
  const devices = await pushDevices(store.db, [row.user_id], clock.now());
  const device = devices.find(({ id }) => id === row.subscription_id);
  if (!device) return false;
  const [given, expected] = [Buffer.from(secret), Buffer.from(secretOf(device, row.id))];
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}

async function mute(context: Context, actor: Actor, { channel_id: id }: PushRow): Promise<void> {
  if (id === null) throw new AppError("invalid_request", "There is no channel to mute.");
  const until = new Date(context.clock.now() + muteMs).toISOString();
  await setNotificationLevel(context, actor, { kind: "channel", id }, { muted_until: until });
}

async function reply(context: Context, actor: Actor, row: PushRow, content: string): Promise<void> {
  if (row.channel_id === null) throw new AppError("invalid_request", "There is no channel to reply in.");
  // The nonce keeps a repeated request from writing twice.
  await sendMessage(context, actor, { channelId: row.channel_id, content, nonce: `push-${row.id}` });
}

async function readIt(context: Context, actor: Actor, row: PushRow): Promise<void> {
  // Its own device has closed it.
  await changePush(context.store.db, row.id, { state: "ring", due_at: null });
  const message = row.message_id === null ? null : await context.store.log.message(row.message_id);
  if (message && row.channel_id !== null)
    await markRead(context, actor, { channelId: row.channel_id, seq: message.seq });
  else if (row.notification_id !== null) await markNotificationsRead(context, actor, { ids: [row.notification_id] });
}
