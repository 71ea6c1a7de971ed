import { includes, intersection, union, without } from "./bits.ts";
import { allPermissions, moderatingPermissions, permissionBits, timedOutPermissions } from "./permissions.ts";

/** A role as the policy sees it. */
export interface RoleRights {
  readonly id: number;
  readonly permissions: number;
}

/** What a channel changes for a role or a member, with the names of the wire. */
export interface Override {
  readonly type: "role" | "member";
  readonly target_id: number;
  readonly allow: number;
  readonly deny: number;
}

/** A member with their roles. `everyone` is the server's base role, which every member has. */
export interface MemberRights {
  readonly userId: number;
  readonly ownerId: number;
  readonly everyone: RoleRights;
  /** Besides `everyone`. */
  readonly roles: readonly RoleRights[];
  /** Until the time out ends, the member may look and nothing else. */
  readonly isTimedOut?: boolean;
  /** The server requires a second factor of those who moderate, and the member has none. Counts for the owner too. */
  readonly lacksFactor?: boolean;
}

/**
 * The permissions of a member in the server: those of all their roles together. The owner and administrators have all,
 * and no time out takes that away.
 */
export function serverPermissions(member: MemberRights): number {
  return fixedPermissions(member) ?? afterTimeout(member, withFactor(member, rolePermissions(member)));
}

/** What the owner and administrators have, in every channel; null for all others. */
function fixedPermissions(member: MemberRights): number | null {
  if (member.userId === member.ownerId) return withFactor(member, allPermissions);
  // Without the factor an administrator is a member like others.
  const isAdministrator = !member.lacksFactor && includes(rolePermissions(member), permissionBits.administrator);
  return isAdministrator ? allPermissions : null;
}

function rolePermissions({ everyone, roles }: MemberRights): number {
  return union(everyone.permissions, ...roles.map((role) => role.permissions));
}

/** Takes away what counts only with a second factor. */
function withFactor({ lacksFactor }: MemberRights, permissions: number): number {
  return lacksFactor ? without(permissions, moderatingPermissions) : permissions;
}

function afterTimeout({ isTimedOut }: MemberRights, permissions: number): number {
  return isTimedOut ? intersection(permissions, timedOutPermissions) : permissions;
}

/** Permissions that a second factor would give to the member in the server. */
export function restingPermissions(member: MemberRights): number {
  if (!member.lacksFactor) return 0;
  return without(serverPermissions({ ...member, lacksFactor: false }), serverPermissions(member));
}

/**
 * The permissions of a member in a channel, in Discord's order: what `everyone` is denied, then allowed there; what all
 * other roles together are denied, then allowed; what the member is denied, then allowed. Who may not view a channel has
 * no permission in it, and who is timed out may only read.
 */
export function channelPermissions(member: MemberRights, overrides: readonly Override[]): number {
  const fixed = fixedPermissions(member);
  if (fixed !== null) return fixed;
  const roleIds = new Set(member.roles.map((role) => role.id));
  const ofRoles = overrides.filter((one) => one.type === "role");
  const steps = [
    ofRoles.filter((one) => one.target_id === member.everyone.id),
    ofRoles.filter((one) => roleIds.has(one.target_id)),
    overrides.filter((one) => one.type === "member" && one.target_id === member.userId),
  ];
  const resolved = steps.reduce(
    (set, step) =>
      union(without(set, union(...step.map(({ deny }) => deny))), union(...step.map(({ allow }) => allow))),
    rolePermissions(member),
  );
  return includes(resolved, permissionBits.viewChannel) ? afterTimeout(member, withFactor(member, resolved)) : 0;
}

/**
 * Whether a channel changes the same as its category. Nothing else binds the two: what a category changes counts in its
 * channels only because it is copied to those that are synchronised.
 */
export function areSynchronised(channel: readonly Override[], category: readonly Override[]): boolean {
  const keys = [channel, category].map((all) => {
    const changing = all.filter(({ allow, deny }) => allow !== 0 || deny !== 0);
    return new Set(changing.map(({ type, target_id, allow, deny }) => `${type} ${target_id} ${allow} ${deny}`));
  });
  return keys[0]!.symmetricDifference(keys[1]!).size === 0;
}

/**
 * Whether some member might not see the channel. False promises that all members see it, whatever their roles, so that
 * its name and activity may be told to all of them.
 */
export function isRestricted(everyone: RoleRights, overrides: readonly Override[]): boolean {
  const view = permissionBits.viewChannel;
  const own = overrides.find((one) => one.type === "role" && one.target_id === everyone.id);
  const isSeen = includes(union(everyone.permissions, own?.allow ?? 0), view);
  const isDenied = overrides.some((one) => !includes(one.allow, view) && includes(one.deny, view));
  return !isSeen || isDenied;
}
