import { scheduledBody, scheduledPatch } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { cancelScheduled, changeScheduled, listScheduled, schedule } from "../../domain/scheduled/schedule.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function scheduledRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/me/scheduled", async (request) => ({ messages: await listScheduled(context, sessionOf(request)) }));
  app.post("/api/channels/:channelId/scheduled", async (request, reply) => {
    const {
      send_at: sendAt,
      reply_to_id: replyToId,
      sticker_id: stickerId,
      ...body
    } = parse(scheduledBody, request.body);
    const input = { ...body, channelId: idParam(request, "channelId"), sendAt, replyToId, stickerId };
    return reply.code(201).send(await schedule(context, sessionOf(request), input));
  });
  app.patch("/api/me/scheduled/:scheduledId", (request) => {
    const { content, send_at: sendAt } = parse(scheduledPatch, request.body);
    return changeScheduled(context, sessionOf(request), idParam(request, "scheduledId"), { content, sendAt });
  });
  app.delete("/api/me/scheduled/:scheduledId", async (request, reply) => {
    await cancelScheduled(context, sessionOf(request), idParam(request, "scheduledId"));
    return reply.code(204).send();
  });
}
