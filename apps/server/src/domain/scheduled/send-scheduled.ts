import { retries, type Sticker } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import type { ScheduledMessageRow } from "../../store/own-message-tables.ts";
import { claimDue } from "../../store/queries/outbox.ts";
import * as queries from "../../store/queries/scheduled-messages.ts";
import { userById } from "../../store/queries/users.ts";
import { programs } from "../../store/webhook-tables.ts";
import type { DomainContext } from "../context.ts";
import type { DueWork } from "../due-work/due-work.ts";
import type { PollInput } from "../messages/poll-input.ts";
import { sendMessage } from "../messages/send-message.ts";
import { pauseAfter } from "../pause-after.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "automod" | "presence" | "previews">;

const pauseMs = 1_000;
const atOnce = 20;
/** Longer than the store may take for a message. */
const leaseMs = 60_000;

/**
 * Sends the messages whose time has come, on every node: each row is leased to one. A row goes once its message is
 * committed, and the message's nonce is made of the row's id: after a node was killed in between, another one finds the
 * message there and sends no second one. Returns the function that stops it.
 */
export function startSendingScheduled(context: Context, due: DueWork, onError: (error: unknown) => void): () => void {
  const { store, clock } = context;
  const work = async () => {
    for (let isMore = true; isMore;) {
      const now = clock.now();
      const rows = await claimDue(store.db, "scheduled_messages", { now, leaseUntil: now + leaseMs, limit: atOnce });
      isMore = rows.length === atOnce;
      // What fails here is tried again when the lease ends.
      for (const result of await Promise.allSettled(rows.map((row) => send(context, row)))) {
        if (result.status === "rejected") onError(result.reason);
      }
    }
  };
  return due.add({ kinds: ["scheduled_message"], pauseMs, work, onError });
}

async function send(context: Context, row: ScheduledMessageRow): Promise<void> {
  try {
    await sendAs(context, row);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // It was sent before its text was changed.
    if (error.code !== "nonce_conflict") return refused(context, row, error);
  }
  await queries.deleteScheduled(context.store.db, row.id);
  publish(context, `user:${row.user_id}`, { type: "scheduled_changed" });
}

async function sendAs(context: Context, row: ScheduledMessageRow): Promise<void> {
  const { user_id: userId, channel_id: channelId, content, reply_to_id: replyToId, poll, sticker } = row;
  const author = await userById(context.store.db, userId);
  // An account that is being removed loses its memberships some time after its name.
  const isOpen = author !== undefined && author.disabled_at === null && author.deleted_at === null;
  if (!isOpen) throw new AppError("account_disabled", "The account is disabled.");
  // Scheduled when bots could: neither they nor their owners see it.
  if (author.program !== programs.none) throw new AppError("forbidden", "Bots schedule nothing.");
  await sendMessage(
    context,
    { userId },
    {
      channelId,
      content,
      replyToId,
      nonce: `scheduled-${row.id}`,
      ...(poll !== null && { poll: JSON.parse(poll) as PollInput }),
      ...(sticker !== null && { stickerId: (JSON.parse(sticker) as Sticker).id }),
    },
  );
}

/** A refusal that time may change delays the message; another one is told to its author. */
async function refused(context: Context, row: ScheduledMessageRow, { code, retryAfterMs }: AppError): Promise<void> {
  const { store, clock } = context;
  if (retries[code] === "later") {
    const until = clock.now() + (retryAfterMs ?? pauseAfter(row));
    return queries.postponeScheduled(store.db, row.id, until);
  }
  await queries.refuseScheduled(store.db, row.id, code);
  const refusal = { channel_id: row.channel_id, code };
  publish(context, `user:${row.user_id}`, { type: "scheduled_changed", refused: refusal });
}
