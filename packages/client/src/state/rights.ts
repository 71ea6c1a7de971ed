import { channelPermissions, serverPermissions, type AccessFacts, type MemberRights } from "@miscord/rights";
import type { ClientState, MemberEntry, ServerEntry } from "./types.ts";

/**
 * What the access policy needs to know about the user in the server, or with `channelId` in a channel of it; `position`
 * is that of the user's highest role. Null before login, and for servers and channels that the user does not see.
 */
export function accessFacts(
  { servers, channels, session }: Pick<ClientState, "servers" | "channels" | "session">,
  serverId: number,
  channelId?: number,
  now = Date.now(),
): (AccessFacts & { position: number }) | null {
  const server = servers[serverId];
  const channel = channelId === undefined ? null : channels[channelId];
  if (!session.me || !server || channel === undefined) return null;
  const { id: userId, is_admin: isAdmin } = session.me;
  const rights = { ...memberRights(server, userId, server.role_ids), isTimedOut: isTimedOut(server, now) };
  return {
    userId,
    ownerId: server.owner_id,
    isMember: true,
    isAdmin,
    permissions: channel ? channelPermissions(rights, channel.overrides) : serverPermissions(rights),
    position: rankOf(server, server.role_ids),
  };
}

/** Whether a time out of the member, or of the user in the server, has not ended yet. */
export function isTimedOut({ timed_out_until }: Pick<MemberEntry, "timed_out_until">, now = Date.now()): boolean {
  // A server of an older version says nothing of it.
  return Boolean(timed_out_until) && new Date(timed_out_until!).getTime() > now;
}

/** A member of the server as the access policy sees them. */
export function memberRights(server: ServerEntry, userId: number, roleIds: readonly number[]): MemberRights {
  const everyone = server.roles.find(({ id }) => id === server.everyone_role_id);
  return {
    userId,
    ownerId: server.owner_id,
    everyone: everyone ?? { id: server.everyone_role_id, permissions: 0 },
    roles: server.roles.filter(({ id }) => roleIds.includes(id)),
  };
}

/** Position of the highest of these roles; 0 for none. */
export function rankOf(server: ServerEntry, roleIds: readonly number[]): number {
  return Math.max(0, ...server.roles.filter(({ id }) => roleIds.includes(id)).map(({ position }) => position));
}
