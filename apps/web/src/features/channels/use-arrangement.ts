import type { ClientState } from "@miscord/client";
import type { ChannelType } from "@miscord/protocol";
import { useMemo } from "react";
import { shallow, useShallow } from "zustand/shallow";
import { useClient, useClientState } from "../../core/client.ts";
import { untilState } from "../../core/until-state.ts";
import { useLatestSave } from "../../core/use-latest-save.ts";
import { type Arrangement, arrangementOf, isSame, mergeOrder } from "./arrangement.ts";

/**
 * The order of the server's channels with their categories, and their types. A move shows at once and is undone if the
 * server refuses it.
 */
export function useArrangement(serverId: number) {
  const client = useClient();
  // Flat, so that nothing renders again for a message.
  const places = useClientState(useShallow((state) => placesOf(state, serverId)));
  const { saved, channels } = useMemo(() => read(places), [places]);
  const { pending, choose } = useLatestSave<Arrangement>(async (wanted, isLatest) => {
    const present = () => arrangementOf(client.store.getState(), serverId);
    const { ids, categoryOf } = present();
    for (const id of ids) {
      const category_id = wanted.categoryOf[id];
      const isMoved = category_id !== undefined && category_id !== categoryOf[id];
      // oxlint-disable-next-line no-await-in-loop -- a move changes the category of one channel
      if (isMoved) await client.rest.updateChannel(id, { category_id });
    }
    const kept = wanted.ids.filter((id) => ids.includes(id));
    const order = mergeOrder(ids, kept);
    if (!shallow(order, ids)) await client.rest.reorderChannels(serverId, order);
    await untilState(client, () => !isLatest() || !hasSameItems(wanted, present()) || isSame(present(), wanted));
  });
  // A channel was created or deleted while the order was being saved: the saved order is shown.
  const arrangement = pending && hasSameItems(pending, saved) ? pending : saved;
  return { arrangement, channels, choose };
}

function placesOf({ servers, channels }: ClientState, serverId: number): readonly (number | ChannelType | null)[] {
  const ids = servers[serverId]?.channelIds ?? [];
  return ids.flatMap((id) => [id, channels[id]?.type ?? "text", channels[id]?.category_id ?? null]);
}

function read(places: ReturnType<typeof placesOf>) {
  const ids: number[] = [];
  const categoryOf: Record<number, number | null> = {};
  const channels: Record<number, { type: ChannelType }> = {};
  for (let index = 0; index < places.length; index += 3) {
    const [id, type, categoryId] = places.slice(index, index + 3) as [number, ChannelType, number | null];
    ids.push(id);
    categoryOf[id] = categoryId;
    channels[id] = { type };
  }
  return { saved: { ids, categoryOf }, channels };
}

function hasSameItems({ ids: one }: Arrangement, { ids: other }: Arrangement): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}
