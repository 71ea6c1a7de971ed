import type { ChannelType } from "@miscord/protocol";
import { shallow, useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../core/client.ts";
import { channelIdsOf } from "../../core/last-visited.ts";
import { untilState } from "../../core/until-state.ts";
import { useLatestSave } from "../../core/use-latest-save.ts";
import { mergeOrder, moveItem } from "./move.ts";

/** The server's channels of one type, in order. A move shows at once and goes back if the server refuses. */
export function useChannelOrder(serverId: number, type: ChannelType) {
  const client = useClient();
  const saved = useClientState(useShallow((state) => channelIdsOf(state, serverId, type)));
  const { pending, choose } = useLatestSave<readonly number[]>(async (wanted, isLatest) => {
    const all = client.store.getState().servers[serverId]?.channelIds ?? [];
    await client.rest.reorderChannels(serverId, mergeOrder(all, wanted));
    await untilState(client, (state) => !isLatest() || shallow(channelIdsOf(state, serverId, type), wanted));
  });
  // A channel that has come or gone meanwhile is no part of what was hoped for.
  const ids = pending && hasSameItems(pending, saved) ? pending : saved;

  async function move(from: number, to: number): Promise<void> {
    if (to >= 0 && to < ids.length) await choose(moveItem(ids, from, to));
  }
  return { ids, move };
}

function hasSameItems(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}
