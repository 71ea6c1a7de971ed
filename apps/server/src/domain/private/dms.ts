import { limits, type Dm, type DmBody, type DmState } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { isUniqueViolation } from "../../store/sql-dialect.ts";
import * as privates from "../../store/queries/private-channels.ts";
import { accepting } from "../../store/queries/relationships.ts";
import { usersById } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import { channelAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import type { PrivateCalls } from "../ports.ts";
import { requireReachable } from "../notifications/require-reachable.ts";
import { publish } from "../publish.ts";
import { withCalls } from "./with-calls.ts";
import { announcePeers } from "./announce-peers.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "presence" | "unread"> & PrivateCalls;
type Db = Kysely<Tables>;

/** How often a new conversation is shown at most, while messages follow each other. */
const showings = 3;

/** The actor's private channels, the one that was written in last first. */
export async function listDms(context: Pick<DomainContext, "store" | "presence"> & PrivateCalls, { userId }: Actor) {
  const { store, presence } = context;
  return withCalls(context, userId, await privates.dmStates(store.db, userId, (id) => presence.seenOf(id)));
}

/**
 * The channel of the actor and one other user, made at the first call, or a new group. Everybody must accept messages from
 * the actor, but for a channel that there is already. Throws `not_found`, `forbidden`, `invalid_request`, `limit_reached`
 * or `rate_limited`.
 */
export async function openDm(
  context: Context,
  { userId }: Actor,
  { user_ids, name }: DmBody,
): Promise<{ channel: DmState; isNew: boolean }> {
  await context.rates.changes.spend(userId);
  const others = [...new Set(user_ids)].filter((id) => id !== userId);
  const [other] = others;
  if (other === undefined) throw new AppError("invalid_request", "A conversation needs somebody else.");
  if (others.length >= limits.groupPeople) {
    throw new AppError("limit_reached", `A group has at most ${limits.groupPeople} people.`);
  }
  const isPair = others.length === 1 && !name;
  if (!isPair) return { channel: await createGroup(context, userId, others, name ?? ""), isNew: true };
  const known = await privates.pairChannel(context.store.db, userId, other);
  if (!known) return createPair(context, userId, other);
  if (known.has_opened === 0) await accept(context, known.id, userId);
  return { channel: await stateFor(context, userId, known.id), isNew: false };
}

/** Makes the conversation one like any other: counted, announced, and with the presence of both. */
export async function accept(
  context: Pick<Context, "store" | "bus" | "unread" | "voice">,
  channelId: number,
  userId: number,
): Promise<void> {
  const { store, unread } = context;
  if (!(await privates.setOpened(store.db, channelId, userId))) return;
  await announceCreated(context, channelId, [userId]);
  await unread.announce(channelId, [userId]);
  announcePeers(context, await privates.recipientIds(store.db, channelId));
}

/** The other one hears of the channel with its first message. */
async function createPair(
  context: Context,
  userId: number,
  other: number,
): Promise<{ channel: DmState; isNew: boolean }> {
  const { store, clock } = context;
  await requireAccepting(context, userId, [other]);
  try {
    const id = await store.db.transaction().execute(async (db) => {
      await requireRoom(db, userId, [other]);
      return privates.insertPair(db, userId, other, clock.now());
    });
    await announceCreated(context, id, [userId]);
    return { channel: await stateFor(context, userId, id), isNew: true };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // The other one, or another of the actor's clients, opened it meanwhile.
    const known = await privates.pairChannel(store.db, userId, other);
    await privates.setOpened(store.db, known!.id, userId);
    return { channel: await stateFor(context, userId, known!.id), isNew: false };
  }
}

async function createGroup(
  context: Context,
  userId: number,
  others: readonly number[],
  name: string,
): Promise<DmState> {
  const { store, clock } = context;
  await requireAccepting(context, userId, others);
  const id = await store.db.transaction().execute(async (db) => {
    await requireRoom(db, userId, others);
    return privates.insertGroup(db, { ownerId: userId, userIds: others, name, now: clock.now() });
  });
  await announceCreated(context, id, [userId, ...others]);
  announcePeers(context, [userId, ...others]);
  return stateFor(context, userId, id);
}

/** Adds somebody to a group, for those in it. Throws as `openDm` does. */
export async function addToGroup(context: Context, actor: Actor, channelId: number, userId: number): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  await requireGroup(context, actor, channelId);
  const { db } = context.store;
  if ((await privates.recipientIds(db, channelId)).includes(userId)) return;
  await requireAccepting(context, actor.userId, [userId]);
  await db.transaction().execute(async (trx) => {
    await privates.lockGroup(trx, channelId);
    const people = await privates.recipientIds(trx, channelId);
    if (!people.includes(actor.userId)) throw new AppError("not_found", "There is no such channel.");
    if (people.includes(userId)) return;
    if (people.length >= limits.groupPeople) {
      throw new AppError("limit_reached", `A group has at most ${limits.groupPeople} people.`);
    }
    await requireRoom(trx, null, [userId]);
    await privates.addRecipient(trx, channelId, { userId, by: actor.userId, now: context.clock.now() });
  });
  await announceCreated(context, channelId, [userId]);
  await announceUpdated(context, channelId);
  announcePeers(context, await privates.recipientIds(db, channelId));
}

/** Null names the group after its people. Throws `not_found` or `invalid_request`. */
export async function renameGroup(
  context: Context,
  actor: Actor,
  channelId: number,
  { name }: { name: string | null },
): Promise<Dm> {
  await context.rates.changes.spend(actor.userId);
  await requireGroup(context, actor, channelId);
  await context.store.db.transaction().execute(async (db) => {
    if (!(await privates.recipientIds(db, channelId)).includes(actor.userId)) {
      throw new AppError("not_found", "There is no such conversation.");
    }
    await privates.renameGroup(db, channelId, name ?? "");
  });
  const renamed = await announceUpdated(context, channelId);
  if (!renamed) throw new AppError("not_found", "There is no such conversation.");
  return renamed;
}

/** Throws `not_found` for those who are not in it, and `invalid_request` for a channel of two people. */
export async function requireGroup(
  context: Pick<Context, "store" | "clock">,
  actor: Actor,
  channelId: number,
): Promise<void> {
  const access = await channelAccess(context, actor, channelId);
  if (access.serverId !== null) throw new AppError("not_found", "There is no such conversation.");
  const group = await privates.groupOf(context.store.db, channelId);
  if (!group) throw new AppError("invalid_request", "A conversation of two people stays as it is.");
}

/** Tells all of its people of the group's new name, owner or people; returns it, undefined when it is gone. */
export async function announceUpdated(
  context: Pick<Context, "store" | "bus">,
  channelId: number,
): Promise<Dm | undefined> {
  const dm = await privates.dmById(context.store.db, channelId);
  if (!dm) return undefined;
  for (const { id } of dm.recipients) publish(context, `user:${id}`, { type: "dm_updated", channel: dm });
  return dm;
}

/** Shows these people the channel, each with their own read position. */
export async function announceCreated(
  context: Pick<DomainContext, "store" | "bus"> & PrivateCalls,
  channelId: number,
  userIds: readonly number[],
): Promise<void> {
  for (const userId of userIds) {
    let shownSeq = -1;
    // A message that was sent meanwhile was announced to clients that did not know the channel yet.
    for (let time = 0; time < showings; time += 1) {
      const states = await privates.dmStates(context.store.db, userId, null, channelId);
      const [channel] = await withCalls(context, userId, states, channelId);
      if (!channel || channel.last_message_seq === shownSeq) break;
      publish(context, `user:${userId}`, { type: "dm_created", channel });
      shownSeq = channel.last_message_seq;
    }
  }
}

async function stateFor(context: Context, userId: number, channelId: number): Promise<DmState> {
  const { store, presence } = context;
  const states = await privates.dmStates(store.db, userId, (id) => presence.seenOf(id), channelId);
  const [state] = await withCalls(context, userId, states, channelId);
  if (!state) throw new AppError("not_found", "There is no such conversation.");
  return state;
}

/** The same answer for who hides the actor and who accepts nobody, so that neither is told apart. */
async function requireAccepting(context: Context, userId: number, others: readonly number[]): Promise<void> {
  const { db } = context.store;
  const found = await usersById(db, others);
  if (found.length < others.length) throw new AppError("not_found", "There is no such person.");
  const willing = await accepting(db, userId, others);
  if (others.some((id) => !willing.has(id))) {
    const who = others.length === 1 ? "This person does not" : "Some of these people do not";
    throw new AppError("forbidden", `${who} accept messages from you.`);
  }
  for (const other of others) await requireReachable(context, userId, other);
}

/**
 * The opener has room among the conversations that they opened, null for nobody; the others among those that others
 * opened, so that nobody fills what another may open.
 */
async function requireRoom(db: Db, openerId: number | null, others: readonly number[]): Promise<void> {
  const counts = await privates.countPrivate(db, openerId === null ? others : [openerId, ...others]);
  if (openerId !== null && counts.get(openerId)!.opened >= limits.dmsPerUser) {
    throw new AppError("limit_reached", `You can open at most ${limits.dmsPerUser} conversations.`);
  }
  if (others.some((id) => counts.get(id)!.others >= limits.dmsPerUser)) {
    throw new AppError("limit_reached", "Somebody of them is in too many conversations.");
  }
}
