import { can } from "@miscord/rights";
import { mentionsOf } from "@miscord/text";
import type { SendCommand, Store } from "../../store/contract.ts";
import { serverChannelAccess, type ServerChannelAccess } from "../../store/queries/access.ts";
import type { DomainContext } from "../context.ts";

type Context = Pick<DomainContext, "store" | "presence" | "clock">;
type MentionFields = Pick<SendCommand, "mentionNames" | "mentionsEveryone" | "mentionRoles" | "hereIds">;
type AccessOf = () => Promise<ServerChannelAccess | undefined>;

/** What the latest text with `@here` of an author waits for, by the author's id. */
const lookups = new WeakMap<Store, Map<number, Promise<MentionFields>>>();

/**
 * Whom a text mentions, as fields of the command that stores it. Names are folded like `users.username_key`. A promise only
 * for a text with `@here`, for which it asks who is online, and for what its author sends meanwhile, which keeps its turn;
 * `accessOf` reads what the author may do in the channel.
 */
export function mentionFields(
  content: string,
  { store, presence }: Pick<Context, "store" | "presence">,
  userId: number,
  accessOf: AccessOf,
): MentionFields | Promise<MentionFields> {
  const { names, everyone, roles, here } = mentionsOf(content);
  const fields = { mentionNames: names, mentionsEveryone: everyone, ...(roles && { mentionRoles: roles }) };
  const earlier = lookups.get(store)?.get(userId);
  if (!here && !earlier) return fields;
  const lookUp = async () => (here ? { ...fields, hereIds: await hereIds(presence, accessOf) } : fields);
  return inTurn(store, userId, earlier ? earlier.then(lookUp, lookUp) : lookUp());
}

/** The log decides; this saves the list for those who may not address it anyway. */
async function hereIds(presence: Context["presence"], accessOf: AccessOf): Promise<readonly number[]> {
  const access = await accessOf();
  return access && can(access, "mentionEveryone") ? presence.onlineIn(access.serverId) : [];
}

function inTurn(store: Store, userId: number, lookup: Promise<MentionFields>): Promise<MentionFields> {
  const byAuthor = lookups.get(store) ?? new Map<number, Promise<MentionFields>>();
  lookups.set(store, byAuthor);
  byAuthor.set(userId, lookup);
  const end = () => void (byAuthor.get(userId) === lookup && byAuthor.delete(userId));
  lookup.then(end, end);
  return lookup;
}

/** The same for a message to this channel. */
export function mentionFieldsIn(context: Context, userId: number, channelId: number, content: string) {
  const { store, clock } = context;
  return mentionFields(content, context, userId, () => serverChannelAccess(store.db, userId, channelId, clock.now()));
}
