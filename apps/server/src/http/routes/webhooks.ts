import { webhookBody, webhookPatch } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  listWebhooks,
  renewWebhookToken,
} from "../../domain/webhooks/manage.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function webhookRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/servers/:serverId/webhooks", async (request) => ({
    webhooks: await listWebhooks(context, sessionOf(request), idParam(request, "serverId")),
  }));
  app.post("/api/channels/:channelId/webhooks", async (request, reply) => {
    const { name } = parse(webhookBody, request.body);
    const created = await createWebhook(context, sessionOf(request), idParam(request, "channelId"), name);
    return reply.code(201).send(created);
  });
  app.patch("/api/webhooks/:webhookId", (request) =>
    changeWebhook(context, sessionOf(request), idParam(request, "webhookId"), parse(webhookPatch, request.body)),
  );
  app.put("/api/webhooks/:webhookId/token", (request) =>
    renewWebhookToken(context, sessionOf(request), idParam(request, "webhookId")),
  );
  app.delete("/api/webhooks/:webhookId", async (request, reply) => {
    await deleteWebhook(context, sessionOf(request), idParam(request, "webhookId"));
    return reply.code(204).send();
  });
}
