import { permissionBits } from "@miscord/rights";
import type { Override } from "@miscord/rights";

/**
 * The access policy of packages/rights in SQL that every database understands, as text: the log's statements and the
 * queries share it. Names are those of tables or their aliases in the statement around.
 */

const view = permissionBits.viewChannel;

/** The roles of the row of `members`, besides the base role, as one text for `parseRoles`; null without any. */
export function rolesOf(members: string): string {
  return `(select string_agg(r.id || ' ' || r.permissions || ' ' || r.position || ' ' || r.offered, ',')
    from member_roles mr join roles r on r.id = mr.role_id
    where mr.server_id = ${members}.server_id and mr.user_id = ${members}.user_id)`;
}

/** Whose overrides hold in the row of `channels`: its own, in a thread those of its parent. */
function overridden(channels: string): string {
  return `coalesce(${channels}.parent_id, ${channels}.id)`;
}

/**
 * Of the row of `members` of a bot: what its owner is in the server, as one text for `parseOwner`; null for people. A bot may
 * do at most what its owner may.
 */
export function ownerOf(members: string): string {
  return `(select b.owner_id || ';' || coalesce(o.joined_at, -1) || ';' || coalesce(o.timed_out_until, 0) || ';' || coalesce(${rolesOf("o")}, '')
    from bots b left join members o on o.server_id = ${members}.server_id and o.user_id = b.owner_id
    where b.user_id = ${members}.user_id)`;
}

/** The overrides that hold in the row of `channels`, as one text for `parseOverrides`; null without any. */
export function overridesOf(channels: string): string {
  return `(select string_agg(o.type || ' ' || o.target_id || ' ' || o.allow || ' ' || o.deny, ',')
    from channel_overrides o where o.channel_id = ${overridden(channels)})`;
}

/**
 * Until when a member of the server may only read: the end of their time out, or that of the server's raid mode when they
 * joined since; null for neither. Ends in the past are none.
 */
export function heldUntil({ members, servers }: { members: string; servers: string }): string {
  return `case when ${servers}.raid_until > coalesce(${members}.timed_out_until, 0)
    and ${members}.joined_at >= ${servers}.raid_since then ${servers}.raid_until else ${members}.timed_out_until end`;
}

/** Of a channel with slow mode: when these users wrote last in it, for `parseLastSends`; costs nothing without slow mode. */
export function lastSendsOf(channels: string, isAuthor: string): string {
  return `(case when ${channels}.slow_mode_s > 0 then (select string_agg(ls.user_id || ' ' || ls.sent_at, ',')
    from last_sends ls where ls.channel_id = ${channels}.id and ls.user_id ${isAuthor}) end)`;
}

/** Of `lastSendsOf`: times by user id. */
export function parseLastSends(text: string | null): Map<number, number> {
  const pairs = text?.split(",").map((part) => part.split(" ").map(Number) as [number, number]);
  return new Map(pairs);
}

/** Whether a member's roles, the base role included, give one of the bits in the server. */
export function hasAnyOf(bits: number, { servers, userId }: { servers: string; userId: string }): string {
  return `exists (select 1 from roles r left join member_roles mr on mr.role_id = r.id and mr.user_id = ${userId}
    where r.server_id = ${servers}.id and (r.id = ${servers}.everyone_role_id or mr.role_id is not null)
    and (r.permissions & ${bits}) <> 0)`;
}

/** Whether the user, of a bot its owner, has an authenticator app or a passkey. */
function hasFactor(userId: string): string {
  const person = `coalesce((select fb.owner_id from bots fb where fb.user_id = ${userId}), ${userId})`;
  return `(exists (select 1 from authenticators fa where fa.user_id = ${person} and fa.confirmed_at is not null)
    or exists (select 1 from passkeys fp where fp.user_id = ${person}))`;
}

/** Whether the server requires a second factor of those who moderate, and the user has none. */
export function lacksFactor({ servers, userId }: { servers: string; userId: string }): string {
  return `(${servers}.factor_required = 1 and not ${hasFactor(userId)})`;
}

/** 1 for administrators of the instance; where it requires a second factor of them, only for those who have one. */
export function isActiveAdmin(users: string): string {
  return `(case when ${users}.is_admin = 1 and (${hasFactor(`${users}.id`)} or not exists (
    select 1 from instance_settings where name = 'admin_factor' and value = '"required"')) then 1 else 0 end)`;
}

/**
 * Whether a member of the channel's server sees the channel: `viewChannel` as `channelPermissions` resolves it. Bots see it
 * while their owner does, too.
 */
export function seesChannel(names: { channels: string; servers: string; userId: string }): string {
  const { channels, userId } = names;
  return `(${channels}.restricted = 0 or (${mayView(names)} and not exists (select 1 from bots b
    where b.user_id = ${userId} and not ${mayView({ ...names, userId: "b.owner_id" })})))`;
}

function mayView(names: { channels: string; servers: string; userId: string }): string {
  const { channels, servers, userId } = names;
  const verdict = `case when max(o.allow & ${view}) > 0 then 1 when max(o.deny & ${view}) > 0 then 0 end`;
  const overrides = (type: string, join = "") =>
    `select ${verdict} from channel_overrides o ${join} where o.channel_id = ${overridden(channels)} and o.type = '${type}'`;
  return `(${servers}.owner_id = ${userId}
    or (${hasAnyOf(permissionBits.administrator, names)} and not ${lacksFactor(names)})
    or coalesce(
      (${overrides("member")} and o.target_id = ${userId}),
      (${overrides("role", `join member_roles mr on mr.role_id = o.target_id and mr.user_id = ${userId}`)}),
      (${overrides("role")} and o.target_id = ${servers}.everyone_role_id),
      case when ${hasAnyOf(view, names)} then 1 else 0 end) = 1)`;
}

/** Whether nobody has disabled the account, nor of a bot that of its owner: what it made works no longer than that. */
export function isEnabled(userId: string): string {
  return `not exists (select 1 from users eu where eu.disabled_at is not null
    and (eu.id = ${userId} or eu.id = (select eb.owner_id from bots eb where eb.user_id = ${userId})))`;
}

/** Whether `@everyone` in the row of `channels` addresses the user: in a thread those who follow it. */
export function isAddressed(channels: string, userId: string): string {
  return `(${channels}.parent_id is null or exists (select 1 from thread_followers f
    where f.channel_id = ${channels}.id and f.user_id = ${userId}))`;
}

export interface StoredRole {
  readonly id: number;
  readonly permissions: number;
  readonly position: number;
  /** The member may have chosen it in the onboarding. */
  readonly isOffered: boolean;
}

/** Of `rolesOf`. */
export function parseRoles(text: string | null): readonly StoredRole[] {
  if (text === null) return [];
  return text.split(",").map((part) => {
    const [id = 0, permissions = 0, position = 0, offered] = part.split(" ").map(Number);
    return { id, permissions, position, isOffered: offered === 1 };
  });
}

/** Of `ownerOf`. */
export interface StoredOwner {
  readonly id: number;
  /** Null: no member of the server. */
  readonly joinedAt: number | null;
  readonly timedOutUntil: number;
  /** Of `rolesOf`. */
  readonly roles: string | null;
}

export function parseOwner(text: string): StoredOwner {
  const [id = "0", joinedAt = "-1", timedOutUntil = "0", roles = ""] = text.split(";");
  return {
    id: Number(id),
    joinedAt: joinedAt === "-1" ? null : Number(joinedAt),
    timedOutUntil: Number(timedOutUntil),
    roles: roles === "" ? null : roles,
  };
}

/** Of `overridesOf`, by type and target. */
export function parseOverrides(text: string | null): Override[] {
  if (text === null) return [];
  return text
    .split(",")
    .map((part): Override => {
      const [type, target_id = 0, allow = 0, deny = 0] = part.split(" ");
      return { type: type as Override["type"], target_id: Number(target_id), allow: Number(allow), deny: Number(deny) };
    })
    .toSorted((a, b) => b.type.localeCompare(a.type) || a.target_id - b.target_id);
}
