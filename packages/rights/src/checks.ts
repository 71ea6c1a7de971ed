import { difference, includes, intersection, union } from "./bits.ts";
import {
  can,
  isOwner,
  moderatingPermissions,
  permissionBits,
  type AccessFacts,
  type Permission,
} from "./permissions.ts";

/**
 * The answer to a command: `forbidden` when the user may know of the thing and not do this with it, `hidden` when it
 * must look as if it did not exist.
 */
export type Verdict = "allowed" | "forbidden" | "hidden";

/** For a command on the server itself. */
export function checkInServer(facts: AccessFacts, permission: Permission): Verdict {
  return verdict(can(facts, permission), facts.isMember);
}

/** For a command on the channel or something in it; the facts are those in the channel. */
export function checkInChannel(facts: AccessFacts, permission: Permission): Verdict {
  return verdict(can(facts, permission), can(facts, "viewChannel"));
}

/** Whether slow mode does not hold for the user in the channel. */
export function bypassesSlowMode(facts: AccessFacts): boolean {
  return can(facts, "manageMessages") || can(facts, "manageChannels") || can(facts, "bypassSlowmode");
}

/** Only authors edit their messages, and only while they may write in the channel. */
export function checkEditMessage(facts: AccessFacts, authorId: number): Verdict {
  return verdict(authorId === facts.userId && can(facts, "sendMessages"), can(facts, "viewChannel"));
}

/** For the author as long as they can read the channel, and for those who manage messages. */
export function checkDeleteMessage(facts: AccessFacts, authorId: number): Verdict {
  const isVisible = can(facts, "viewChannel") || can(facts, "manageMessages");
  return verdict(isVisible && (authorId === facts.userId || can(facts, "manageMessages")), isVisible);
}

/** For the member who created the invite, and for those who manage the server. */
export function checkRevokeInvite(facts: AccessFacts, creatorId: number): Verdict {
  const isVisible = facts.isMember || facts.isAdmin;
  return verdict(isVisible && (creatorId === facts.userId || can(facts, "manageGuild")), isVisible);
}

/** A member's place in the order of roles. */
export interface Rank {
  readonly userId: number;
  /** Position of the highest role; 0 with none but `everyone`. */
  readonly position: number;
}

/** Whether the actor stands above: the owner above all others, everybody else by their highest role. */
export function outranks(facts: AccessFacts & Pick<Rank, "position">, target: Rank): boolean {
  if (target.userId === facts.ownerId || target.userId === facts.userId) return false;
  return isOwner(facts) || facts.position > target.position;
}

/**
 * Kicking, banning or timing out. Nobody does so to the owner, themselves, or somebody who stands as high as they do.
 */
export function checkModerateMember(
  facts: AccessFacts & Pick<Rank, "position">,
  permission: "kickMembers" | "banMembers" | "moderateMembers",
  target: Rank,
): Verdict {
  const isOther = target.userId !== facts.ownerId && target.userId !== facts.userId;
  const isAllowed = isOther && can(facts, permission) && (facts.isAdmin || outranks(facts, target));
  return verdict(isAllowed, facts.isMember || can(facts, permission));
}

/** Setting a nickname: their own, or with the permission that of somebody who stands below. */
export function checkNickname(facts: AccessFacts & Pick<Rank, "position">, target: Rank): Verdict {
  const isOwn = target.userId === facts.userId;
  const isAllowed = isOwn
    ? can(facts, "changeNickname") || can(facts, "manageNicknames")
    : can(facts, "manageNicknames") && outranks(facts, target);
  return verdict(facts.isMember && isAllowed, facts.isMember);
}

/** Creating, changing, moving, deleting, giving or taking a role: only those below the actor's own. */
export function checkManageRole(facts: AccessFacts & Pick<Rank, "position">, rolePosition: number): Verdict {
  const isBelow = isOwner(facts) || rolePosition < facts.position;
  return verdict(facts.isMember && can(facts, "manageRoles") && isBelow, facts.isMember);
}

/** A role or member for which a channel changes permissions. */
export type OverrideTarget =
  | { readonly type: "role"; readonly position: number }
  | ({ readonly type: "member" } & Rank);

/**
 * Setting what a channel changes for the target: a role below the actor's own, a member who stands below, or themselves,
 * to whom they can give nothing that they do not have.
 */
export function mayOverride(facts: AccessFacts & Pick<Rank, "position">, target: OverrideTarget): boolean {
  if (!can(facts, "manageRoles")) return false;
  if (target.type === "role") return isOwner(facts) || target.position < facts.position;
  return target.userId === facts.userId || outranks(facts, target);
}

/** Nobody grants or takes away what they lack themselves. */
export function mayChangePermissions(facts: AccessFacts, before: number, after: number): boolean {
  return isOwner(facts) || includes(facts.permissions, difference(before, after));
}

/**
 * Whether members may give a role to themselves: nothing that it has in the server, and nothing that channels allow it, is
 * over others or reaches all of them.
 */
export function mayBeOffered(permissions: number, allowedInChannels: readonly number[]): boolean {
  const refused = union(moderatingPermissions, permissionBits.mentionEveryone);
  return intersection(union(permissions, ...allowedInChannels), refused) === 0;
}

/** For the owner, and administrators of the instance: no role deletes a server. */
export function checkDeleteServer(facts: AccessFacts): Verdict {
  return verdict(isOwner(facts) || facts.isAdmin, facts.isMember || facts.isAdmin);
}

/** Every member but the owner: nobody could run a server without one. */
export function canLeave(facts: AccessFacts): boolean {
  return facts.isMember && !isOwner(facts);
}

function verdict(isAllowed: boolean, isVisible: boolean): Verdict {
  if (isAllowed) return "allowed";
  return isVisible ? "forbidden" : "hidden";
}
