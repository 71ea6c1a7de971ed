import type { Server } from "@miscord/protocol";
import { AppError } from "../../errors.ts";
import { recordAction } from "../../store/queries/audit-log.ts";
import { serverById } from "../../store/queries/servers.ts";
import { requireStill, serverCommand } from "../access.ts";
import type { Actor } from "../context.ts";
import { replaceOwnPicture, type PictureContext } from "../pictures/replace-own-picture.ts";
import { publish } from "../publish.ts";

/**
 * Gives the server a picture, or takes it away, for those who manage the server. Throws `not_found`, `forbidden`, and as
 * `replaceOwnPicture`.
 */
export async function changeIcon(
  context: PictureContext,
  actor: Actor,
  serverId: number,
  bytes: Uint8Array | null,
): Promise<Server> {
  const { userId } = actor;
  await serverCommand(context, actor, serverId, "manageGuild");
  await replaceOwnPicture(context, { owner: { table: "servers", id: serverId }, userId, bytes }, async (db, former) => {
    await requireStill(context, db, actor, { serverId, permission: "manageGuild" });
    if (!former && !bytes) return;
    const changes = [{ field: "icon", before: bytes ? null : true, after: bytes ? true : null }];
    await recordAction(db, { serverId, actorId: userId, action: "server_update", at: context.clock.now(), changes });
  });
  const server = await serverById(context.store.db, serverId);
  if (!server) throw new AppError("not_found", "There is no such server.");
  publish(context, `server:${serverId}`, { type: "server_updated", server, actor_id: userId });
  return server;
}
