import { limits, type ChannelOverride, type OverrideBody } from "@miscord/protocol";
import { can, checkInChannel, isOwner, mayChangePermissions, outranks } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { serverChannelAccess, type ServerChannelAccess, type ServerAccess } from "../../store/queries/access.ts";
import { memberOf, rankOf } from "../../store/queries/members.ts";
import { deleteOverride, putOverride, refreshRestricted, roleById } from "../../store/queries/roles.ts";
import type { Tables } from "../../store/schema.ts";
import { requireAllowed } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "rates">;
type Db = Kysely<Tables>;

/**
 * Sets what a channel changes for a role or a member. Throws `not_found`, `forbidden` (also for bits that the actor
 * lacks, and for roles and members that do not stand below), `invalid_request`, `limit_reached` or `rate_limited`.
 */
export async function setOverride(
  context: Context,
  actor: Actor,
  channelId: number,
  { target_id, ...body }: OverrideBody & { target_id: number },
): Promise<void> {
  const override = { ...body, target_id };
  await change(context, actor, channelId, async (db, access) => {
    const former = access.overrides.find((one) => isSame(one, override));
    await requireMayOverride(db, access, { override, former });
    if (!former && access.overrides.length >= limits.overridesPerChannel) {
      throw new AppError("limit_reached", `A channel has at most ${limits.overridesPerChannel} overrides.`);
    }
    await putOverride(db, channelId, override);
  });
}

/**
 * Lets the channel inherit everything for the role or member; a role and a user may have the same id, which `type` tells
 * apart. Throws as `setOverride` does.
 */
export async function removeOverride(
  context: Context,
  actor: Actor,
  channelId: number,
  target: { targetId: number; type?: ChannelOverride["type"] | undefined },
): Promise<void> {
  await change(context, actor, channelId, async (db, access) => {
    const { targetId, type } = target;
    const isMeant = (one: ChannelOverride) => one.target_id === targetId && (type === undefined || one.type === type);
    const former = access.overrides.filter(isMeant);
    if (former.length === 0) throw new AppError("not_found", "There is no such override.");
    for (const one of former) {
      await requireMayOverride(db, access, { override: { ...one, allow: 0, deny: 0 }, former: one });
      await deleteOverride(db, channelId, one);
    }
  });
}

async function change(
  context: Context,
  { userId }: Actor,
  channelId: number,
  write: (db: Db, access: ServerChannelAccess) => Promise<void>,
): Promise<void> {
  await context.rates.changes.spend(userId);
  const { serverId, restrictions } = await context.store.db.transaction().execute(async (db) => {
    const access = await serverChannelAccess(db, userId, channelId);
    if (!access) throw new AppError("not_found", "There is no such channel.");
    requireAllowed(checkInChannel(access, "manageRoles"), "channel");
    await write(db, access);
    return { serverId: access.serverId, restrictions: await refreshRestricted(db, access.serverId) };
  });
  announceRights(context, serverId, restrictions, { overridden: [channelId] });
}

/** Throws unless the actor may make `former` into `override`. `access`: in the channel, or the server of a new one. */
export async function requireMayOverride(
  db: Db,
  access: ServerAccess,
  { override, former }: { override: ChannelOverride; former?: ChannelOverride | undefined },
): Promise<void> {
  if (BigInt(override.allow) & BigInt(override.deny)) {
    throw new AppError("invalid_request", "A permission cannot be both allowed and denied.");
  }
  if (!can(access, "manageRoles")) throw new AppError("forbidden", "You may not change permissions here.");
  await requireBelow(db, access, override);
  const isGiven =
    mayChangePermissions(access, former?.allow ?? 0, override.allow) &&
    mayChangePermissions(access, former?.deny ?? 0, override.deny);
  if (!isGiven) throw new AppError("forbidden", "You can change only permissions that you have yourself.");
}

async function requireBelow(db: Db, access: ServerAccess, { type, target_id }: ChannelOverride): Promise<void> {
  if (type === "role") {
    const role = await roleById(db, target_id);
    if (role?.server_id !== access.serverId) throw new AppError("not_found", "There is no such role.");
    if (isOwner(access) || role.position < access.position) return;
    throw new AppError("forbidden", "This role is as high as yours.");
  }
  if (!(await memberOf(db, access.serverId, target_id))) throw new AppError("not_found", "They are not a member.");
  const target = { userId: target_id, position: await rankOf(db, access.serverId, target_id) };
  // To themselves people give nothing that they do not have.
  if (target_id === access.userId || outranks(access, target)) return;
  throw new AppError("forbidden", "They have a role as high as yours.");
}

function isSame(one: ChannelOverride, other: ChannelOverride): boolean {
  return one.type === other.type && one.target_id === other.target_id;
}
