import type { ChannelOverride, Me } from "@miscord/protocol";
import {
  channelPermissions,
  heldBack,
  privateAccess,
  restingPermissions,
  serverPermissions,
  threadPermissions,
  type AccessFacts,
  type HeldBack,
  type MemberRights,
} from "@miscord/rights";
import type { ClientState, MemberEntry, ServerEntry } from "./types.ts";

type Facts = AccessFacts & {
  position: number;
  /** Permissions in the server that count once the user has a second factor. */
  resting: number;
};
type Known = Pick<ClientState, "servers" | "channels" | "session" | "dms" | "relationships" | "threads" | "instance">;

/**
 * By server, what was computed for this user: of the server by its entry, of its channels by their overrides. The web
 * client asks for every row on every change of the state, and few changes concern rights.
 */
const computed = new WeakMap<
  ServerEntry,
  { me: Me; isAdmin: boolean; isOut: boolean; facts: WeakMap<object, Facts> }
>();

/**
 * What the access policy needs to know about the user in the server, or with `channelId` in a channel of it; `serverId` is
 * null for private channels. `position` is that of the user's highest role. For a server the same object while nothing that
 * it depends on changes. Null before login, and for servers and channels that the user does not see.
 */
export function accessFacts(state: Known, serverId: number | null, channelId?: number, now = Date.now()): Facts | null {
  if (serverId === null) return channelId === undefined ? null : privateFacts(state, channelId);
  const thread = channelId === undefined ? undefined : state.threads[channelId];
  if (thread) {
    const inParent = accessFacts(state, serverId, thread.parent_id, now);
    return inParent && { ...inParent, permissions: threadPermissions(inParent.permissions, thread.locked) };
  }
  const { servers, channels, session } = state;
  const { me } = session;
  const server = servers[serverId];
  const overrides = channelId === undefined ? null : channels[channelId]?.overrides;
  if (!me || !server || overrides === undefined) return null;
  const isOut = isTimedOut({ timed_out_until: heldUntil(server) }, now);
  const isAdmin = isActiveAdmin(state);
  const last = computed.get(server);
  const isKnown = last?.me === me && last.isOut === isOut && last.isAdmin === isAdmin;
  const known = isKnown ? last : { me, isAdmin, isOut, facts: new WeakMap<object, Facts>() };
  const facts = known.facts.get(overrides ?? server) ?? computeFacts(server, me, { overrides, isAdmin, isOut });
  computed.set(server, known);
  known.facts.set(overrides ?? server, facts);
  return facts;
}

function computeFacts(
  server: ServerEntry,
  me: Me,
  { overrides, isAdmin, isOut }: { overrides: readonly ChannelOverride[] | null; isAdmin: boolean; isOut: boolean },
): Facts {
  const rights = {
    ...memberRights(server, me.id, server.role_ids),
    isTimedOut: isOut,
    lacksFactor: lacksFactor(server, me),
  };
  return {
    userId: me.id,
    ownerId: server.owner_id,
    isMember: true,
    isAdmin,
    permissions: overrides ? channelPermissions(rights, overrides) : serverPermissions(rights),
    position: rankOf(server, server.role_ids),
    resting: restingPermissions(rights),
  };
}

/** Whether the server requires a second factor of those who moderate, and the user has none. */
export function lacksFactor({ factor_required }: Pick<ServerEntry, "factor_required">, me: Me): boolean {
  // A server of an older version says nothing of either.
  return factor_required && !me.has_second_factor;
}

/** Whether the user counts as an administrator of the instance, which may require a second factor of them. */
export function isActiveAdmin({ session: { me }, instance }: Pick<ClientState, "session" | "instance">): boolean {
  if (!me?.is_admin) return false;
  return instance?.admin_factor !== "required" || me.has_second_factor;
}

/** Only the server knows whether the other one accepts messages, but for those whom the user hides. */
function privateFacts({ session, dms, channels, relationships }: Known, channelId: number): Facts | null {
  const dm = dms[channelId];
  if (!session.me || !dm) return null;
  const userId = session.me.id;
  const isBlocked = dm.recipients.some(({ id }) => relationships[id]?.kind === "blocked");
  const mayWrite = channels[channelId]?.type === "group" || !isBlocked;
  return { ...privateAccess({ userId, isRecipient: true, mayWrite }), position: 0, resting: 0 };
}

/** Whether a time out of the member, or of the user in the server, has not ended yet. */
export function isTimedOut({ timed_out_until }: Pick<MemberEntry, "timed_out_until">, now = Date.now()): boolean {
  // A server of an older version says nothing of it.
  return Boolean(timed_out_until) && new Date(timed_out_until!).getTime() > now;
}

/**
 * Until when a member may only read: the end of their time out, or of the raid mode of the server when they joined since. Null
 * for neither; ends in the past are none.
 */
export function heldUntil({
  timed_out_until: end,
  joined_at,
  raid_mode: raid,
}: Pick<ServerEntry, "timed_out_until" | "joined_at" | "raid_mode">): string | null {
  // Times of one format, which are compared as text. A server of an older version has no raid mode.
  return raid && joined_at >= raid.since && raid.until > (end ?? "") ? raid.until : end;
}

/** Why the user may not write in the server yet; null when they may. */
export function heldBackIn({ servers, session }: Known, serverId: number | null, now = Date.now()): HeldBack | null {
  const server = servers[serverId ?? 0];
  const { me } = session;
  // A server of an older version asks for nothing.
  if (!server?.verification || !me) return null;
  const { account_minutes: accountMinutes, member_minutes: memberMinutes, rules } = server.verification;
  const newcomer = {
    accountSince: Date.parse(me.created_at),
    joinedAt: Date.parse(server.joined_at),
    hasAccepted: server.rules_accepted,
    isExempt: server.owner_id === me.id || me.is_admin || server.role_ids.some((id) => isGivenByOthers(server, id)),
  };
  return heldBack({ accountMinutes, memberMinutes, hasRules: rules !== "" }, newcomer, now);
}

/** Roles that members choose for themselves in the onboarding say nothing about them. */
function isGivenByOthers({ roles }: ServerEntry, roleId: number): boolean {
  return roles.some(({ id, offered }) => id === roleId && !offered);
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
