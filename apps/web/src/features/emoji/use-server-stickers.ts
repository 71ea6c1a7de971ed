import type { CustomEmoji } from "@miscord/protocol";
import { useMemo } from "react";
import { useClientState } from "../../core/client.ts";
import { useCan } from "../../core/use-can.ts";

export interface OfferedSticker extends CustomEmoji {
  serverName: string;
}

export interface OfferedStickers {
  stickers: readonly OfferedSticker[];
  /** Those of other servers may not be sent here. */
  lacksForeign: boolean;
}

/** Stickers that the user may send in the channel by name, this server's first, then the others', then the instance's. */
export function useServerStickers(serverId: number | null | undefined, channelId: number): OfferedStickers {
  const servers = useClientState((state) => state.servers);
  const serverIds = useClientState((state) => state.serverIds);
  const instance = useClientState((state) => state.instance);
  const lacksForeign = !useCan(serverId ?? null, "useExternalStickers", channelId) && Boolean(serverId);
  return useMemo(() => {
    const others = serverIds.filter((id) => id !== serverId);
    const places = [serverId ?? 0, ...(lacksForeign ? [] : others)].flatMap((id) => servers[id] ?? []);
    const stickers = [...places, ...(instance ? [instance] : [])].flatMap(({ name, stickers: own = [] }) =>
      own.toSorted((a, b) => a.name.localeCompare(b.name)).map((sticker) => ({ ...sticker, serverName: name })),
    );
    return { stickers, lacksForeign: lacksForeign && others.some((id) => servers[id]?.stickers?.length) };
  }, [servers, serverIds, instance, serverId, lacksForeign]);
}
