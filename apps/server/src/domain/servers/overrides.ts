import { limits, type ChannelOverride, type OverrideBody } from "@miscord/protocol";
import { can, checkInChannel, mayChangePermissions, mayOverride } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { serverChannelAccess, type ServerChannelAccess, type ServerAccess } from "../../store/queries/access.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { memberOf, rankOf } from "../../store/queries/members.ts";
import { synchronisedIn, type FoundChannel } from "../../store/queries/channels.ts";
import { copyOverrides, deleteOverride, putOverride, refreshRestricted, roleById } from "../../store/queries/roles.ts";
import type { Tables } from "../../store/schema.ts";
import { requireAllowed } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;
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
    return [{ former: former ?? { ...override, allow: 0, deny: 0 }, override }];
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
    const changes = former.map((one) => ({ former: one, override: { ...one, allow: 0, deny: 0 } }));
    for (const one of changes) {
      await requireMayOverride(db, access, { ...one, mayHaveLeft: true });
      await deleteOverride(db, channelId, one.former);
    }
    return changes;
  });
}

async function change(
  context: Context,
  { userId }: Actor,
  channelId: number,
  write: (db: Db, access: ServerChannelAccess) => Promise<OverrideChange[]>,
): Promise<void> {
  await context.rates.changes.spend(userId);
  const { serverId, restrictions, followers } = await context.store.db.transaction().execute(async (db) => {
    const access = await serverChannelAccess(db, userId, channelId, context.clock.now());
    if (!access) throw new AppError("not_found", "There is no such channel.");
    requireAllowed(checkInChannel(access, "manageRoles"), "channel");
    if (access.parentId !== null) throw new AppError("invalid_request", "A thread has the permissions of its channel.");
    const followers = access.type === "category" ? await synchronisedIn(db, { ...access, id: channelId }) : [];
    const changes = await write(db, access);
    const followerIds = followers.map(({ channel }) => channel.id);
    await copyOverrides(db, channelId, followerIds);
    const restrictions = await refreshRestricted(db, access.serverId);
    const written = [access, ...followers.map((found) => ({ ...access, ...namesOf(found) }))];
    for (const one of written) {
      const isRestricted = one.isRestricted || restrictions.hidden.includes(one.channelId);
      for (const each of changes) await recordOverride(db, { ...one, isRestricted }, each, context.clock.now());
    }
    return { serverId: access.serverId, restrictions, followers: followerIds };
  });
  announceRights(context, serverId, restrictions, { overridden: [channelId, ...followers] });
}

function namesOf({ channel, isRestricted }: FoundChannel) {
  return { channelId: channel.id, channelName: channel.name, isRestricted };
}

/** What makes the overrides `before` into those `after`. */
export function differencesOf(before: readonly ChannelOverride[], after: readonly ChannelOverride[]): OverrideChange[] {
  const added = after.filter((one) => !before.some((other) => isSame(one, other)));
  const changed = before.map((former) => ({
    former,
    override: after.find((one) => isSame(one, former)) ?? { ...former, allow: 0, deny: 0 },
  }));
  return [...changed, ...added.map((override) => ({ former: { ...override, allow: 0, deny: 0 }, override }))].filter(
    ({ former, override }) => former.allow !== override.allow || former.deny !== override.deny,
  );
}

interface OverrideChange {
  former: ChannelOverride;
  override: ChannelOverride;
}

export async function recordOverride(
  db: Db,
  access: ServerChannelAccess,
  { former, override }: OverrideChange,
  at: number,
): Promise<void> {
  const { allow, deny, type, target_id } = override;
  const changes = changesOf(former, { allow, deny });
  if (changes.length === 0) return;
  await recordAction(db, {
    serverId: access.serverId,
    actorId: access.userId,
    action: "override_update",
    at,
    channel: { id: access.channelId, isRestricted: access.isRestricted },
    subject: access.channelName,
    ...(type === "role" ? { roleId: target_id } : { userId: target_id }),
    changes,
  });
}

/**
 * Throws unless the actor may make `former` into `override`. `access`: in the channel, or the server of a new one.
 * `mayHaveLeft`: the override goes or is copied, which is possible also after its member has left.
 */
export async function requireMayOverride(
  db: Db,
  access: ServerAccess,
  {
    override,
    former,
    mayHaveLeft = false,
  }: { override: ChannelOverride; former?: ChannelOverride | undefined; mayHaveLeft?: boolean },
): Promise<void> {
  if (BigInt(override.allow) & BigInt(override.deny)) {
    throw new AppError("invalid_request", "A permission cannot be both allowed and denied.");
  }
  if (!can(access, "manageRoles")) throw new AppError("forbidden", "You may not change permissions here.");
  if (override.type === "member" && !mayHaveLeft) await requireMember(db, access, override.target_id);
  await requireBelow(db, access, override);
  const isGiven =
    mayChangePermissions(access, former?.allow ?? 0, override.allow) &&
    mayChangePermissions(access, former?.deny ?? 0, override.deny);
  if (!isGiven) throw new AppError("forbidden", "You can change only permissions that you have yourself.");
}

async function requireMember(db: Db, { serverId }: ServerAccess, userId: number): Promise<void> {
  if (!(await memberOf(db, serverId, userId))) throw new AppError("not_found", "They are not a member.");
}

async function requireBelow(db: Db, access: ServerAccess, { type, target_id }: ChannelOverride): Promise<void> {
  if (type === "role") {
    const role = await roleById(db, target_id);
    if (role?.server_id !== access.serverId) throw new AppError("not_found", "There is no such role.");
    if (mayOverride(access, { type, position: role.position })) return;
    throw new AppError("forbidden", "This role is as high as yours.");
  }
  const position = await rankOf(db, access.serverId, target_id);
  if (mayOverride(access, { type, userId: target_id, position })) return;
  throw new AppError("forbidden", "They have a role as high as yours.");
}

function isSame(one: ChannelOverride, other: ChannelOverride): boolean {
  return one.type === other.type && one.target_id === other.target_id;
}
