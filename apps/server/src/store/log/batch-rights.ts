import {
  can,
  channelPermissions,
  heldBack,
  intersection,
  privateAccess,
  threadPermissions,
  type AccessFacts,
  type HeldBack,
  type Override,
} from "@miscord/rights";
import type { Recipient } from "../contract.ts";
import { hides } from "../private-sql.ts";
import { parseOverrides, parseOwner, parseRoles } from "../rights-sql.ts";
import type { Facts } from "./facts.ts";
import { memberKey, memberNameKey } from "./keys.ts";
import type { ChannelFacts, MemberFacts } from "./transaction.ts";

/** Who is in a channel and may do what there, from the facts of a batch. No command of the log changes that. */
export class BatchRights {
  /** When the command that is being decided was given, in milliseconds since 1970: time outs end by themselves. */
  now = 0;
  readonly #facts: Facts;
  /** Parsed once a batch: a channel may have hundreds, and a message names many members. */
  readonly #overrides = new Map<ChannelFacts, readonly Override[]>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** What the access policy needs to know about one user in one channel. */
  access(channel: ChannelFacts, userId: number): AccessFacts {
    if (channel.server_id === null) return this.#privateAccess(channel.id, userId);
    const member = this.#facts.members.get(memberKey(channel.server_id, userId));
    return {
      userId,
      ownerId: channel.owner_id,
      isMember: member !== undefined,
      isAdmin: this.#facts.people.get(userId)?.is_admin === 1,
      permissions: member === undefined ? 0 : permissionsOf(channel, this.#overridesOf(channel), member, this.now),
    };
  }

  /** The same in the forum of a post, where the post is created. */
  accessInForum(post: ChannelFacts, userId: number): AccessFacts {
    return this.access({ ...post, parent_id: null }, userId);
  }

  /** Whether the user may view the channel. */
  sees(channel: ChannelFacts, userId: number): boolean {
    if (channel.server_id === null) return can(this.access(channel, userId), "viewChannel");
    if (!this.#facts.members.has(memberKey(channel.server_id, userId))) return false;
    return channel.restricted === 0 || can(this.access(channel, userId), "viewChannel");
  }

  /** Whether a time out, or the raid mode of the server, lets the user only read. */
  isHeld(channel: ChannelFacts, userId: number): boolean {
    const member = this.#facts.members.get(memberKey(channel.server_id ?? 0, userId));
    return member !== undefined && isHeld(channel, member, this.now);
  }

  /** Why the member may not write in the server yet; null when they may. */
  heldBack(channel: ChannelFacts, userId: number): HeldBack | null {
    const { verify_account_minutes: accountMinutes, verify_member_minutes: memberMinutes, has_rules } = channel;
    if (!accountMinutes && !memberMinutes && has_rules === 0) return null;
    const member = this.#facts.members.get(memberKey(channel.server_id ?? 0, userId));
    const person = this.#facts.people.get(userId);
    if (!member || !person) return null;
    const newcomer = {
      accountSince: person.created_at,
      joinedAt: member.joined_at,
      hasAccepted: member.rules_accepted_at !== null,
      // Whoever manages the server has added the bot.
      isExempt:
        userId === channel.owner_id ||
        person.is_admin === 1 ||
        member.owner !== null ||
        parseRoles(member.roles).some((role) => !role.isOffered),
    };
    const asked = { accountMinutes: accountMinutes ?? 0, memberMinutes: memberMinutes ?? 0, hasRules: has_rules === 1 };
    return heldBack(asked, newcomer, this.now);
  }

  /** Id of the member, or the recipient of a private channel, with this case-folded name. */
  memberNamed(channel: ChannelFacts, name: string): number | undefined {
    if (channel.server_id !== null) return this.#facts.memberNames.get(memberNameKey(channel.server_id, name));
    return this.#recipients(channel.id).find((one) => one.username_key === name)?.user_id;
  }

  /** The people of a private channel, and whether each hides the author; null in the channel of a server. */
  recipients(channel: ChannelFacts, authorId: number): readonly Recipient[] | null {
    if (channel.server_id !== null) return null;
    return this.#recipients(channel.id).map((one) => ({
      userId: one.user_id,
      hidesAuthor: hides(one, authorId),
      ...(one.request !== 0 && { request: one.request === 1 ? ("waiting" as const) : ("ignored" as const) }),
    }));
  }

  #recipients(channelId: number) {
    return this.#facts.recipients.get(channelId) ?? [];
  }

  #privateAccess(channelId: number, userId: number): AccessFacts {
    const people = this.#recipients(channelId);
    const isRecipient = people.some((one) => one.user_id === userId);
    const mayWrite = people.every((one) => one.user_id === userId || one.accepts === 1);
    return privateAccess({ userId, isRecipient, mayWrite });
  }

  #overridesOf(channel: ChannelFacts): readonly Override[] {
    const known = this.#overrides.get(channel);
    if (known) return known;
    const overrides = parseOverrides(channel.overrides);
    this.#overrides.set(channel, overrides);
    return overrides;
  }
}

/** As `heldUntil` in rights-sql.ts. */
function isHeld({ raid_since, raid_until }: ChannelFacts, member: MemberFacts, now: number): boolean {
  if (member.timed_out_until !== null && member.timed_out_until > now) return true;
  return raid_until !== null && raid_until > now && member.joined_at >= (raid_since ?? 0);
}

/** Of a bot: what it and its owner both may. */
function permissionsOf(
  channel: ChannelFacts,
  overrides: readonly Override[],
  member: MemberFacts,
  now: number,
): number {
  const own = permissionsByRoles(channel, overrides, member, now);
  if (member.owner === null) return own;
  const { id, joinedAt, timedOutUntil, roles } = parseOwner(member.owner);
  if (joinedAt === null) return 0;
  const owner = { ...member, user_id: id, joined_at: joinedAt, timed_out_until: timedOutUntil, roles };
  return intersection(own, permissionsByRoles(channel, overrides, owner, now));
}

/** Hot: most members have no role, and most channels no override. */
function permissionsByRoles(
  channel: ChannelFacts,
  overrides: readonly Override[],
  member: MemberFacts,
  now: number,
): number {
  const { user_id: userId, roles } = member;
  const everyone = { id: channel.everyone_role_id, permissions: channel.everyone ?? 0 };
  const isTimedOut = isHeld(channel, member, now);
  const held = { isTimedOut, lacksFactor: member.lacks_factor === 1 };
  const rights = { userId, ownerId: channel.owner_id, everyone, roles: parseRoles(roles), ...held };
  const permissions = channelPermissions(rights, overrides);
  return channel.parent_id === null ? permissions : threadPermissions(permissions, channel.locked === 1);
}
