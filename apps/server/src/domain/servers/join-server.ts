import { randomBytes } from "node:crypto";
import type { ServerState } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { Tables } from "../../store/schema.ts";
import { isBanned } from "../../store/queries/bans.ts";
import { countUse, inviteByCode } from "../../store/queries/invites.ts";
import { addMember, memberOf } from "../../store/queries/members.ts";
import { raidModeOf } from "../../store/queries/raid-mode.ts";
import { readWholeServer } from "../../store/queries/read-states.ts";
import type { Actor, DomainContext } from "../context.ts";
import { sendControl, publish } from "../publish.ts";
import { requireRoomFor } from "./create-server.ts";
import { withinJoinBudget } from "./join-budget.ts";
import { serverState } from "./server-state.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "presence" | "voice">;

/**
 * Joins the server of an invite; returns its state. A member of the server uses up no use of the invite. Throws
 * `invite_invalid`, `banned`, `limit_reached` or `rate_limited`.
 */
export async function joinServer(
  context: Context & Pick<DomainContext, "rates">,
  actor: Actor,
  code: string,
): Promise<ServerState> {
  const { store, clock, rates } = context;
  const { userId } = actor;
  return withinJoinBudget(context, userId, async () => {
    await rates.changes.spend(userId);
    const joined = await store.db.transaction().execute(async (db) => {
      const invite = await inviteByCode(db, code);
      if (invite && (await memberOf(db, invite.server_id, userId))) return { serverId: invite.server_id, isNew: false };
      return { serverId: await useInvite(db, clock, userId, code), isNew: true };
    });
    if (joined.isNew) await announceJoin(context, userId, joined.serverId);
    return serverState(context, actor, joined.serverId);
  });
}

/**
 * Counts a use of the invite and adds the user to its server, with all earlier messages read. Must run inside a
 * transaction. Returns the server id; throws as `joinServer` does.
 */
export async function useInvite(db: Kysely<Tables>, clock: Clock, userId: number, code: string): Promise<number> {
  const now = clock.now();
  const invite = await inviteByCode(db, code);
  if (!invite) throw invalid();
  const serverId = invite.server_id;
  await enterServer(db, clock, userId, serverId, async () => {
    if (!(await countUse(db, code, now))) throw invalid();
  });
  return serverId;
}

/**
 * Adds the user to the server, with all earlier messages read, unless they are banned, it lets nobody join for now, or they are
 * in too many. `confirm` is called before that. Must run inside a transaction. Throws `banned`, `joining_paused` or
 * `limit_reached`.
 */
export async function enterServer(
  db: Kysely<Tables>,
  clock: Clock,
  userId: number,
  serverId: number,
  confirm?: () => Promise<void>,
): Promise<void> {
  const now = clock.now();
  if (await isBanned(db, serverId, userId, now)) throw new AppError("banned", "You are banned from this server.");
  const raid = await raidModeOf(db, serverId, now);
  if (raid) {
    const retryAfterMs = raid.until - now;
    throw new AppError("joining_paused", "This server lets nobody join for now.", { retryAfterMs });
  }
  await requireRoomFor(db, userId);
  await confirm?.();
  await addMember(db, serverId, userId, now);
  await readWholeServer(db, userId, serverId);
}

/**
 * Subscribes the new member's connections to the server and announces the member to the others. Call it directly after
 * the transaction: the control message is sent before anything is awaited, because otherwise that of a departure could
 * overtake it and a user who left would stay subscribed. Resolves with the server as it was shown.
 */
export async function announceJoin(context: Context, userId: number, serverId: number): Promise<ServerState> {
  sendControl(context, `user:${userId}`, { type: "membership_added", userId, serverId });
  const server = await serverState(context, { userId }, serverId);
  const member = await memberOf(context.store.db, serverId, userId);
  // The user left in the meantime; `leaveServer` has published that.
  if (!member) return server;
  publish(context, `user:${userId}`, { type: "server_joined", server });
  const seen = context.presence.seenOf(userId);
  publish(context, `server:${serverId}`, {
    type: "member_joined",
    server_id: serverId,
    member: { ...member, ...seen },
  });
  return server;
}

function invalid(): AppError {
  return new AppError("invite_invalid", "This invite is not valid or has expired.");
}

/** 72 random bits as 12 characters: not guessable, and short enough to read out. */
export function newInviteCode(): string {
  return randomBytes(9).toString("base64url");
}
