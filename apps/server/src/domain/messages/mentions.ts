import { can } from "@miscord/rights";
import { mentionsOf } from "@miscord/text";
import type { SendCommand } from "../../store/contract.ts";
import { serverChannelAccess, type ServerChannelAccess } from "../../store/queries/access.ts";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "presence" | "clock">;
type MentionFields = Pick<SendCommand, "mentionNames" | "mentionsEveryone" | "mentionRoles" | "hereIds">;

/**
 * Whom a text mentions, as fields of the command that stores it. Names are folded like `users.username_key`. A promise
 * only for a text with `@here`, for which it asks who is online; `accessOf` reads what its author may do in its channel.
 */
export function mentionFields(
  content: string,
  { presence }: Pick<Context, "presence">,
  accessOf: () => Promise<ServerChannelAccess | undefined>,
): MentionFields | Promise<MentionFields> {
  const { names, everyone, roles, here } = mentionsOf(content);
  const fields = { mentionNames: names, mentionsEveryone: everyone, ...(roles && { mentionRoles: roles }) };
  if (!here) return fields;
  return accessOf().then((access) =>
    // The log decides; this saves the list for those who may not address it anyway.
    access && can(access, "mentionEveryone") ? { ...fields, hereIds: presence.onlineIn(access.serverId) } : fields,
  );
}

/** The same for a message to this channel. */
export function mentionFieldsIn(context: Context, userId: number, channelId: number, content: string) {
  const { store, clock } = context;
  return mentionFields(content, context, () => serverChannelAccess(store.db, userId, channelId, clock.now()));
}
