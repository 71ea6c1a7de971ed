import { limits, type ScheduledMessage } from "@miscord/protocol";
import { checkInChannel } from "@miscord/rights";
import { isVisible } from "@miscord/text";
import { AppError } from "../../errors.ts";
import * as queries from "../../store/queries/scheduled-messages.ts";
import { storable } from "../../store/storable.ts";
import { contentAccess, requireAllowed } from "../access.ts";
import type { Actor, Authentication, DomainContext } from "../context.ts";
import { ownSticker } from "../emojis/own-emojis.ts";
import type { PollInput } from "../messages/poll-input.ts";
import { publish } from "../publish.ts";
import { requireLiveUntilCommit } from "../require-confirmed.ts";

type Context = Pick<DomainContext, "store" | "rates" | "clock" | "bus">;
/** A recovery ends sessions and keeps what waits from being sent: what they are at work on then is to come before that, or not at all. */
type Author = Pick<Authentication, "userId" | "sessionId">;

export interface ScheduleInput {
  channelId: number;
  content: string;
  /** ISO 8601. */
  sendAt: string;
  replyToId?: number | null | undefined;
  poll?: PollInput | undefined;
  /** The message will be this sticker, whatever `content` says. */
  stickerId?: number | undefined;
}

/** The actor's messages that are to be sent later. */
export async function listScheduled({ store }: Context, { userId }: Actor): Promise<ScheduledMessage[]> {
  return (await queries.scheduledOf(store.db, userId)).map(queries.presentScheduled);
}

/**
 * Keeps a message until it is sent in the name of its author, with the rights of that moment. Throws `not_found`,
 * `forbidden`, `invalid_request`, `limit_reached` or `rate_limited`.
 */
export async function schedule(context: Context, actor: Author, input: ScheduleInput): Promise<ScheduledMessage> {
  const { store, rates, clock } = context;
  await rates.changes.spend(actor.userId);
  const access = await contentAccess(context, actor, input.channelId);
  requireAllowed(checkInChannel(access, "sendMessages"), "channel");
  if (input.poll) requireAllowed(checkInChannel(access, "sendPolls"), "channel");
  const sendAt = requireTime(input.sendAt, clock.now());
  const sticker = await stickerOf(context, actor, input);
  const row = {
    user_id: actor.userId,
    channel_id: input.channelId,
    content: sticker ? `:${sticker.name}:` : requireContent(input.content),
    reply_to_id: input.replyToId ?? null,
    poll: input.poll ? JSON.stringify(input.poll) : null,
    sticker: sticker && JSON.stringify(sticker),
    send_at: sendAt,
    due_at: sendAt,
    created_at: clock.now(),
  };
  const inserted = await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, actor.sessionId);
    return queries.insertScheduled(db, row, limits.scheduledPerUser);
  });
  if (!inserted) {
    throw new AppError("limit_reached", `At most ${limits.scheduledPerUser} messages can wait to be sent.`);
  }
  return changed(context, actor, queries.presentScheduled(inserted));
}

/** Changes a waiting message, or tries one again that was refused. Throws `not_found`, and `conflict` while it is being sent. */
export async function changeScheduled(
  context: Context,
  actor: Author,
  id: number,
  { content, sendAt }: { content?: string | undefined; sendAt?: string | undefined },
): Promise<ScheduledMessage> {
  const { store, rates, clock } = context;
  await rates.changes.spend(actor.userId);
  const before = await required(context, actor, id);
  if (content !== undefined && before.sticker !== null) {
    throw new AppError("invalid_request", "A sticker has no text of its own.");
  }
  const change = {
    content: content === undefined ? undefined : requireContent(content),
    send_at: sendAt === undefined ? before.send_at : requireTime(sendAt, clock.now()),
  };
  const row = await store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, actor.sessionId);
    return queries.changeScheduled(db, { id, userId: actor.userId }, change);
  });
  if (!row) throw await beingSent(context, actor, id);
  return changed(context, actor, queries.presentScheduled(row));
}

/** Throws `not_found`, and `conflict` while it is being sent. */
export async function cancelScheduled(context: Context, actor: Actor, id: number): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  await required(context, actor, id);
  if (!(await queries.cancelScheduled(context.store.db, id, actor.userId))) throw await beingSent(context, actor, id);
  changed(context, actor, null);
}

/** The sticker that the message will be; whether it may be sent there is decided when it is. */
async function stickerOf({ store }: Context, { userId }: Actor, { stickerId, poll }: ScheduleInput) {
  if (stickerId === undefined) return null;
  if (poll) throw new AppError("invalid_request", "A sticker is a message of its own.");
  const own = await ownSticker(store, userId, stickerId);
  if (!own) throw new AppError("not_found", "There is no such sticker.");
  return own.shown;
}

async function required({ store }: Context, { userId }: Actor, id: number) {
  const row = await queries.scheduledById(store.db, id, userId);
  if (!row) throw absent();
  return row;
}

async function beingSent({ store }: Context, { userId }: Actor, id: number): Promise<AppError> {
  const row = await queries.scheduledById(store.db, id, userId);
  return row ? new AppError("conflict", "The message is being sent.") : absent();
}

function absent(): AppError {
  return new AppError("not_found", "There is no such scheduled message.");
}

function requireContent(content: string): string {
  if (!isVisible(content)) throw new AppError("invalid_request", "The message is empty.");
  return storable(content);
}

function requireTime(text: string, now: number): number {
  const at = Date.parse(text);
  if (at <= now) throw new AppError("invalid_request", "This time is past.");
  if (at > now + 1_000 * limits.scheduledSeconds) throw new AppError("invalid_request", "This time is too far ahead.");
  return at;
}

function changed<Value>(context: Context, { userId }: Actor, value: Value): Value {
  publish(context, `user:${userId}`, { type: "scheduled_changed" });
  return value;
}
