import { limits, type Attachment, type ForwardSource, type Message, type Sticker } from "@miscord/protocol";
import { can, checkInChannel } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import type { ChannelAccess } from "../../store/queries/access.ts";
import { forwardOf } from "../../store/queries/earlier-texts.ts";
import { contentAccess, requireAllowed } from "../access.ts";
import { readAttachment, removeUpload } from "../attachments/read-attachment.ts";
import { uploadAttachment } from "../attachments/upload.ts";
import type { Actor, DomainContext } from "../context.ts";
import { isForeignSticker, withoutForeignEmojis } from "../emojis/own-emojis.ts";
import { sendMessage } from "./send-message.ts";
import { visibleMessage } from "./visible-message.ts";

type Context = Pick<
  DomainContext,
  | "store"
  | "rates"
  | "clock"
  | "automod"
  | "presence"
  | "previews"
  | "storage"
  | "settings"
  | "uploadSlots"
  | "inspector"
>;

export interface ForwardInput {
  messageId: number;
  /** Where to. */
  channelId: number;
  /** What the actor says about it. */
  content: string;
  nonce?: string | undefined;
}

/** Files of a forwarded message are copied here, which takes its sender nothing: more bytes count as further changes. */
const bytesOfChange = 4 * 1024 * 1024;

/**
 * Sends what a message that the actor sees says, with copies of its files, to another channel. The new message names neither
 * the author nor the channel of the first one. Throws `not_found` for either channel, and what `sendMessage` throws.
 */
export async function forwardMessage(context: Context, actor: Actor, input: ForwardInput): Promise<Message> {
  const { channelId, messageId, content, nonce } = input;
  await context.rates.changes.spend(actor.userId);
  const source = await visibleMessage(context, actor, messageId);
  const access = await contentAccess(context, actor, channelId);
  requireAllowed(checkInChannel(access, "sendMessages"), "channel");
  if (source.attachments.length > 0 && !can(access, "attachFiles")) {
    throw new AppError("forbidden", "You may not attach files in this channel.");
  }
  await spendForFiles(context, actor, source);
  const forwarded = {
    sourceId: messageId,
    content: await forwardable(context, access, source),
    sticker: await forwardableSticker(context, access, source),
    writtenAt: Date.parse(source.forwarded?.timestamp ?? source.timestamp),
  };
  const attachments: number[] = [];
  let isTaken = false;
  try {
    for (const file of source.attachments) attachments.push(await copyFile(context, actor, file));
    const sent = await sendMessage(context, actor, { channelId, content, nonce, attachments, forwarded });
    isTaken = !sent.isRepeat;
    return sent.message;
  } finally {
    if (!isTaken) await removeCopies(context, actor, attachments);
  }
}

async function spendForFiles({ rates }: Context, { userId }: Actor, { attachments }: Message): Promise<void> {
  const { changes } = rates;
  const more = Math.floor(attachments.reduce((sum, { size }) => sum + size, 0) / bytesOfChange);
  if (more > 0) await changes.spend(userId, Math.min(more, changes.rate.burst - 1));
}

/** The text that is forwarded, with the emoji that the actor may use there. */
async function forwardable(
  { store }: Context,
  { serverId, ...access }: ChannelAccess,
  { content, forwarded }: Message,
): Promise<string> {
  const text = content === "" ? (forwarded?.content ?? "") : content;
  return serverId === null ? text : withoutForeignEmojis(store, text, { ...access, serverId });
}

/** The sticker that the message is, or forwards, where the actor may send it; elsewhere its name is forwarded as text. */
async function forwardableSticker(
  { store }: Context,
  access: ChannelAccess,
  { content, sticker, forwarded }: Message,
): Promise<Sticker | null> {
  const shown = sticker ?? (content === "" ? forwarded?.sticker : undefined);
  if (!shown || !can(access, "attachFiles")) return null;
  const { serverId } = access;
  return (await isForeignSticker(store, shown.id, serverId)) && !can(access, "useExternalStickers") ? null : shown;
}

/** Copies that no message has taken. One that a message has stays; what fails now is left to `sweepAttachments`. */
async function removeCopies(context: Context, actor: Actor, ids: readonly number[]): Promise<void> {
  await Promise.allSettled(ids.map((id) => removeUpload(context, actor, id)));
}

/** Where a forwarded message came from. Throws `not_found` for those who do not see that, or when it is gone. */
export async function forwardSource(context: Context, actor: Actor, messageId: number): Promise<ForwardSource> {
  await visibleMessage(context, actor, messageId);
  const forward = await forwardOf(context.store.db, messageId);
  if (!forward) throw new AppError("not_found", "There is no such message.");
  const { id, channel_id, server_id } = await visibleMessage(context, actor, forward.source_id);
  return { message_id: id, channel_id, server_id };
}

/** An upload of the actor's with the same bytes. */
async function copyFile(context: Context, actor: Actor, file: Attachment): Promise<number> {
  const {
    storage_key: key,
    filename,
    content_type: declaredType,
    size,
    duration_ms,
    waveform,
    credit,
  } = await readAttachment(context, actor, file.id);
  const maxBytes = Math.max(size, limits.attachmentBytes);
  const source = await context.storage.read(key);
  const voice = duration_ms === null || waveform === null ? undefined : { duration_ms, waveform };
  const copy = { filename, declaredType, announcedBytes: size, maxBytes, voice, credit };
  try {
    return (await uploadAttachment(context, actor, { ...copy, source, isTruncated: () => false })).id;
  } finally {
    // An upload that is refused reads nothing, and would leave the file open.
    source.destroy();
  }
}
