import { limits, type Role, type RolePatch } from "@miscord/protocol";
import { bitsOf, checkManageRole, difference, intersection, mayChangePermissions } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { serverAccess, type ServerAccess } from "../../store/queries/access.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { channelIdsOf } from "../../store/queries/channels.ts";
import { memberOf } from "../../store/queries/members.ts";
import * as queries from "../../store/queries/roles.ts";
import type { Tables } from "../../store/schema.ts";
import { requireAllowed, restsIn, serverAccess as serverAccessOf } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { announceMember, announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;
type Db = Kysely<Tables>;

const seeing = bitsOf("viewChannel", "administrator");
/** Of the server, when a role sees others than before; more count as further changes. */
const channelsPerChange = 20;

/** The server's roles by position, the base role first, for members. Throws `not_found`. */
export async function listRoles(context: Context, actor: Actor, serverId: number): Promise<Role[]> {
  await serverAccessOf(context, actor, serverId);
  return queries.rolesOfServers(context.store.db, [serverId]);
}

/** Creates the lowest role. Throws `not_found`, `forbidden`, `limit_reached` or `rate_limited`. */
export async function createRole(
  context: Context,
  actor: Actor,
  serverId: number,
  fields: queries.RoleFields,
): Promise<Role> {
  await context.rates.changes.spend(actor.userId);
  const { role, roles } = await context.store.db.transaction().execute(async (db) => {
    const access = await requireManager(context, db, actor, serverId, 0);
    requireOwn(access, 0, fields.permissions);
    const before = await queries.rolesOfServers(db, [serverId]);
    if (before.length > limits.rolesPerServer) {
      throw new AppError("limit_reached", `A server has at most ${limits.rolesPerServer} roles.`);
    }
    const role = await queries.insertRole(db, serverId, fields, context.clock.now());
    const changes = [{ field: "permissions", before: null, after: role.permissions }];
    await recordAction(db, { ...about(context, actor, role), action: "role_create", changes });
    return { role, roles: await queries.rolesOfServers(db, [serverId]) };
  });
  publish(context, `server:${serverId}`, { type: "role_created", server_id: serverId, role });
  publishOrder(context, serverId, roles);
  return role;
}

/**
 * Changes a role below the actor's own, and moves it among those below. Of the base role only the permissions change.
 * Throws `not_found`, `forbidden`, `invalid_request` or `rate_limited`.
 */
export async function changeRole(context: Context, actor: Actor, roleId: number, patch: RolePatch): Promise<Role> {
  await context.rates.changes.spend(actor.userId);
  const { name, color, permissions, hoist, mentionable, position } = patch;
  await spendForChannels(context, actor, roleId, permissions);
  const changed = await context.store.db.transaction().execute(async (db) => {
    const { role, access } = await managedRole(context, db, actor, roleId);
    const isOtherThanPermissions = [name, color, hoist, mentionable, position].some((field) => field !== undefined);
    if (role.position === 0 && isOtherThanPermissions) {
      throw new AppError("invalid_request", "Only the permissions of the base role can be changed.");
    }
    const given = permissions ?? role.permissions;
    requireOwn(access, role.permissions, given);
    await queries.updateRole(db, roleId, {
      name: name ?? role.name,
      color: color === undefined ? role.color : color,
      permissions: given,
      hoist: hoist ?? role.hoist,
      mentionable: mentionable ?? role.mentionable,
    });
    if (position !== undefined) await move(db, access, role, position);
    const roles = await queries.rolesOfServers(db, [role.server_id]);
    const { id: _id, server_id: _server, ...after } = roles.find(({ id }) => id === roleId)!;
    const changes = changesOf(role, after);
    if (changes.length > 0) await recordAction(db, { ...about(context, actor, role), action: "role_update", changes });
    // Names, looks and positions decide nothing about who sees a channel.
    const isOtherRights = given !== role.permissions;
    const restrictions = isOtherRights ? await queries.refreshRestricted(db, role.server_id) : null;
    return { serverId: role.server_id, roles, restrictions };
  });
  const { serverId, roles, restrictions } = changed;
  const role = roles.find(({ id }) => id === roleId)!;
  publish(context, `server:${serverId}`, { type: "role_updated", server_id: serverId, role });
  if (position !== undefined) publishOrder(context, serverId, roles);
  if (restrictions) {
    publishChanged(context, serverId);
    announceRights(context, serverId, restrictions);
  }
  return role;
}

/** Deletes a role below the actor's own. Throws as `changeRole` does. */
export async function deleteRole(context: Context, actor: Actor, roleId: number): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  await spendForChannels(context, actor, roleId, 0);
  const { serverId, overridden, restrictions } = await context.store.db.transaction().execute(async (db) => {
    const { role } = await managedRole(context, db, actor, roleId);
    requireGivable(role);
    const rights = await queries.serverRights(db, role.server_id);
    const isFor = ({ overrides }: queries.ChannelRights) =>
      overrides.some((one) => one.type === "role" && one.target_id === roleId);
    await queries.deleteRole(db, roleId);
    const changes = [{ field: "permissions", before: role.permissions, after: null }];
    await recordAction(db, { ...about(context, actor, role), action: "role_delete", changes });
    const left = await queries.rolesOfServers(db, [role.server_id]);
    await queries.orderRoles(
      db,
      left.map(({ id }) => id),
    );
    return {
      serverId: role.server_id,
      overridden: (rights?.channels ?? []).filter(isFor).map(({ id }) => id),
      restrictions: await queries.refreshRestricted(db, role.server_id),
    };
  });
  publish(context, `server:${serverId}`, { type: "role_deleted", server_id: serverId, role_id: roleId });
  publishChanged(context, serverId);
  announceRights(context, serverId, restrictions, { overridden });
}

/**
 * Gives a member a role, or takes it. The role is below the actor's own, and gives nothing that the actor lacks. Throws
 * `not_found`, `forbidden`, `invalid_request` or `rate_limited`.
 */
export async function assignRole(
  context: Context,
  actor: Actor,
  { serverId, userId, roleId, isGiven }: { serverId: number; userId: number; roleId: number; isGiven: boolean },
): Promise<void> {
  await context.rates.changes.spend(actor.userId);
  const member = await context.store.db.transaction().execute(async (db) => {
    const access = await requireManager(context, db, actor, serverId, -1);
    const role = await queries.roleById(db, roleId);
    if (role?.server_id !== serverId) throw new AppError("not_found", "There is no such role.");
    requireGivable(role);
    requireAllowed(checkManageRole(access, role.position), "server");
    if (!(await memberOf(db, serverId, userId))) throw new AppError("not_found", "They are not a member.");
    const held = await queries.roleIdsOf(db, serverId, userId);
    if (held.includes(roleId) !== isGiven) {
      const [before, after] = isGiven ? [null, role.name] : [role.name, null];
      const changes = [{ field: "role", before, after }];
      await recordAction(db, { ...about(context, actor, role), action: "member_role_update", userId, changes });
    }
    if (isGiven) {
      requireOwn(access, 0, role.permissions);
      await queries.giveRole(db, serverId, userId, roleId);
    } else await queries.takeRole(db, serverId, userId, roleId);
    return memberOf(db, serverId, userId);
  });
  announceMember(context, serverId, member!);
}

/**
 * A change of who sees channels is told for each of them, to everybody who has the role. Before the transaction: it may ask other
 * nodes. Throws as `changeRole` does.
 */
async function spendForChannels(context: Context, actor: Actor, roleId: number, given: number | undefined) {
  if (given === undefined) return;
  const { db } = context.store;
  const { role } = await managedRole(context, db, actor, roleId);
  if (intersection(difference(role.permissions, given), seeing) === 0) return;
  const more = Math.floor((await channelIdsOf(db, role.server_id)).length / channelsPerChange);
  const { changes } = context.rates;
  // The command itself has taken one.
  if (more > 0) await changes.spend(actor.userId, Math.min(more, changes.rate.burst - 1));
}

/** The fields that entries of the audit log about a role share. */
function about({ clock }: Context, { userId }: Actor, { id, server_id, name }: Role) {
  return { serverId: server_id, actorId: userId, at: clock.now(), roleId: id, subject: name };
}

async function managedRole(
  { clock }: Context,
  db: Db,
  actor: Actor,
  roleId: number,
): Promise<{ role: Role; access: ServerAccess }> {
  const role = await queries.roleById(db, roleId);
  const access = role && (await serverAccess(db, actor.userId, role.server_id, clock.now()));
  if (!access?.isMember) throw new AppError("not_found", "There is no such role.");
  requireAllowed(checkManageRole(access, role!.position), "server", restsIn(access, "manageRoles"));
  return { role: role!, access };
}

/** The server, for members who manage roles up to above the position. */
async function requireManager(
  { clock }: Context,
  db: Db,
  { userId }: Actor,
  serverId: number,
  position: number,
): Promise<ServerAccess> {
  const access = await serverAccess(db, userId, serverId, clock.now());
  if (!access) throw new AppError("not_found", "There is no such server.");
  requireAllowed(checkManageRole(access, position), "server", restsIn(access, "manageRoles"));
  return access;
}

function requireOwn(access: ServerAccess, before: number, after: number): void {
  if (mayChangePermissions(access, before, after)) return;
  throw new AppError("forbidden", "You can change only permissions that you have yourself.");
}

function requireGivable(role: Role): void {
  if (role.position > 0) return;
  throw new AppError("invalid_request", "Every member has the base role.");
}

/** Moves the role to the position, or to the highest there is; between stand only roles that the actor manages. */
async function move(db: Db, access: ServerAccess, role: Role, position: number): Promise<void> {
  requireAllowed(checkManageRole(access, position), "server");
  const others = (await queries.rolesOfServers(db, [role.server_id])).filter(({ id }) => id !== role.id);
  const order = others.toSpliced(position, 0, role).map(({ id }) => id);
  await queries.orderRoles(db, order);
}

function publishOrder(context: Context, serverId: number, roles: readonly Role[]): void {
  const role_ids = roles.map(({ id }) => id);
  publish(context, `server:${serverId}`, { type: "roles_reordered", server_id: serverId, role_ids });
}

function publishChanged(context: Context, serverId: number): void {
  publish(context, `server:${serverId}`, { type: "permissions_changed", server_id: serverId });
}
