import { limits, type Relationship } from "@miscord/protocol";
import { foldName } from "@miscord/text";
import { AppError } from "../../errors.ts";
import * as relationships from "../../store/queries/relationships.ts";
import { pairChannel } from "../../store/queries/private-channels.ts";
import { userById, userByKey } from "../../store/queries/users.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { PrivateCalls } from "../ports.ts";
import { requireReachable } from "../notifications/require-reachable.ts";
import { publish, sendControl } from "../publish.ts";
import { announcePeers } from "./announce-peers.ts";
import { endRings } from "./calls.ts";
import { accept } from "./dms.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "presence" | "unread"> & PrivateCalls;

/** What other users are to the actor, by username. */
export function listRelationships(
  { store, presence }: Pick<DomainContext, "store" | "presence">,
  { userId }: Actor,
): Promise<Relationship[]> {
  return relationships.relationshipsOf(store.db, userId, (id) => presence.seenOf(id));
}

/**
 * Asks to be a friend, or accepts being one. Throws `not_found`, `invalid_request`, `forbidden` (they do not accept
 * requests, or hide the actor), `conflict` (the actor hides them), `limit_reached` or `rate_limited`.
 */
export async function addFriend(context: Context, actor: Actor, friendId: number): Promise<void> {
  const { userId } = actor;
  await context.rates.changes.spend(userId);
  const { db } = context.store;
  await requireOther(context, userId, friendId);
  const known = await relationOf(context, userId, friendId);
  if (known === "friend" || known === "outgoing") return;
  if (known === "blocked") throw new AppError("conflict", "You have blocked this person.");
  if (known === undefined) await requireAcceptsRequests(context, userId, friendId);
  await db.transaction().execute(async (trx) => {
    await relationships.insertFriend(trx, userId, friendId, context.clock.now());
    requireRoom(await relationships.countFriends(trx, userId), "You can have or ask at most %s friends.");
    if (known === "incoming") return;
    requireRoom(await relationships.countRequests(trx, friendId), "This person has %s requests to answer.");
  });
  await announceRelationship(context, userId, friendId);
  await announceRelationship(context, friendId, userId);
  if (known === "incoming") await acceptOfFriends(context, userId, friendId);
  announcePeers(context, [userId, friendId]);
}

/** What one wrote to the other before is no request any more. */
async function acceptOfFriends(context: Context, ...[userId, friendId]: [number, number]): Promise<void> {
  for (const [one, other] of [
    [userId, friendId],
    [friendId, userId],
  ] as const) {
    const pair = await pairChannel(context.store.db, one, other);
    if (pair && pair.request !== 0) await accept(context, pair.id, one);
  }
}

/** The same by name, for people with whom the actor shares no server. Returns what they are to the actor. */
export async function addFriendNamed(context: Context, actor: Actor, username: string): Promise<Relationship> {
  const user = await userByKey(context.store.db, foldName(username));
  if (!user) throw new AppError("not_found", "There is nobody of this name.", { details: { field: "username" } });
  await addFriend(context, actor, user.id);
  return (await relationship(context, actor.userId, user.id))!;
}

/** Ends a friendship, takes a request back or declines one. */
export async function removeFriend(context: Context, { userId }: Actor, friendId: number): Promise<void> {
  await context.rates.changes.spend(userId);
  if (!(await relationships.deleteFriends(context.store.db, userId, friendId))) return;
  publish(context, `user:${userId}`, { type: "relationship_removed", user_id: friendId });
  publish(context, `user:${friendId}`, { type: "relationship_removed", user_id: userId });
  announcePeers(context, [userId, friendId]);
}

/**
 * Hides a user: they cannot write to the actor, and the actor hears nothing of them. They are not told; a friendship
 * ends.
 */
export async function block(context: Context, { userId }: Actor, blockedId: number): Promise<void> {
  await context.rates.changes.spend(userId);
  await requireOther(context, userId, blockedId);
  const { wereFriends } = await context.store.db.transaction().execute(async (db) => {
    await relationships.insertBlock(db, userId, blockedId, context.clock.now());
    requireRoom(await relationships.countBlocks(db, userId), "You can block at most %s people.");
    return { wereFriends: await relationships.deleteFriends(db, userId, blockedId) };
  });
  await announceRelationship(context, userId, blockedId);
  if (wereFriends) publish(context, `user:${blockedId}`, { type: "relationship_removed", user_id: userId });
  announcePeers(context, [userId, blockedId]);
  reload(context, userId);
  await endCalls(context, userId, blockedId);
}

/** Neither rings the other any more, and the one who blocks leaves the call of their two. */
async function endCalls(context: Context, userId: number, blockedId: number): Promise<void> {
  await endRings(context, { between: [userId, blockedId] });
  const pair = await pairChannel(context.store.db, userId, blockedId);
  if (!pair) return;
  const control = { type: "call_refused", userId, channelId: pair.id } as const;
  // On whichever node they are in the call, and also while the connection to it is lost.
  for (const topic of [`user:${userId}`, "rights"] as const) sendControl(context, topic, control);
}

export async function unblock(context: Context, { userId }: Actor, blockedId: number): Promise<void> {
  await context.rates.changes.spend(userId);
  if (!(await relationships.deleteBlock(context.store.db, userId, blockedId))) return;
  publish(context, `user:${userId}`, { type: "relationship_removed", user_id: blockedId });
  await announceRelationship(context, userId, blockedId);
  announcePeers(context, [userId, blockedId]);
  reload(context, userId);
}

/** Counts and notifications of all channels may be others now. */
function reload(context: Context, userId: number): void {
  publish(context, `user:${userId}`, { type: "resync", timestamp: context.clock.now() / 1_000 });
}

async function relationship({ store }: Context, userId: number, otherId: number) {
  const [found] = await relationships.relationshipsOf(store.db, userId, null, otherId);
  return found;
}

async function relationOf(context: Context, userId: number, otherId: number) {
  return (await relationship(context, userId, otherId))?.kind;
}

async function announceRelationship(context: Context, userId: number, otherId: number): Promise<void> {
  const found = await relationship(context, userId, otherId);
  if (found) publish(context, `user:${userId}`, { type: "relationship_updated", relationship: found });
}

async function requireOther({ store }: Context, userId: number, otherId: number): Promise<void> {
  if (userId === otherId) throw new AppError("invalid_request", "This is you.");
  if (!(await userById(store.db, otherId))) throw new AppError("not_found", "There is no such person.");
}

/** The same answer for who hides the actor and who accepts nobody's messages. */
async function requireAcceptsRequests(context: Context, userId: number, friendId: number): Promise<void> {
  const { db } = context.store;
  const friend = await userById(db, friendId);
  if (friend?.messages_from === "nobody" || (await relationships.isBlockedBy(db, userId, friendId))) {
    throw new AppError("forbidden", "This person does not accept requests from you.");
  }
  await requireReachable(context, userId, friendId);
}

/** For a count that includes the new one. What others do does not use up the actor's own. */
function requireRoom(count: number, message: string): void {
  if (count <= limits.relationshipsPerUser) return;
  throw new AppError("limit_reached", message.replace("%s", String(limits.relationshipsPerUser)));
}
