import type { InstanceServerPage, InstanceServerQuery } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { Semaphore } from "../../concurrency/semaphore.ts";
import { instanceServers, recordInInstance } from "../../store/queries/instance.ts";
import { changeServerRow, serverById } from "../../store/queries/servers.ts";
import { requireAdmin } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";
import { requireAdminCommand } from "./settings.ts";

/** Each page adds up all files of the instance. */
const atOnce = new Semaphore(1);

/** Servers of the instance with what they store; tells nothing of what is in them. Throws `forbidden`. */
export async function listInstanceServers(
  context: Pick<DomainContext, "store">,
  actor: Actor,
  query: InstanceServerQuery,
): Promise<InstanceServerPage> {
  await requireAdmin(context, actor);
  return atOnce.run(() => instanceServers(context.store.db, query));
}

/** Keeps a server off the discovery page, or lets it be there. Throws `forbidden`, `not_found` or `rate_limited`. */
export async function setUnlisted(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "rates">,
  actor: Actor,
  serverId: number,
  isUnlisted: boolean,
): Promise<void> {
  await requireAdminCommand(context, actor);
  const server = await context.store.db.transaction().execute(async (db) => {
    await requireAdmin({ store: { db } }, actor);
    const before = await serverById(db, serverId);
    if (!before) throw new AppError("not_found", "There is no such server.");
    if (before.is_unlisted === isUnlisted) return null;
    const action = isUnlisted ? "server_unlist" : "server_relist";
    const changes = [{ field: "name", before: null, after: before.name }];
    await recordInInstance(db, { actorId: actor.userId, action, changes, at: context.clock.now() });
    return changeServerRow(db, serverId, { unlisted: isUnlisted ? 1 : 0 });
  });
  if (server) publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: actor.userId });
}
