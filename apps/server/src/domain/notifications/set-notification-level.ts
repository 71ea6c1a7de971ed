import type { NotificationLevelBody, NotificationScope, NotificationSetting } from "@miscord/protocol";
import { scopeText } from "@miscord/protocol";
import { changeNotificationLevel, type LevelChange } from "../../store/queries/notification-levels.ts";
import { mentionCounts } from "../../store/queries/unread.ts";
import { countChannelsOf } from "../../store/queries/visible-channels.ts";
import { contentAccess, serverAccess } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

type Context = Pick<DomainContext, "store" | "bus" | "clock" | "rates" | "unread">;

/** In which mentions are counted, twice, whether the actor sees them or not; more count as further changes. */
const channelsPerChange = 2_000;

/**
 * Changes what the actor is notified of in a scope. The setting, as it then is, is published to all of the actor's
 * connections, and so are the counts of mentions that it changes. Throws `not_found` for a server or channel that the
 * actor does not see, `invalid_request` for a category, or `rate_limited`.
 */
export async function setNotificationLevel(
  context: Context,
  actor: Actor,
  scope: NotificationScope,
  body: NotificationLevelBody,
): Promise<NotificationSetting> {
  const { store, rates, clock } = context;
  const { userId } = actor;
  await rates.changes.spend(userId);
  if (scope.kind === "server") await serverAccess(context, actor, scope.id);
  if (scope.kind === "channel") await contentAccess(context, actor, scope.id);
  const changesCounts = body.suppress_everyone !== undefined;
  if (changesCounts) await spendForChannels(context, userId);
  const counts = () => (changesCounts ? mentionCounts(store.db, userId) : new Map());
  const before = await counts();
  const setting = await changeNotificationLevel(store.db, userId, scope, columnsOf(body, clock.now()));
  publish(context, `user:${userId}`, { type: "notification_level_updated", scope: scopeText(scope), setting });
  const after = await counts();
  for (const channelId of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(channelId) !== after.get(channelId)) await context.unread.announce(channelId, [userId]);
  }
  return setting;
}

async function spendForChannels({ store, rates: { changes } }: Context, userId: number): Promise<void> {
  const more = Math.floor((await countChannelsOf(store.db, userId)) / channelsPerChange);
  // The command itself has taken one.
  if (more > 0) await changes.spend(userId, Math.min(more, changes.rate.burst - 1));
}

function columnsOf(body: NotificationLevelBody, now: number) {
  const { level, muted_until: until, suppress_everyone: suppress, suppress_roles: roles } = body;
  const change: LevelChange = {};
  if (level !== undefined) change.level = level;
  if (until !== undefined) change.muted_until = until === null || Date.parse(until) <= now ? null : Date.parse(until);
  if (suppress !== undefined) change.suppress_everyone = suppress === null ? null : Number(suppress);
  if (roles !== undefined) change.suppress_roles = roles === null ? null : Number(roles);
  return change;
}
