import { botBody, botTokenBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { addBotToServer } from "../../domain/bots/add-to-server.ts";
import { createBot, deleteBot, listBots, renewBotToken } from "../../domain/bots/bots.ts";
import { enterAsBot } from "../../domain/bots/enter.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** For bots, which hold a token in place of a session. */
export function openBotRoutes(app: FastifyInstance, { context, addressOf }: HttpOptions): void {
  app.post("/api/auth/bot", (request) =>
    enterAsBot(context, parse(botTokenBody, request.body).token, addressOf(request.raw)),
  );
}

export function botRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/bots", async (request) => ({ bots: await listBots(context, sessionOf(request)) }));
  app.post("/api/bots", async (request, reply) =>
    reply.code(201).send(await createBot(context, sessionOf(request), parse(botBody, request.body))),
  );
  app.put("/api/bots/:botId/token", (request) => renewBotToken(context, sessionOf(request), idParam(request, "botId")));
  app.delete("/api/bots/:botId", async (request, reply) => {
    await deleteBot(context, sessionOf(request), idParam(request, "botId"));
    return reply.code(204).send();
  });
  app.put("/api/servers/:serverId/bots/:botId", async (request, reply) => {
    const [serverId, botId] = [idParam(request, "serverId"), idParam(request, "botId")];
    await addBotToServer(context, sessionOf(request), serverId, botId);
    return reply.code(204).send();
  });
}
