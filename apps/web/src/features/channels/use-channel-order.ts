import type { ChannelType } from "@miscord/protocol";
import { useState } from "react";
import { useShallow } from "zustand/react/shallow";
import { useClient, useClientState } from "../../app/client.ts";
import { channelIdsOf } from "../../app/last-visited.ts";
import { useAction } from "../../app/use-action.ts";
import { mergeOrder, moveItem } from "./move.ts";

/** The server's channels of one type, in order. A move shows at once and goes back if the server refuses. */
export function useChannelOrder(serverId: number, type: ChannelType) {
  const client = useClient();
  const { run } = useAction();
  const ids = useClientState(useShallow((state) => channelIdsOf(state, serverId, type)));
  const [pending, setPending] = useState<{ over: readonly number[]; ids: readonly number[] } | null>(null);

  async function move(from: number, to: number): Promise<void> {
    if (to < 0 || to >= ids.length) return;
    const wanted = moveItem(ids, from, to);
    setPending({ over: ids, ids: wanted });
    const all = client.store.getState().servers[serverId]?.channelIds ?? [];
    const succeeded = await run(() => client.rest.reorderChannels(serverId, mergeOrder(all, wanted)));
    if (!succeeded) setPending(null);
  }

  // Any other order from the server, ours included, replaces what was only hoped for.
  return { ids: pending?.over === ids ? pending.ids : ids, move };
}
