import {
  importLimits,
  type AuthorClaim,
  type AuthorClaimDecision,
  type AuthorClaims,
  type ImportClaim,
  type PendingAuthorClaims,
} from "@miscord/protocol";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import type { AuthorClaimRow } from "../../store/claim-tables.ts";
import * as queries from "../../store/queries/author-claims.ts";
import { isUnclaimed } from "../../store/queries/discord.ts";
import { recordInInstance } from "../../store/queries/instance.ts";
import { memberOf } from "../../store/queries/members.ts";
import { holdUsers, userById, usersById } from "../../store/queries/users.ts";
import type { Tables } from "../../store/schema.ts";
import { channelAccess, requireAdmin } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { requireAdminCommand } from "../instance/settings.ts";
import { announceClaims } from "./announce-imports.ts";
import { makeAuthor, type Given } from "./claim-author.ts";
import { giveAndTell } from "./give-written.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "cluster">;
type Db = Kysely<Tables>;

/** Whom the actor says to be among imported authors, and what was answered. */
export async function listClaims({ store }: Pick<Context, "store">, { userId }: Actor): Promise<AuthorClaims> {
  return { claims: await present(store.db, await queries.claimsOf(store.db, userId)) };
}

/**
 * The actor says that the imported author of a message that they see is them; administrators decide. Once more for the same author
 * it says the same while nobody has answered. Throws `not_found` (also for an author who was not imported, or whose messages
 * somebody has), `forbidden` while the actor is timed out, `limit_reached` or `rate_limited`.
 */
export async function claimAuthorOf(context: Context, actor: Actor, messageId: number): Promise<AuthorClaim> {
  const { store, rates, clock } = context;
  const { userId } = actor;
  await rates.changes.spend(userId);
  await rates.reports.spend(userId);
  const { placeholderId, serverId } = await importedAuthor(context, actor, messageId);
  const asked = await store.db.transaction().execute(async (db) => {
    await holdUsers(db, [userId, placeholderId]);
    if (!(await isUnclaimed(db, placeholderId))) throw noAuthor();
    const rows = await queries.unacceptedClaims(db, userId);
    const earlier = rows.find((row) => row.placeholder_id === placeholderId);
    if (earlier?.status === "pending") return { row: earlier, isNew: false };
    requireRoom(rows, earlier);
    const claim = { user_id: userId, placeholder_id: placeholderId, server_id: serverId, created_at: clock.now() };
    return { row: await queries.putClaim(db, claim), isNew: true };
  });
  if (asked.isNew) await announceClaims(context, { actorId: userId, isNew: true });
  return (await present(store.db, [asked.row]))[0]!;
}

/** Takes back what nobody has answered. Throws `not_found` or `rate_limited`. */
export async function withdrawClaim(context: Context, { userId }: Actor, id: number): Promise<void> {
  const { store, rates, clock } = context;
  await rates.changes.spend(userId);
  const ended = await queries.endClaim(store.db, id, { status: "withdrawn", at: clock.now(), userId });
  if (!ended) throw noClaim();
  await announceClaims(context, { actorId: userId });
}

/** Claims that wait, the oldest first, with ids above `after`. Throws `forbidden`. */
export async function listPendingClaims(
  { store }: Pick<Context, "store">,
  actor: Actor,
  after = 0,
): Promise<PendingAuthorClaims> {
  await requireAdmin({ store }, actor);
  const claims = await queries.pendingClaims(store.db, after, importLimits.claimsPage + 1);
  return { claims: claims.slice(0, importLimits.claimsPage), has_more: claims.length > importLimits.claimsPage };
}

/**
 * Gives the author's messages to whoever asked, which cannot be undone, or refuses. Throws `forbidden`, `rate_limited`, `not_found`
 * (none that waits, or its user has left the server where they met the author), or `conflict`: somebody has the messages.
 */
export async function decideClaim(
  context: Context,
  actor: Actor,
  id: number,
  { decision }: AuthorClaimDecision,
): Promise<ImportClaim> {
  const { store, clock } = context;
  await requireAdminCommand(context, actor);
  const isAccepted = decision === "accept";
  const at = clock.now();
  const { row, username, messages, settled } = await store.db.transaction().execute(async (db) => {
    const row = await queries.openClaim(db, id);
    if (!row) throw noClaim();
    const given = isAccepted ? await accept(db, row, at) : await decline(db, row, at);
    const [user, author] = await namesOf(db, row);
    const action = isAccepted ? "import_claim" : "import_claim_decline";
    const changes = [{ field: "name", before: null, after: author }];
    await recordInInstance(db, { actorId: actor.userId, action, userId: row.user_id, changes, at });
    return { row, username: user, ...given };
  });
  if (isAccepted) await giveAndTell(context, { from: row.placeholder_id, to: row.user_id });
  await announceClaims(context, { actorId: actor.userId, settled });
  return { username, messages };
}

async function accept(db: Db, row: AuthorClaimRow, at: number): Promise<Given> {
  // First the people, as whoever asks does, so that nobody waits in a circle.
  await holdUsers(db, [row.placeholder_id, row.user_id]);
  const ended = await queries.endClaim(db, row.id, { status: "accepted", at });
  if (!ended) throw noClaim();
  const { settled, ...given } = await makeAuthor(db, { from: row.placeholder_id, to: row.user_id, at });
  return { ...given, settled: [ended, ...settled] };
}

async function decline(db: Db, row: AuthorClaimRow, at: number): Promise<Given> {
  const ended = await queries.endClaim(db, row.id, { status: "declined", at });
  if (!ended) throw noClaim();
  return { messages: 0, settled: [ended] };
}

async function namesOf(db: Db, row: AuthorClaimRow): Promise<[user: string, author: string]> {
  const users = new Map((await usersById(db, [row.user_id, row.placeholder_id])).map((user) => [user.id, user]));
  return [users.get(row.user_id)!.username, users.get(row.placeholder_id)!.display_name];
}

/** The placeholder that wrote the message, for members of its server who see the message and are not held back. */
async function importedAuthor(
  context: Context,
  actor: Actor,
  messageId: number,
): Promise<{ placeholderId: number; serverId: number }> {
  const { store, clock } = context;
  const message = await store.log.message(messageId);
  if (!message || message.is_deleted || !message.author.is_placeholder) throw noAuthor();
  const { serverId, isMember } = await channelAccess(context, actor, message.channel_id);
  if (serverId === null || !isMember) throw noAuthor();
  const [member, user] = await Promise.all([
    memberOf(store.db, serverId, actor.userId),
    userById(store.db, actor.userId),
  ]);
  if (!member || user?.deletion_at !== null) throw noAuthor();
  if (member.timed_out_until !== null && Date.parse(member.timed_out_until) > clock.now()) {
    throw new AppError("forbidden", "You are timed out.");
  }
  return { placeholderId: message.author.id, serverId };
}

function requireRoom(rows: readonly AuthorClaimRow[], earlier: AuthorClaimRow | undefined): void {
  if (earlier && earlier.attempts >= importLimits.claimAttempts) {
    throw new AppError("limit_reached", "You have asked for this author often enough.");
  }
  if (rows.filter(({ status }) => status === "pending").length >= importLimits.claimsWaiting) {
    throw new AppError("limit_reached", `At most ${importLimits.claimsWaiting} of your requests wait at a time.`);
  }
  if (!earlier && rows.length >= importLimits.claimsPerUser) {
    throw new AppError("limit_reached", `You may ask for ${importLimits.claimsPerUser} authors.`);
  }
}

async function present(db: Db, rows: readonly AuthorClaimRow[]): Promise<AuthorClaim[]> {
  if (rows.length === 0) return [];
  const users = new Map(
    (
      await usersById(
        db,
        rows.map((row) => row.placeholder_id),
      )
    ).map((user) => [user.id, user]),
  );
  return rows.map((row) => ({
    id: row.id,
    author: users.get(row.placeholder_id)!,
    status: row.status as AuthorClaim["status"],
    created_at: new Date(row.created_at).toISOString(),
    decided_at: row.decided_at === null ? null : new Date(row.decided_at).toISOString(),
    may_repeat: row.status === "declined" && row.attempts < importLimits.claimAttempts,
  }));
}

const noAuthor = () => new AppError("not_found", "There is no imported author of such a message.");
const noClaim = () => new AppError("not_found", "There is no such request that waits.");
