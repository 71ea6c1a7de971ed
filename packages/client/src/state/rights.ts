import {
  channelPermissions,
  privateAccess,
  serverPermissions,
  type AccessFacts,
  type MemberRights,
} from "@miscord/rights";
import type { ClientState, ServerEntry } from "./types.ts";

type Known = Pick<ClientState, "servers" | "channels" | "session" | "dms" | "relationships">;

/**
 * What the access policy needs to know about the user in the server, or with `channelId` in a channel of it; `serverId` is
 * null for private channels. `position` is that of the user's highest role. Null before login, and for servers and channels
 * that the user does not see.
 */
export function accessFacts(
  state: Known,
  serverId: number | null,
  channelId?: number,
): (AccessFacts & { position: number }) | null {
  const { servers, channels, session } = state;
  if (serverId === null) return channelId === undefined ? null : privateFacts(state, channelId);
  const server = servers[serverId];
  const channel = channelId === undefined ? null : channels[channelId];
  if (!session.me || !server || channel === undefined) return null;
  const { id: userId, is_admin: isAdmin } = session.me;
  const rights = memberRights(server, userId, server.role_ids);
  return {
    userId,
    ownerId: server.owner_id,
    isMember: true,
    isAdmin,
    permissions: channel ? channelPermissions(rights, channel.overrides) : serverPermissions(rights),
    position: rankOf(server, server.role_ids),
  };
}

/** Only the server knows whether the other one accepts messages, but for those whom the user hides. */
function privateFacts({ session, dms, channels, relationships }: Known, channelId: number) {
  const dm = dms[channelId];
  if (!session.me || !dm) return null;
  const userId = session.me.id;
  const isBlocked = dm.recipients.some(({ id }) => relationships[id]?.kind === "blocked");
  const mayWrite = channels[channelId]?.type === "group" || !isBlocked;
  return { ...privateAccess({ userId, isRecipient: true, mayWrite }), position: 0 };
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
