import { banBody, bulkBanBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { banMembers } from "../../domain/servers/ban-members.ts";
import { banMember, listBans, unban } from "../../domain/servers/bans.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function banRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/servers/:serverId/bans", async (request) => ({
    bans: await listBans(context, sessionOf(request), idParam(request, "serverId")),
  }));
  app.put("/api/servers/:serverId/bans/:userId", async (request, reply) => {
    const { reason, expires_at, delete_message_seconds: deleteSeconds } = parse(banBody, request.body);
    await banMember(context, sessionOf(request), {
      serverId: idParam(request, "serverId"),
      userId: idParam(request, "userId"),
      reason,
      expiresAt: expires_at ?? null,
      deleteSeconds,
    });
    return reply.code(204).send();
  });
  app.post("/api/servers/:serverId/bulk-ban", async (request) => {
    const { user_ids: userIds, reason, delete_message_seconds: deleteSeconds } = parse(bulkBanBody, request.body);
    const serverId = idParam(request, "serverId");
    return banMembers(context, sessionOf(request), { serverId, userIds, reason, deleteSeconds });
  });
  app.delete("/api/servers/:serverId/bans/:userId", async (request, reply) => {
    await unban(context, sessionOf(request), idParam(request, "serverId"), idParam(request, "userId"));
    return reply.code(204).send();
  });
}
