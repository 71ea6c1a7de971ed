import type { Retention, RetentionPreview } from "@miscord/protocol";
import { checkInChannel, checkInServer } from "@miscord/rights";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { serverAccess, serverChannelAccess } from "../../store/queries/access.ts";
import { countExpired, type RetentionScope } from "../../store/queries/expired-counts.ts";
import { requireAdmin, requireAllowed } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { longRead } from "../long-read.ts";

/** Each may read all messages of a server, or of the instance. */
const atOnce = new Semaphore(1);

type Context = Pick<DomainContext, "store" | "clock" | "rates">;

/**
 * What a rule would remove at once, for those who may set it. Spends from the actor's rate of searches, as it reads about as
 * much: once more for each 100,000 messages, but not for the whole instance. Throws `not_found`, `forbidden` or `rate_limited`.
 */
export async function previewRetention(
  context: Context,
  actor: Actor,
  scope: RetentionScope,
  rule: Retention,
): Promise<RetentionPreview> {
  await requireMaySet(context, actor, scope);
  const goOn = () => (scope === "instance" ? undefined : context.rates.searches.spend(actor.userId));
  return longRead(context, actor.userId, (db) =>
    atOnce.run(() => countExpired(db, scope, { rule, now: context.clock.now(), goOn })),
  );
}

async function requireMaySet(context: Context, actor: Actor, scope: RetentionScope): Promise<void> {
  const { db } = context.store;
  const now = context.clock.now();
  if (scope === "instance") return requireAdmin(context, actor);
  if ("serverId" in scope) {
    const found = await serverAccess(db, actor.userId, scope.serverId, now);
    return requireAllowed(found ? checkInServer(found, "manageGuild") : "hidden", "server");
  }
  const found = await serverChannelAccess(db, actor.userId, scope.channelId, now);
  return requireAllowed(found ? checkInChannel(found, "manageChannels") : "hidden", "channel");
}
