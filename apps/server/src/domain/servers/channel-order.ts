import type { Kysely } from "kysely";
import type { AuditRecord } from "../../store/audit-row.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import * as channels from "../../store/queries/channels.ts";
import { visibleChannels } from "../../store/queries/visible-channels.ts";
import type { Tables } from "../../store/schema.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish, topicOf } from "../publish.ts";
import { announceRights } from "./rights-changes.ts";

type Db = Kysely<Tables>;

/** All channels of a server in their new order, and those that it moved and not everybody may be told of. */
export interface NewOrder {
  readonly all: readonly channels.FoundChannel[];
  readonly moved: ReadonlySet<number>;
}

/** Must run in a transaction; the order is published after it. */
export async function reorder(
  db: Db,
  by: Pick<AuditRecord, "serverId" | "actorId" | "at">,
  before: readonly number[],
  after: readonly number[],
): Promise<NewOrder> {
  const former = new Map(
    (await channels.channelsById(db, before)).map(({ channel }) => [channel.id, channel.position]),
  );
  const isMoved = after.some((id, index) => id !== before[index]);
  if (isMoved) {
    await channels.orderChannels(db, after);
    const changes = [{ field: "order", before: [...before], after: [...after] }];
    await recordAction(db, { ...by, action: "channels_reorder", changes });
  }
  const all = await channels.channelsById(db, after);
  const moved = all.filter(({ channel }) => channel.position !== former.get(channel.id));
  return { all, moved: new Set(moved.map(({ channel }) => channel.id)) };
}

/** The list with the channel at index `position`, or at the end. */
export function movedTo(channelIds: readonly number[], channelId: number, position: number): number[] {
  const others = channelIds.filter((id) => id !== channelId);
  return others.toSpliced(position, 0, channelId);
}

/** Administrators of the instance order the channels of servers that they are no members of. */
export async function seenBy(
  db: Db,
  { userId }: Actor,
  serverId: number,
  all: readonly number[],
): Promise<readonly number[]> {
  const rows = await db
    .selectFrom(visibleChannels(db, [userId]))
    .where("visible.server_id", "=", serverId)
    .select("visible.id")
    .execute();
  return rows.length > 0 ? rows.map((row) => row.id) : all;
}

/** Categories come one by one: clients of version 1 take the list for that of all channels. */
export function publishOrder(context: Pick<DomainContext, "bus">, serverId: number, { all, moved }: NewOrder): void {
  const isListed = ({ channel, isRestricted }: channels.FoundChannel) => !isRestricted && channel.type !== "category";
  const known = all
    .filter(isListed)
    .map((found) => found.channel)
    .toSorted((a, b) => a.position - b.position);
  publish(context, `server:${serverId}`, {
    type: "channels_reordered",
    server_id: serverId,
    channel_ids: known.map(({ id }) => id),
    positions: known.map(({ position }) => position),
  });
  const others = all.filter((found) => !isListed(found) && moved.has(found.channel.id));
  publishUpdated(context, serverId, others);
}

/** To those who see the channels: to each what they may know, where not all of them see the category as well. */
export function publishUpdated(
  context: Pick<DomainContext, "bus">,
  serverId: number,
  found: readonly channels.FoundChannel[],
): void {
  const shared = found.filter(({ isCategoryRestricted }) => !isCategoryRestricted);
  for (const { channel, isRestricted } of shared) {
    const topic = topicOf({ id: channel.id, serverId, isRestricted });
    publish(context, topic, { type: "channel_updated", server_id: serverId, channel });
  }
  const updated = found.filter(({ isCategoryRestricted }) => isCategoryRestricted).map(({ channel }) => channel.id);
  if (updated.length > 0) announceRights(context, serverId, { hidden: [], opened: [] }, { updated });
}
