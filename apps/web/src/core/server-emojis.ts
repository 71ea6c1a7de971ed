import { accessFacts, type ClientState } from "@miscord/client";
import type { CustomEmoji } from "@miscord/protocol";
import { can } from "@miscord/rights";

/**
 * Emoji that the user may use there, this server's first, then those of the user's other servers, then those of the instance: a
 * name in a text means the first that has it.
 */
export function emojisFrom(state: ClientState, serverId: number | null, channelId?: number): readonly CustomEmoji[] {
  const { servers, serverIds, instance } = state;
  const facts = serverId === null ? null : accessFacts(state, serverId, channelId);
  const others = facts && !can(facts, "useExternalEmojis") ? [] : serverIds.filter((id) => id !== serverId);
  return [serverId ?? 0, ...others].flatMap((id) => servers[id]?.emojis ?? []).concat(instance?.emojis ?? []);
}
