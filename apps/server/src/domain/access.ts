import {
  checkInChannel,
  checkInServer,
  includes,
  permissionBits,
  type AccessFacts,
  type Permission,
  type Verdict,
} from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../errors.ts";
import * as access from "../store/queries/access.ts";
import { adminState } from "../store/queries/users.ts";
import type { Tables } from "../store/schema.ts";
import type { Actor, DomainContext } from "./context.ts";

type Context = Pick<DomainContext, "store" | "clock">;

/** Permissions of commands, each of which others notice. Looking is free: `channelAccess` and `serverAccess`. */
type CommandPermission = Exclude<Permission, "viewServer" | "viewChannel">;

/**
 * The channel, for actors who can see it. Throws `not_found` when they cannot, as if it did not exist; so does a post before its
 * first message.
 */
export async function channelAccess(
  { store, clock }: Context,
  { userId }: Actor,
  channelId: number,
): Promise<access.ChannelAccess> {
  return requirePermission(
    opened(await access.channelAccess(store.db, userId, channelId, clock.now())),
    "viewChannel",
    "channel",
  );
}

/** As `channelAccess`, for messages and what is about them. Throws `invalid_request` for a category: it has none. */
export async function contentAccess(context: Context, actor: Actor, channelId: number): Promise<access.ChannelAccess> {
  const found = await channelAccess(context, actor, channelId);
  if (found.type === "category") throw new AppError("invalid_request", "A category has no messages.");
  return found;
}

/** The server, for its members. Throws `not_found` for others, as if it did not exist. */
export async function serverAccess(
  { store, clock }: Context,
  { userId }: Actor,
  serverId: number,
): Promise<access.ServerAccess> {
  return requirePermission(await access.serverAccess(store.db, userId, serverId, clock.now()), "viewServer", "server");
}

/**
 * The channel of a server, for a command that needs the permission in it; private channels are none. Spends from the actor's rate of changes before anything
 * else, so that no command that asks for a permission is free. Throws `rate_limited`, `not_found` when the actor may not
 * see the channel or it does not exist, `forbidden` when only the permission is missing, `factor_missing` when it counts only
 * with a second factor, which the server requires and the actor lacks.
 */
export async function channelCommand(
  { store, clock, rates }: Context & Pick<DomainContext, "rates">,
  { userId }: Actor,
  channelId: number,
  permission: CommandPermission,
): Promise<access.ServerChannelAccess> {
  await rates.changes.spend(userId);
  const found = await access.serverChannelAccess(store.db, userId, channelId, clock.now());
  return requirePermission(opened(found), permission, "channel");
}

/** The server, for a command that needs the permission in it. Spends and throws as `channelCommand` does. */
export async function serverCommand(
  { store, clock, rates }: Context & Pick<DomainContext, "rates">,
  { userId }: Actor,
  serverId: number,
  permission: CommandPermission,
): Promise<access.ServerAccess> {
  await rates.changes.spend(userId);
  return requirePermission(await access.serverAccess(store.db, userId, serverId, clock.now()), permission, "server");
}

/**
 * The same check once more, in the transaction that writes what `serverCommand` has let through: it waits for others, one of
 * which may have ended the server or the permission. Returns the server as it is now; spends nothing.
 */
export async function requireStill(
  { clock }: Pick<Context, "clock">,
  db: Kysely<Tables>,
  { userId }: Actor,
  { serverId, permission }: { serverId: number; permission: CommandPermission | "viewServer" },
): Promise<access.ServerAccess> {
  return requirePermission(await access.serverAccess(db, userId, serverId, clock.now()), permission, "server");
}

/** The same after `channelCommand`. */
export async function requireStillIn(
  { clock }: Pick<Context, "clock">,
  db: Kysely<Tables>,
  { userId }: Actor,
  { channelId, permission }: { channelId: number; permission: CommandPermission },
): Promise<access.ServerChannelAccess> {
  const found = await access.serverChannelAccess(db, userId, channelId, clock.now());
  return requirePermission(found, permission, "channel");
}

function opened<Found extends { isUnopened: boolean }>(found: Found | undefined): Found | undefined {
  return found?.isUnopened ? undefined : found;
}

function requirePermission<Found extends AccessFacts & Pick<access.ServerAccess, "resting">>(
  found: Found | undefined,
  permission: Permission,
  kind: "channel" | "server",
): Found {
  if (!found) throw absent(kind);
  const verdict = kind === "channel" ? checkInChannel(found, permission) : checkInServer(found, permission);
  requireAllowed(verdict, kind, restsIn(found, permission));
  return found;
}

/** Whether the permission would count with a second factor. */
export function restsIn({ resting }: Pick<access.ServerAccess, "resting">, permission: Permission): boolean {
  return permission !== "viewServer" && includes(resting, permissionBits[permission]);
}

/**
 * Throws `forbidden` or `not_found` unless the policy allows the command; `factor_missing` instead of `forbidden` when the
 * permission `rests`.
 */
export function requireAllowed(verdict: Verdict, kind: "channel" | "server", rests = false): void {
  if (verdict === "hidden") throw absent(kind);
  if (verdict === "forbidden" && rests) throw factorMissing();
  if (verdict === "forbidden") throw new AppError("forbidden", "You do not have the permission to do this.");
}

function absent(kind: "channel" | "server"): AppError {
  return new AppError("not_found", `There is no such ${kind}.`);
}

/** What counts only with a second factor was asked for without one. */
export function factorMissing(): AppError {
  return new AppError("factor_missing", "Set up an authenticator app or a passkey first: this needs a second factor.");
}

/**
 * Throws `forbidden` for all but administrators of the instance, and `factor_missing` for those without a second factor
 * where the instance requires one.
 */
export async function requireAdmin(
  { store }: { store: Pick<Context["store"], "db"> },
  { userId }: Actor,
): Promise<void> {
  const row = await adminState(store.db, userId);
  if (row?.is_admin !== 1) throw new AppError("forbidden", "Only administrators of this instance may do this.");
  if (row.is_active === 0) throw factorMissing();
}

/** The servers of which the user is a member, in the order in which they joined. */
export function serverIdsOf({ store }: Pick<Context, "store">, userId: number): Promise<number[]> {
  return access.serverIdsOf(store.db, userId);
}
