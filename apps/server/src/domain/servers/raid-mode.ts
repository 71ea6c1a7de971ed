import { limits, type Server } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import { isoOf } from "../../store/queries/members.ts";
import { raidModeOf, setRaidMode } from "../../store/queries/raid-mode.ts";
import { requireStill, serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { announceRights } from "./rights-changes.ts";

interface RaidModeInput {
  /** Milliseconds since 1970; null ends the raid mode. */
  until: number | null;
  /** Minutes before now: who joined since then may only read. */
  minutes: number;
}

/**
 * Until its end nobody joins the server, and those who joined lately may only read. For those who may time members out.
 * Throws `not_found`, `forbidden`, `invalid_request` or `rate_limited`.
 */
export async function changeRaidMode(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "rates">,
  actor: Actor,
  serverId: number,
  { until, minutes }: RaidModeInput,
): Promise<Server> {
  const { store, clock } = context;
  await serverCommand(context, actor, serverId, "moderateMembers");
  const now = clock.now();
  if (until !== null && (until <= now || until > now + limits.raidSeconds * 1_000)) {
    throw new AppError("invalid_request", "Raid mode ends within the next 24 hours.");
  }
  const server = await store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission: "moderateMembers" });
    const present = await raidModeOf(db, serverId, now);
    const before = present?.until ?? null;
    // Whom a mode that goes on holds, it holds when it is made longer.
    const since = Math.min(present?.since ?? now, now - minutes * 60_000);
    const mode = until === null ? null : { since, until };
    const changed = await setRaidMode(db, serverId, mode);
    const changes = [{ field: "until", before: isoOf(before), after: isoOf(until) }];
    const record = { serverId, actorId: actor.userId, action: "raid_update", at: now } as const;
    if (changed && before !== until) await recordAction(db, { ...record, changes });
    return changed;
  });
  if (!server) throw new AppError("not_found", "There is no such server.");
  publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: actor.userId });
  publish(context, `server:${serverId}`, { type: "permissions_changed", server_id: serverId });
  announceRights(context, serverId, { hidden: [], opened: [] });
  return server;
}
