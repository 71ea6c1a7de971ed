import { limits, type ChannelOverride, type OverrideBody } from "@miscord/protocol";
import { can, checkInChannel, mayChangePermissions, mayOverride } from "@miscord/rights";
import type { Kysely } from "kysely";
import { AppError } from "../../errors.ts";
import { serverChannelAccess, type ServerChannelAccess, type ServerAccess } from "../../store/queries/access.ts";
import type { AuditRecord } from "../../store/audit-row.ts";
import { changesOf, recordActions } from "../../store/queries/audit-log.ts";
import { memberOf, rankOf } from "../../store/queries/members.ts";
import { countInCategory, synchronisedIn, type FoundChannel } from "../../store/queries/channels.ts";
import { countOverrides, deleteOverride, putOverride, refreshRestricted, roleById } from "../../store/queries/roles.ts";
import type { Tables } from "../../store/schema.ts";
import { requireAllowed } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { announceRights } from "./rights-changes.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates">;
type Db = Kysely<Tables>;

/** Of a category: more count as further changes. */
const channelsPerChange = 20;

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
  await change(context, actor, channelId, async (db, access, channelIds) => {
    const former = access.overrides.find((one) => isSame(one, override));
    await requireMayOverride(db, access, { override, former });
    if (!former && access.overrides.length >= limits.overridesPerChannel) {
      throw new AppError("limit_reached", `A channel has at most ${limits.overridesPerChannel} overrides.`);
    }
    await putOverride(db, channelIds, override);
    if (!former) await requireOverrideRoom(db, access.serverId);
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
  await change(context, actor, channelId, async (db, access, channelIds) => {
    const { targetId, type } = target;
    const isMeant = (one: ChannelOverride) => one.target_id === targetId && (type === undefined || one.type === type);
    const former = access.overrides.filter(isMeant);
    if (former.length === 0) throw new AppError("not_found", "There is no such override.");
    const changes = former.map((one) => ({ former: one, override: { ...one, allow: 0, deny: 0 } }));
    for (const one of changes) {
      await requireMayOverride(db, access, { ...one, mayHaveLeft: true });
      await deleteOverride(db, channelIds, one.former);
    }
    return changes;
  });
}

async function change(
  context: Context,
  { userId }: Actor,
  channelId: number,
  write: (db: Db, access: ServerChannelAccess, channelIds: readonly number[]) => Promise<OverrideChange[]>,
): Promise<void> {
  const { changes: rate } = context.rates;
  // What a category decides for many channels is read and told for each of them.
  const more = Math.floor((await countInCategory(context.store.db, channelId)) / channelsPerChange);
  await rate.spend(userId, Math.min(1 + more, rate.rate.burst));
  const { serverId, restrictions, followers } = await context.store.db.transaction().execute(async (db) => {
    const access = await serverChannelAccess(db, userId, channelId, context.clock.now());
    if (!access) throw new AppError("not_found", "There is no such channel.");
    requireAllowed(checkInChannel(access, "manageRoles"), "channel");
    if (access.parentId !== null) throw new AppError("invalid_request", "A thread has the permissions of its channel.");
    const followers = access.type === "category" ? await synchronisedIn(db, { ...access, id: channelId }) : [];
    const followerIds = followers.map(({ channel }) => channel.id);
    // They have the same overrides already, so that the same change keeps them synchronised.
    const changes = await write(db, access, [channelId, ...followerIds]);
    const restrictions = await refreshRestricted(db, access.serverId);
    const written = [access, ...followers.map((found) => ({ ...access, ...namesOf(found) }))];
    const hidden = new Set(restrictions.hidden);
    const at = context.clock.now();
    const records = written.flatMap((one) => {
      const place = { ...one, isRestricted: one.isRestricted || hidden.has(one.channelId) };
      return changes.flatMap((each) => overrideRecord(place, each, at) ?? []);
    });
    await recordActions(db, records);
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

/** The entry of the audit log about a change of overrides in the channel; null when it changes nothing. */
export function overrideRecord(
  access: ServerChannelAccess,
  { former, override }: OverrideChange,
  at: number,
): AuditRecord | null {
  const { allow, deny, type, target_id } = override;
  const changes = changesOf(former, { allow, deny });
  if (changes.length === 0) return null;
  return {
    serverId: access.serverId,
    actorId: access.userId,
    action: "override_update",
    at,
    channel: { id: access.channelId, isRestricted: access.isRestricted },
    subject: access.channelName,
    ...(type === "role" ? { roleId: target_id } : { userId: target_id }),
    changes,
  };
}

/**
 * After overrides were added: whoever looks at the server reads all of them, and each change of rights does. Throws
 * `limit_reached`.
 */
export async function requireOverrideRoom(db: Db, serverId: number): Promise<void> {
  if ((await countOverrides(db, serverId)) <= limits.overridesPerServer) return;
  const message = `The channels of a server have at most ${limits.overridesPerServer} overrides together.`;
  throw new AppError("limit_reached", message);
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
