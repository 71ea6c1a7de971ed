import type { ClientState } from "@miscord/client";
import type { CustomEmoji } from "@miscord/protocol";

/**
 * Emoji of all servers of the user, this server's first, then those of the instance: a name in a text means the first that has
 * it.
 */
export function emojisFrom(
  { servers, serverIds, instance }: ClientState,
  serverId: number | null,
): readonly CustomEmoji[] {
  return [serverId ?? 0, ...serverIds.filter((id) => id !== serverId)]
    .flatMap((id) => servers[id]?.emojis ?? [])
    .concat(instance?.emojis ?? []);
}
