import { check, type Permission } from "@miscord/rights";
import { AppError } from "../errors.ts";
import * as access from "../store/queries/access.ts";
import { userById } from "../store/queries/users.ts";
import type { Actor, DomainContext } from "./context.ts";

type Context = Pick<DomainContext, "store">;

/**
 * The channel, for actors who have the permission in it. Throws `not_found` when the actor may not see the channel or
 * it does not exist, `forbidden` when only the permission is missing.
 */
export async function channelAccess(
  { store }: Context,
  { userId }: Actor,
  channelId: number,
  permission: Permission = "viewChannel",
): Promise<access.ChannelAccess> {
  return requirePermission(await access.channelAccess(store.db, userId, channelId), permission, "channel");
}

/** The server, for actors who have the permission in it. Throws as `channelAccess` does. */
export async function serverAccess(
  { store }: Context,
  { userId }: Actor,
  serverId: number,
  permission: Permission = "viewServer",
): Promise<access.ServerAccess> {
  return requirePermission(await access.serverAccess(store.db, userId, serverId), permission, "server");
}

function requirePermission<Found extends access.ServerAccess>(
  found: Found | undefined,
  permission: Permission,
  kind: "channel" | "server",
): Found {
  const verdict = found ? check(found, permission) : "hidden";
  if (found && verdict === "allowed") return found;
  if (verdict === "forbidden") throw new AppError("forbidden", "Only the server's owner may do this.");
  throw new AppError("not_found", `There is no such ${kind}.`);
}

/** Throws `forbidden` for all but administrators of the instance. */
export async function requireAdmin({ store }: Context, { userId }: Actor): Promise<void> {
  const row = await userById(store.db, userId);
  if (row?.is_admin !== 1) throw new AppError("forbidden", "Only administrators of this instance may do this.");
}

/** The servers of which the user is a member, in the order in which they joined. */
export function serverIdsOf({ store }: Context, userId: number): Promise<number[]> {
  return access.serverIdsOf(store.db, userId);
}
