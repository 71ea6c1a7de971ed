import { includes } from "./bits.ts";
import { moderatingPermissions, permissionBits, timedOutPermissions, type PermissionName } from "./permissions.ts";
import type { MemberRights, Override, RoleRights } from "./resolve.ts";

/** What decided about a permission: the last step of the order that spoke of it. */
export type DecidingStep =
  | { readonly kind: "owner" }
  /** Roles that make the member an administrator. */
  | { readonly kind: "administrator"; readonly roleIds: readonly number[] }
  /** Roles that give it in the server, the base role included; none: no role gives it. */
  | { readonly kind: "roles"; readonly roleIds: readonly number[] }
  /** Overrides of one step: of the base role, of the other roles, or of the member. */
  | { readonly kind: "override"; readonly type: Override["type"]; readonly targetIds: readonly number[] }
  | { readonly kind: "timeOut" }
  /** It counts only with a second factor, which the member lacks. */
  | { readonly kind: "factor" }
  /** The member does not view the channel, for the reason given; without that nothing else counts. */
  | { readonly kind: "unseen"; readonly because: DecidingStep };

export interface Explanation {
  readonly isAllowed: boolean;
  readonly step: DecidingStep;
}

/** Why a member has a permission in a channel or not, in the server with null. Agrees with `channelPermissions`. */
export function explain(
  member: MemberRights,
  overrides: readonly Override[] | null,
  permission: PermissionName,
): Explanation {
  const isResting = member.lacksFactor === true && includes(moderatingPermissions, permissionBits[permission]);
  if (isResting) {
    const otherwise = explain({ ...member, lacksFactor: false }, overrides, permission);
    return otherwise.isAllowed ? { isAllowed: false, step: { kind: "factor" } } : otherwise;
  }
  const above = aboveAll(member);
  if (above) return { isAllowed: true, step: above };
  const resolved = resolve(member, overrides ?? [], permissionBits[permission]);
  if (overrides !== null && permission !== "viewChannel") {
    const view = resolve(member, overrides, permissionBits.viewChannel);
    if (!view.isAllowed) return { isAllowed: false, step: { kind: "unseen", because: view.step } };
  }
  const isTaken = member.isTimedOut && !includes(timedOutPermissions, permissionBits[permission]);
  return resolved.isAllowed && isTaken ? { isAllowed: false, step: { kind: "timeOut" } } : resolved;
}

/** Whoever has everything, whatever roles and overrides say. */
function aboveAll(member: MemberRights): DecidingStep | null {
  if (member.userId === member.ownerId) return { kind: "owner" };
  const roleIds = member.lacksFactor ? [] : rolesWith(member, permissionBits.administrator);
  return roleIds.length > 0 ? { kind: "administrator", roleIds } : null;
}

function rolesWith({ everyone, roles }: MemberRights, bit: number): number[] {
  const isGiving = ({ permissions }: RoleRights) => includes(permissions, bit);
  return [everyone, ...roles].filter(isGiving).map(({ id }) => id);
}

function resolve(member: MemberRights, overrides: readonly Override[], bit: number): Explanation {
  const roleIds = rolesWith(member, bit);
  let decided: Explanation = { isAllowed: roleIds.length > 0, step: { kind: "roles", roleIds } };
  for (const [type, ids] of stepsOf(member)) {
    const ofStep = overrides.filter((one) => one.type === type && ids.includes(one.target_id));
    const allowing = ofStep.filter(({ allow }) => includes(allow, bit));
    const deciding = allowing.length > 0 ? allowing : ofStep.filter(({ deny }) => includes(deny, bit));
    if (deciding.length === 0) continue;
    const targetIds = deciding.map(({ target_id }) => target_id);
    decided = { isAllowed: allowing.length > 0, step: { kind: "override", type, targetIds } };
  }
  return decided;
}

/** Whose overrides count in each step, in their order. */
function stepsOf({ userId, everyone, roles }: MemberRights): readonly [Override["type"], readonly number[]][] {
  const others = roles.map(({ id }) => id).filter((id) => id !== everyone.id);
  return [
    ["role", [everyone.id]],
    ["role", others],
    ["member", [userId]],
  ];
}
