import { AppError } from "../errors.ts";
import * as access from "../store/queries/access.ts";
import { userById } from "../store/queries/users.ts";
import type { Actor, DomainContext } from "./context.ts";

type Context = Pick<DomainContext, "store">;

/** The channel, for a member of its server. To everybody else it does not exist. */
export async function channelAccess(
  { store }: Context,
  { userId }: Actor,
  channelId: number,
): Promise<access.ChannelAccess> {
  const found = await access.channelAccess(store.db, userId, channelId);
  if (!found?.isMember) throw new AppError("not_found", "There is no such channel.");
  return found;
}

/** The server, for its members. */
export async function serverAccess(
  { store }: Context,
  { userId }: Actor,
  serverId: number,
): Promise<access.ServerAccess> {
  const found = await access.serverAccess(store.db, userId, serverId);
  if (!found?.isMember) throw new AppError("not_found", "There is no such server.");
  return found;
}

/** The server, for its owner and the instance's administrators; the latter need not be members. */
export async function ownerAccess(
  { store }: Context,
  { userId }: Actor,
  serverId: number,
): Promise<access.ServerAccess> {
  const found = await access.serverAccess(store.db, userId, serverId);
  return requireOwner(found, userId, "There is no such server.");
}

/** The channel, for those who may change it: `ownerAccess` of its server. */
export async function channelOwnerAccess(
  { store }: Context,
  { userId }: Actor,
  channelId: number,
): Promise<access.ChannelAccess> {
  const found = await access.channelAccess(store.db, userId, channelId);
  return requireOwner(found, userId, "There is no such channel.");
}

/** Throws `forbidden` for all but administrators of the instance. */
export async function requireAdmin({ store }: Context, { userId }: Actor): Promise<void> {
  const row = await userById(store.db, userId);
  if (row?.is_admin !== 1) throw new AppError("forbidden", "Only administrators of this instance may do this.");
}

export function isOwner(found: access.ServerAccess, userId: number): boolean {
  return found.ownerId === userId || found.isAdmin;
}

function requireOwner<T extends access.ServerAccess>(found: T | undefined, userId: number, absent: string): T {
  if (found && isOwner(found, userId)) return found;
  if (found?.isMember) throw new AppError("forbidden", "Only the server's owner may do this.");
  throw new AppError("not_found", absent);
}

/** Servers whose events the person receives. */
export function serverIdsOf({ store }: Context, userId: number): Promise<number[]> {
  return access.serverIdsOf(store.db, userId);
}
