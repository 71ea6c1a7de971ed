import { recordAction } from "../../store/queries/audit-log.ts";
import { recordInInstance } from "../../store/queries/instance.ts";
import { memberOf } from "../../store/queries/members.ts";
import { giveRole, roleById, roleIdsOf, takeRole } from "../../store/queries/roles.ts";
import { changeUser, isOnlyAdmin, userById } from "../../store/queries/users.ts";
import type { DomainContext } from "../context.ts";
import type { LoginProvider } from "../ports.ts";
import { publish } from "../publish.ts";
import { announceMember } from "../servers/rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock">;

/**
 * Makes roles and administration follow the provider's groups, as the operator wrote down: of what is written there, the user
 * has afterwards exactly what their groups give. Roles of servers in which they are no member are left out, and the last
 * administrator stays one.
 */
export async function applyGroups(
  context: Context,
  userId: number,
  { groups: rules, name }: LoginProvider,
  groups: readonly string[],
): Promise<void> {
  const held = new Set(groups);
  const roles = new Map<number, boolean>();
  let admin: boolean | null = null;
  for (const rule of rules) {
    const isIn = held.has(rule.group);
    if ("role" in rule) roles.set(rule.role, isIn || roles.get(rule.role) === true);
    else admin = isIn || admin === true;
  }
  for (const [roleId, isGiven] of roles) await setRole(context, { userId, roleId, isGiven, reason: name });
  if (admin !== null) await setAdministrator(context, userId, admin, name);
}

async function setRole(
  context: Context,
  { userId, roleId, isGiven, reason }: { userId: number; roleId: number; isGiven: boolean; reason: string },
): Promise<void> {
  const { store, clock } = context;
  const member = await store.db.transaction().execute(async (db) => {
    const role = await roleById(db, roleId);
    if (!role || role.position === 0 || !(await memberOf(db, role.server_id, userId))) return undefined;
    const { server_id: serverId } = role;
    if ((await roleIdsOf(db, serverId, userId)).includes(roleId) === isGiven) return undefined;
    await (isGiven ? giveRole : takeRole)(db, serverId, userId, roleId);
    const [before, after] = isGiven ? [null, role.name] : [role.name, null];
    await recordAction(db, {
      serverId,
      actorId: userId,
      action: "member_role_update",
      userId,
      roleId,
      subject: role.name,
      changes: [{ field: "role", before, after }],
      reason,
      at: clock.now(),
    });
    return { serverId, member: (await memberOf(db, serverId, userId))! };
  });
  if (member) announceMember(context, member.serverId, member.member);
}

async function setAdministrator(context: Context, userId: number, isAdmin: boolean, provider: string): Promise<void> {
  const { store, clock } = context;
  const isChanged = await store.db.transaction().execute(async (db) => {
    if ((await userById(db, userId))?.is_admin === Number(isAdmin)) return false;
    if (!isAdmin && (await isOnlyAdmin(db, userId))) return false;
    if (!(await changeUser(db, userId, { is_admin: Number(isAdmin) }))) return false;
    await recordInInstance(db, {
      actorId: userId,
      action: isAdmin ? "administrator_add" : "administrator_remove",
      userId,
      changes: [{ field: "provider", before: null, after: provider }],
      at: clock.now(),
    });
    return true;
  });
  if (isChanged) publish(context, `user:${userId}`, { type: "me_updated", user_id: userId });
}
