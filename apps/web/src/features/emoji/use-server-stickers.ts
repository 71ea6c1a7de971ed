import type { CustomEmoji } from "@miscord/protocol";
import { useMemo } from "react";
import { useClientState } from "../../core/client.ts";

export interface OfferedSticker extends CustomEmoji {
  serverName: string;
}

/** Stickers of the user's servers by name, this one's first, then the instance's. */
export function useServerStickers(serverId: number | null | undefined): readonly OfferedSticker[] {
  const servers = useClientState((state) => state.servers);
  const serverIds = useClientState((state) => state.serverIds);
  const instance = useClientState((state) => state.instance);
  return useMemo(() => {
    const ids = [serverId ?? 0, ...serverIds.filter((id) => id !== serverId)];
    return [...ids.flatMap((id) => servers[id] ?? []), ...(instance ? [instance] : [])].flatMap(
      ({ name, stickers = [] }) =>
        stickers.toSorted((a, b) => a.name.localeCompare(b.name)).map((sticker) => ({ ...sticker, serverName: name })),
    );
  }, [servers, serverIds, instance, serverId]);
}
