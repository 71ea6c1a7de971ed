import { can } from "@miscord/rights";
import { emojiMarksIn, mentionsOf } from "@miscord/text";
import type { SendCommand } from "../../store/contract.ts";
import { serverChannelAccess, type ServerChannelAccess } from "../../store/queries/access.ts";
import type { DomainContext } from "../context.ts";
import { ownSticker, withOwnEmojis } from "../emojis/own-emojis.ts";
import { Turns } from "../turns.ts";

type Context = Pick<DomainContext, "store" | "presence" | "clock">;
type MentionFields = Pick<SendCommand, "mentionNames" | "mentionsEveryone" | "mentionRoles" | "hereIds">;
/** `content` is there only if the text is to be stored otherwise than written. */
type TextFields = MentionFields & Partial<Pick<SendCommand, "content" | "sticker">>;
type AccessOf = () => Promise<ServerChannelAccess | undefined>;

const turns = new Turns<TextFields>();

/**
 * What is read from a text, as fields of the command that stores it: whom it mentions, with names folded like
 * `users.username_key`; and emoji that the author may not use there are their names. A promise only for a text with
 * `@here`, for which it asks who is online, or with emoji of servers, and for what its author sends meanwhile, which keeps
 * its turn; `accessOf` reads what the author may do in the channel.
 */
export function textFields(
  content: string,
  { store, presence }: Pick<Context, "store" | "presence">,
  userId: number,
  accessOf: AccessOf,
): TextFields | Promise<TextFields> {
  const { here, fields } = mentionsIn(content);
  const hasEmojis = emojiMarksIn(content).length > 0;
  if (!here && !hasEmojis && !turns.isTaken(store, userId)) return fields;
  const lookUp = async () => {
    const text = hasEmojis ? await withOwnEmojis(store, userId, content, accessOf) : content;
    const found = text === content ? fields : { ...mentionsIn(text).fields, content: text };
    return here ? { ...found, hereIds: await hereIds(presence, accessOf) } : found;
  };
  return turns.run(store, userId, lookUp);
}

/** The same for a sticker in place of a text: its name mentions nobody. What its author sends meanwhile keeps its turn. */
export function stickerFields({ store }: Context, userId: number, id: number): Promise<TextFields> {
  return turns.run(store, userId, async () => {
    const own = await ownSticker(store, userId, id);
    const content = own ? `:${own.shown.name}:` : "";
    return { mentionNames: [], mentionsEveryone: false, content, sticker: { id, shown: null, ...own } };
  });
}

function mentionsIn(content: string): { here: boolean; fields: MentionFields } {
  const { names, everyone, roles, here = false } = mentionsOf(content);
  return { here, fields: { mentionNames: names, mentionsEveryone: everyone, ...(roles && { mentionRoles: roles }) } };
}

/** The log decides; this saves the list for those who may not address it anyway. */
async function hereIds(presence: Context["presence"], accessOf: AccessOf): Promise<readonly number[]> {
  const access = await accessOf();
  return access && can(access, "mentionEveryone") ? presence.onlineIn(access.serverId) : [];
}

/** The same for a message to this channel. */
export function textFieldsIn(context: Context, userId: number, channelId: number, content: string) {
  const { store, clock } = context;
  return textFields(content, context, userId, () => serverChannelAccess(store.db, userId, channelId, clock.now()));
}
