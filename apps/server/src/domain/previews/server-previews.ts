import type { Server } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { changesOf, recordAction } from "../../store/queries/audit-log.ts";
import { changeServerRow, serverById } from "../../store/queries/servers.ts";
import { requireStill, serverCommand } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { publish } from "../publish.ts";

/**
 * From now on pages that messages of the server link to are read for previews, or none are. Previews that messages have stay.
 * Throws `not_found`, `forbidden` or `rate_limited`.
 */
export async function setServerPreviews(
  context: Pick<DomainContext, "store" | "bus" | "clock" | "rates">,
  actor: Actor,
  serverId: number,
  isOn: boolean,
): Promise<Server> {
  const { store, clock } = context;
  await serverCommand(context, actor, serverId, "manageGuild");
  const server = await store.db.transaction().execute(async (db) => {
    await requireStill(context, db, actor, { serverId, permission: "manageGuild" });
    const before = (await serverById(db, serverId))?.link_previews ?? true;
    const changes = changesOf({ link_previews: before }, { link_previews: isOn });
    const record = { serverId, actorId: actor.userId, action: "server_update", at: clock.now() } as const;
    if (changes.length > 0) await recordAction(db, { ...record, changes });
    return changeServerRow(db, serverId, { link_previews: isOn ? 1 : 0 });
  });
  if (!server) throw new AppError("not_found", "There is no such server.");
  publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: actor.userId });
  return server;
}
