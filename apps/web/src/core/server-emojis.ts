import type { ClientState } from "@miscord/client";
import type { CustomEmoji } from "@miscord/protocol";

/** Emoji of all servers of the user, this server's first: a name in a text means the first that has it. */
export function emojisFrom({ servers, serverIds }: ClientState, serverId: number | null): readonly CustomEmoji[] {
  return [serverId ?? 0, ...serverIds.filter((id) => id !== serverId)].flatMap((id) => servers[id]?.emojis ?? []);
}
