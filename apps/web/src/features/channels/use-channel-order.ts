import type { ChannelType } from "@miscord/protocol";
import { shallow, useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../core/client.ts";
import { channelIdsOf } from "../../core/last-visited.ts";
import { untilState } from "../../core/until-state.ts";
import { useLatestSave } from "../../core/use-latest-save.ts";

/** The server's channels of one type, in order. A move shows at once and is undone if the server refuses it. */
export function useChannelOrder(serverId: number, type: ChannelType) {
  const client = useClient();
  const saved = useClientState(useShallow((state) => channelIdsOf(state, serverId, type)));
  const { pending, choose } = useLatestSave<readonly number[]>(async (wanted, isLatest) => {
    const all = client.store.getState().servers[serverId]?.channelIds ?? [];
    await client.rest.reorderChannels(serverId, mergeOrder(all, wanted));
    await untilState(client, (state) => !isLatest() || shallow(channelIdsOf(state, serverId, type), wanted));
  });
  // A channel was created or deleted while the order was being saved: the saved order is shown.
  const ids = pending && hasSameItems(pending, saved) ? pending : saved;

  async function move(from: number, to: number): Promise<void> {
    if (to >= 0 && to < ids.length) await choose(moveItem(ids, from, to));
  }
  return { ids, move };
}

function hasSameItems(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}

/** A copy of the list with the item at index `from` moved to index `to`. */
export function moveItem<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  const rest = items.filter((_, index) => index !== from);
  return [...rest.slice(0, to), items[from]!, ...rest.slice(to)];
}

/**
 * The order of all channels of a server after the channels of one type were reordered. Channels that `visible` leaves
 * out keep their positions.
 */
export function mergeOrder(all: readonly number[], visible: readonly number[]): readonly number[] {
  const queue = [...visible];
  const shown = new Set(visible);
  return all.map((id) => (shown.has(id) ? queue.shift()! : id));
}
