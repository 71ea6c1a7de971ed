import { limits, type Invite, type InviteBody, type InvitePreview, type User } from "@miscord/protocol";
import { can, checkRevokeInvite } from "@miscord/rights";
import { foldName } from "@miscord/text";
import type { Insertable } from "kysely";
import { AppError } from "../../errors.ts";
import { presentUser } from "../../store/present-message.ts";
import { serverAccess as serverAccessOf, type ServerAccess } from "../../store/queries/access.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import { isBanned } from "../../store/queries/bans.ts";
import {
  countInvites,
  deleteInvite,
  forgetEndedInvites,
  insertInvite,
  inviteByCode,
  usableInvite,
  usableInvites,
} from "../../store/queries/invites.ts";
import { memberOf } from "../../store/queries/members.ts";
import { insertNotification, notificationsById, unreadInvite } from "../../store/queries/notifications.ts";
import { isBlockedBy } from "../../store/queries/relationships.ts";
import { userByKey } from "../../store/queries/users.ts";
import type { InvitesTable } from "../../store/schema.ts";
import { serverAccess, serverCommand } from "../access.ts";
import type { Actor, DomainContext, Authentication } from "../context.ts";
import { requireReachable } from "../notifications/require-reachable.ts";
import { publish } from "../publish.ts";
import { newInviteCode } from "./join-server.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;

/**
 * Creates an invite. With `username`, that user is notified of it and it has one use by default. Throws `not_found`,
 * `conflict` (already a member, or banned), `limit_reached` (too many invites of the actor) or `rate_limited`.
 */
export async function createInvite(
  context: Context,
  { userId, user }: Authentication,
  serverId: number,
  body: InviteBody,
): Promise<Invite> {
  const access = await serverCommand(context, { userId }, serverId, "createInstantInvite");
  const guest = body.username === undefined ? undefined : await findGuest(context, serverId, body.username);
  const pending = guest && (await pendingInvite(context, { guestId: guest.id, serverId, inviterId: userId }));
  if (pending) return pending;
  const now = context.clock.now();
  const expiresAt = expiryOf(access, body, now);
  const invite: Invite = {
    code: newInviteCode(),
    server_id: serverId,
    created_by: user,
    created_at: new Date(now).toISOString(),
    expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    max_uses: body.max_uses ?? (guest ? 1 : null),
    uses: 0,
  };
  await keepInvite(
    context,
    access,
    { code: invite.code, max_uses: invite.max_uses, expires_at: expiresAt, now },
    guest,
  );
  // Whoever hides the inviter is not told; the inviter does not learn of it.
  const isHidden = guest !== undefined && (await isBlockedBy(context.store.db, userId, guest.id));
  if (guest && !isHidden)
    await notifyGuest(context, guest.id, { invite, serverName: access.serverName, inviter: user });
  return invite;
}

/** Stores the invite unless its creator has too many; counting and storing are one transaction. */
async function keepInvite(
  context: Context,
  access: ServerAccess,
  { now, ...invite }: Pick<Insertable<InvitesTable>, "code" | "max_uses" | "expires_at"> & { now: number },
  guest: User | undefined,
): Promise<void> {
  const { userId, serverId } = access;
  const most = can(access, "manageGuild") ? limits.invitesPerManager : limits.invitesPerMember;
  // Before the transaction: other writers would wait for the answer.
  if (guest) await requireReachable(context, userId, guest.id);
  await context.store.db.transaction().execute(async (db) => {
    if ((await countInvites(db, serverId, userId, now)) >= most) {
      throw new AppError("limit_reached", `You can have at most ${most} active invites to a server.`);
    }
    // Those that ended are kept for some days, and each list and count looks at all: of a short life there may be any number.
    await forgetEndedInvites(db, { serverId, userId }, { keep: most, now });
    await insertInvite(db, { ...invite, server_id: serverId, created_by: userId, created_at: now });
  });
}

/** Only those who manage the server make invites that last. */
function expiryOf(access: ServerAccess, { expires_in: seconds }: InviteBody, now: number): number | null {
  if (can(access, "manageGuild")) return seconds ? now + seconds * 1_000 : null;
  return now + Math.min(seconds ?? Infinity, limits.memberInviteSeconds) * 1_000;
}

async function findGuest({ store, clock }: Context, serverId: number, username: string): Promise<User> {
  const row = await userByKey(store.db, foldName(username));
  if (!row) throw new AppError("not_found", "There is nobody of this name.", { details: { field: "username" } });
  if (await memberOf(store.db, serverId, row.id)) throw new AppError("conflict", "They are a member already.");
  if (await isBanned(store.db, serverId, row.id, clock.now()))
    throw new AppError("conflict", "They are banned from this server.");
  return presentUser(row);
}

/** The invite of an unread notification from the same inviter: inviting again reuses it and notifies nobody twice. */
async function pendingInvite(
  { store, clock }: Context,
  people: { guestId: number; serverId: number; inviterId: number },
): Promise<Invite | undefined> {
  const code = await unreadInvite(store.db, people);
  return code === null ? undefined : (await usableInvite(store.db, code, clock.now()))?.invite;
}

async function notifyGuest(
  context: Context,
  guestId: number,
  { invite, serverName, inviter }: { invite: Invite; serverName: string; inviter: User },
): Promise<void> {
  const { store, clock } = context;
  const now = clock.now();
  const id = await insertNotification(store.db, {
    user_id: guestId,
    kind: "invite",
    actor_id: inviter.id,
    server_id: invite.server_id,
    channel_id: null,
    message_id: null,
    invite_code: invite.code,
    created_at: now,
    read_at: null,
  });
  publish(context, `user:${guestId}`, {
    type: "channel_invitation",
    // Clients of version 1 know a server as a channel.
    channel_id: invite.server_id,
    channel_name: serverName,
    invited_by: { id: inviter.id, username: inviter.username },
    invite_code: invite.code,
    timestamp: now / 1_000,
  });
  for (const { notification } of await notificationsById(store.db, [id])) {
    publish(context, `user:${guestId}`, { type: "notification", data: notification });
  }
}

/** Usable invites, newest first: all of them for users who manage the server, their own for other members. */
export async function listInvites(context: Context, actor: Actor, serverId: number): Promise<Invite[]> {
  const { store, clock } = context;
  const { userId } = actor;
  const access = await serverAccess(context, actor, serverId);
  return usableInvites(store.db, serverId, clock.now(), can(access, "manageGuild") ? undefined : userId);
}

/** Revokes an invite, for its creator and for users who manage the server. Throws `not_found`, `forbidden` or `rate_limited`. */
export async function revokeInvite(
  { store, clock, rates }: Pick<DomainContext, "store" | "clock" | "rates">,
  { userId }: Actor,
  code: string,
): Promise<void> {
  await rates.changes.spend(userId);
  const invite = await inviteByCode(store.db, code);
  const access = invite && (await serverAccessOf(store.db, userId, invite.server_id, clock.now()));
  const verdict = access ? checkRevokeInvite(access, invite.created_by.id) : "hidden";
  if (verdict === "hidden") throw new AppError("not_found", "There is no such invite.");
  if (verdict === "forbidden") {
    throw new AppError("forbidden", "Only whoever made an invite and the server's owner can take it back.");
  }
  const { server_id: serverId, created_by } = invite!;
  await store.db.transaction().execute(async (db) => {
    // Somebody else may have revoked it meanwhile.
    if (!(await deleteInvite(db, code))) throw new AppError("not_found", "There is no such invite.");
    const record = { serverId, actorId: userId, action: "invite_delete", at: clock.now() } as const;
    await recordAction(db, { ...record, userId: created_by.id, subject: code });
  });
}

/** Describes an invite to anybody who has its code, logged in or not. Throws `invite_invalid`. */
export async function previewInvite(
  { store, clock }: Pick<DomainContext, "store" | "clock">,
  actor: Actor | null,
  code: string,
): Promise<InvitePreview> {
  const found = await usableInvite(store.db, code, clock.now());
  if (!found) throw new AppError("invite_invalid", "This invite is not valid or has expired.");
  const { invite, serverName, serverIcon, memberCount } = found;
  const isMember = actor !== null && (await memberOf(store.db, invite.server_id, actor.userId)) !== undefined;
  return {
    code,
    server: { id: invite.server_id, name: serverName, icon_url: serverIcon, member_count: memberCount },
    inviter: invite.created_by,
    is_member: isMember,
  };
}
