import { previewText, voiceLengthOf } from "@miscord/protocol";
import type { Committed, Recipient } from "../../store/contract.ts";
import { groupOf } from "../../store/queries/private-channels.ts";
import type { DomainContext } from "../context.ts";
import type { PrivateCalls } from "../ports.ts";
import { publish } from "../publish.ts";
import { announcePeers } from "./announce-peers.ts";
import { accept, announceCreated } from "./dms.ts";

type Context = Pick<DomainContext, "store" | "bus" | "unread"> & PrivateCalls;

/** What follows for the people of a private channel: a new message shows them the channel, and their counts change. */
export async function publishToRecipients(
  context: Context,
  { event, channelId }: Committed,
  recipients: readonly Recipient[],
): Promise<void> {
  // Whoever ignores the conversation hears nothing of it.
  const shown = recipients.filter(({ request }) => request !== "ignored");
  if (event?.type !== "new_message") return context.unread.announce(channelId, idsOf(shown));
  const { id, author, content, call, notice, timestamp } = event.data;
  const isMissed = call?.duration_s === null;
  const message = {
    id,
    author,
    excerpt: previewText(content),
    ...(isMissed && { is_missed_call: true as const }),
    ...voiceLengthOf(event.data),
  };
  // A call that was answered is no news, and neither is a pin.
  const isNews = !notice && (!call || isMissed);
  for (const { userId, hidesAuthor, request } of shown) {
    publish(context, `user:${userId}`, {
      type: "dm_activity",
      channel_id: channelId,
      seq: event.seq,
      last_message_at: timestamp,
      message: isNews && userId !== author.id && !hidesAuthor && !request ? message : null,
    });
  }
  const others = idsOf(shown.filter(({ userId }) => userId !== author.id));
  // The channel of two people is shown to the other one with its first message; a group was shown when it was made.
  if (event.seq === 1 && !(await groupOf(context.store.db, channelId))) {
    await announceCreated(context, channelId, others);
    announcePeers(context, idsOf(recipients));
  }
  // Whoever answers has accepted.
  if (!notice && recipients.some(({ userId, request }) => userId === author.id && request)) {
    await accept(context, channelId, author.id);
  }
  await context.unread.announce(channelId, others);
}

function idsOf(recipients: readonly Recipient[]): number[] {
  return recipients.map(({ userId }) => userId);
}
