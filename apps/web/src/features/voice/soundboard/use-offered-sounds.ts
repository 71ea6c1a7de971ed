import type { ServerSound } from "@miscord/protocol";
import { useMemo } from "react";
import { useClientState } from "../../../core/client.ts";
import { useCan } from "../../../core/use-can.ts";

export interface SoundSection {
  serverId: number;
  name: string;
  sounds: readonly ServerSound[];
}

export interface OfferedSounds {
  sections: readonly SoundSection[];
  /** Why sounds are missing: none may be played here, or none of other servers. */
  refused: "all" | "foreign" | null;
}

/** Sounds that the user may play in the call of the channel, by server, this one's first. */
export function useOfferedSounds(channelId: number): OfferedSounds {
  const serverId = useClientState((state) => state.channels[channelId]?.server_id ?? null);
  const servers = useClientState((state) => state.servers);
  const serverIds = useClientState((state) => state.serverIds);
  const hasBoard = useCan(serverId, "useSoundboard", channelId) || serverId === null;
  const hasForeign = useCan(serverId, "useExternalSounds", channelId) || serverId === null;
  return useMemo(() => {
    const ordered = [...serverIds.filter((id) => id === serverId), ...serverIds.filter((id) => id !== serverId)];
    const all = ordered.flatMap((id) => {
      const { name = "", sounds = [] } = servers[id] ?? {};
      return sounds.length > 0 ? [{ serverId: id, name, sounds: byName(sounds) }] : [];
    });
    if (!hasBoard) return { sections: [], refused: "all" };
    const sections = all.filter((section) => hasForeign || section.serverId === serverId);
    return { sections, refused: sections.length < all.length ? "foreign" : null };
  }, [servers, serverIds, serverId, hasBoard, hasForeign]);
}

function byName(sounds: readonly ServerSound[]): readonly ServerSound[] {
  return sounds.toSorted((a, b) => a.name.localeCompare(b.name));
}
