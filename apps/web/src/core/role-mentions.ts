import { accessFacts } from "@miscord/client";
import { can } from "@miscord/rights";
import { markEmojis, markRoles, withEmojiNames, withRoleNames } from "@miscord/text";
import { client } from "./client.ts";
import { emojisFrom } from "./server-emojis.ts";

/** A text for reading and editing: roles by their names, as far as they are known, and emoji of servers by theirs. */
export function withRoles(text: string): string {
  const servers = Object.values(client.store.getState().servers);
  return withRoleNames(
    withEmojiNames(text),
    (id) => servers.flatMap(({ roles }) => roles).find((role) => role.id === id)?.name,
  );
}

/** A text to be sent: with marks in place of the names of roles that the user may mention there, and of emoji of servers. */
export function withRoleMarks(channelId: number, text: string): string {
  const state = client.store.getState();
  const serverId = state.channels[channelId]?.server_id ?? null;
  const access = accessFacts(state, serverId, channelId);
  const mayAddressAll = access !== null && can(access, "mentionEveryone");
  const roles = state.servers[serverId ?? 0]?.roles ?? [];
  return markRoles(
    markEmojis(text, emojisFrom(state, serverId, channelId)),
    roles.filter(({ position, mentionable }) => position > 0 && (mentionable || mayAddressAll)),
  );
}
