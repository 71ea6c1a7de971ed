import { presentUser } from "../../store/present-message.ts";
import type { UserRow } from "../../store/schema.ts";
import { serverAccess, serverIdsOf } from "../../store/queries/access.ts";
import { botIdsOf } from "../../store/queries/bots.ts";
import { deleteUnsentOf } from "../../store/queries/attachments.ts";
import * as deletions from "../../store/queries/deletions.ts";
import { deleteExports } from "../../store/queries/exports.ts";
import { deleteFavouritesOf } from "../../store/queries/favourite-gifs.ts";
import { deletePersonalRows } from "../../store/queries/personal-rows.ts";
import { acquaintancesOf } from "../../store/queries/relationships.ts";
import { revokeAllSessions } from "../../store/queries/sessions.ts";
import { announceRevoked } from "../accounts/sessions.ts";
import { removeDeletedFiles } from "../attachments/remove-files.ts";
import type { DomainContext } from "../context.ts";
import type { DueWork } from "../due-work/due-work.ts";
import { deleteWritten } from "../messages/purge-messages.ts";
import { announcePeers } from "../private/announce-peers.ts";
import { takeOutOfGroup } from "../private/leave-group.ts";
import { publish } from "../publish.ts";
import { announceDeparture, endMembership } from "../servers/members.ts";
import { personalColumns } from "../../store/personal-columns.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "storage" | "cluster">;

const pauseMs = 1_000;
const claimName = "deletions";
/** Accounts removed in one round. */
const atOnce = 10;
/** By then every node has closed the sockets of the account, also one that heard nothing of it and looked itself. */
const settleMs = 15_000;
/** Each attempt is told to everybody who may see the account. */
const againMs = 60_000;
/** Reactions taken back together. */
const reactionsAtOnce = 100;

/**
 * Removes the accounts whose week is over, on one node of several. Every step can be done again, so that another node
 * finishes what one that is gone has begun. Returns the function that stops it.
 */
export function startDeletions(context: Context, due: DueWork, onError: (error: unknown) => void): () => void {
  const failed = new Map<number, number>();
  return due.add({ kinds: ["deletion"], pauseMs, work: () => removeDue(context, failed, onError), onError });
}

/** `failed`: when the removal of an account failed. Until it is tried again, the others have their turn. */
async function removeDue(
  context: Context,
  failed: Map<number, number>,
  onError: (error: unknown) => void,
): Promise<void> {
  const { store, clock, cluster } = context;
  if ((await cluster.claim(claimName)) !== cluster.nodeId) return;
  const now = clock.now();
  for (const [userId, at] of failed) if (now - at >= againMs) failed.delete(userId);
  const page = { limit: atOnce, except: [...failed.keys()], settledBefore: now - settleMs };
  for (const user of await deletions.dueDeletions(store.db, now, page)) {
    if (!cluster.owns(claimName)) return;
    await removeAccount(context, user).catch((error: unknown) => {
      failed.set(user.id, clock.now());
      onError(error);
    });
  }
}

/** First the name, for everybody to see; the rest once nobody can write in the name of the account any more. */
async function removeAccount(context: Context, user: UserRow): Promise<void> {
  const { store, clock } = context;
  const { id, deleted_at: deletedAt } = user;
  if (deletedAt === null) {
    const now = clock.now();
    // Together: a node that goes in between would leave sessions to an account that is being removed.
    const revoked = await store.db.transaction().execute(async (db) => {
      if (!(await deletions.makeNameless(db, id, now))) return false;
      // The account's bots are removed after it.
      for (const botId of await botIdsOf(db, [id]))
        await deletions.noteDeletion(db, botId, { at: now, messages: "keep" });
      return revokeAllSessions(db, id, now);
    });
    if (!revoked) return;
    announceRevoked(context, id, revoked);
    await announceNameless(context, id);
    return;
  }
  // A node that made it nameless may have gone before it said so.
  await announceNameless(context, id);
  await endRelationships(context, id);
  await leaveServers(context, user);
  for (const channelId of await deletions.groupsOf(store.db, id)) {
    await takeOutOfGroup(context, { userId: id }, channelId, id);
  }
  await deletions.closePairs(store.db, id);
  await takeReactionsBack(context, id);
  await takeVotesBack(context, id);
  if (user.deletion_messages === "remove") await removeMessages(context, id);
  await deleteUnsentOf(store.db, id);
  await store.db.transaction().execute(async (db) => {
    await deletions.deletePictureOf(db, id);
    await deleteFavouritesOf(db, id);
    await deleteExports(db, { userId: id });
  });
  for (const { table, column, onDeletion } of personalColumns) {
    if (onDeletion === "erased") await deletePersonalRows(store.db, { table, column }, id);
  }
  if (!context.cluster.owns(claimName)) return;
  await deletions.finishDeletion(store.db, id);
  await removeDeletedFiles(context);
}

/** To everybody who may have the name on their screen: members, readers of what they wrote, people they know. */
async function announceNameless(context: Context, id: number): Promise<void> {
  const { db } = context.store;
  const user = presentUser(await deletions.namelessUser(db, id));
  const servers = new Set([...(await serverIdsOf(db, id)), ...(await deletions.serversWrittenIn(db, id))]);
  for (const server_id of servers) publish(context, `server:${server_id}`, { type: "user_updated", server_id, user });
  const people = new Set([
    ...(await acquaintancesOf(db, id)),
    ...(await deletions.relatedTo(db, id)),
    ...(await deletions.readersInPrivate(db, id)),
  ]);
  for (const personId of people) {
    publish(context, `user:${personId}`, { type: "user_updated", server_id: null, user });
  }
}

/** Friends, requests and blocks of the account, in both directions. */
async function endRelationships(context: Context, id: number): Promise<void> {
  const { db } = context.store;
  const people = await deletions.relatedTo(db, id);
  for (const { table, column, kind, onDeletion } of personalColumns) {
    if (kind === "people" && onDeletion === "erased") await deletePersonalRows(db, { table, column }, id);
  }
  for (const personId of people) {
    publish(context, `user:${personId}`, { type: "relationship_removed", user_id: id });
  }
  announcePeers(context, [id, ...people]);
}

async function leaveServers(context: Context, user: UserRow): Promise<void> {
  const { store, clock } = context;
  for (const serverId of await serverIdsOf(store.db, user.id)) {
    const access = await serverAccess(store.db, user.id, serverId, clock.now());
    const departed = await store.db.transaction().execute((db) => endMembership(db, serverId, user.id));
    if (!access || !departed) continue;
    announceDeparture(context, access, user, { ...departed, reason: "left", actor: { userId: user.id } });
  }
}

/** One by one through the log, so that every client sees them go, with others' commands in between. */
async function takeReactionsBack({ store, clock, cluster }: Context, actorId: number): Promise<void> {
  for (;;) {
    if (!cluster.owns(claimName)) return;
    const found = await deletions.reactionsOf(store.db, actorId, reactionsAtOnce);
    if (found.length === 0) return;
    const at = clock.now();
    const outcomes = await Promise.all(
      found.map(({ message_id: messageId, emoji }) =>
        store.log.commit({ kind: "react", actorId, messageId, emoji, on: false, isPart: true, at }),
      ),
    );
    if (!outcomes.some((outcome) => outcome.ok)) throw new Error("Reactions of an account could not be taken back.");
  }
}

async function takeVotesBack({ store, clock, cluster }: Context, actorId: number): Promise<void> {
  for (;;) {
    if (!cluster.owns(claimName)) return;
    const found = await deletions.votesOf(store.db, actorId, reactionsAtOnce);
    if (found.length === 0) return;
    const at = clock.now();
    const outcomes = await Promise.all(
      found.map((messageId) => store.log.commit({ kind: "vote", actorId, messageId, answers: [], isPart: true, at })),
    );
    if (!outcomes.some((outcome) => outcome.ok)) throw new Error("Votes of an account could not be taken back.");
  }
}

function removeMessages(context: Context, authorId: number): Promise<void> {
  return deleteWritten(context, authorId, {
    authorId,
    since: 0,
    until: Number.MAX_SAFE_INTEGER,
    goesOn: () => context.cluster.owns(claimName),
  });
}
