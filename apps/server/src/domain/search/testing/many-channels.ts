import { permissionBits } from "@miscord/rights";
import { createChannel, createPerson, createServer } from "../../../store/conformance/world.ts";
import type { Store } from "../../../store/contract.ts";

/** A server with a member who sees every second one of its channels: more than a search names to the index. */
export async function createManyChannels(
  store: Store,
  ownerId: number,
  name: string,
): Promise<{ readerId: number; channels: readonly number[]; hidden: readonly number[] }> {
  const readerId = await createPerson(store, name);
  const serverId = await createServer(store, ownerId, [readerId]);
  const channels: number[] = [];
  for (let count = 0; count < 68; count += 1) channels.push(await createChannel(store, serverId, "text"));
  const hidden = channels.filter((_, index) => index % 2 === 1);
  const deny = { type: "member", target_id: readerId, allow: 0, deny: permissionBits.viewChannel };
  await store.db
    .insertInto("channel_overrides")
    .values(hidden.map((id) => ({ channel_id: id, ...deny })))
    .execute();
  await store.db.updateTable("channels").set({ restricted: 1 }).where("id", "in", hidden).execute();
  return { readerId, channels, hidden };
}
