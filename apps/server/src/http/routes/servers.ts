import {
  auditQuery,
  channelBody,
  channelOrderBody,
  newServerBody,
  ownerBody,
  raidModeBody,
  serverBody,
  verification,
} from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { auditLog } from "../../domain/servers/audit-log.ts";
import { deleteServer, renameServer } from "../../domain/servers/change-server.ts";
import { createChannel, orderChannels } from "../../domain/servers/channels.ts";
import { handOver } from "../../domain/servers/hand-over.ts";
import { createServer } from "../../domain/servers/create-server.ts";
import { leaveServer } from "../../domain/servers/members.ts";
import { changeRaidMode } from "../../domain/servers/raid-mode.ts";
import { listServers, serverState } from "../../domain/servers/server-state.ts";
import { acceptRules, changeVerification } from "../../domain/servers/verification.ts";
import { countChannelsOf } from "../../store/queries/visible-channels.ts";
import type { AnswerBudget } from "../answer-budget.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function serverRoutes(app: FastifyInstance, { context }: HttpOptions, answers: AnswerBudget): void {
  app.get("/api/servers", (request) => {
    const actor = sessionOf(request);
    return answers.inTurn(actor.userId, async () => {
      const servers = await listServers(context, actor);
      answers.chargeChannels(actor.userId, await countChannelsOf(context.store.db, actor.userId));
      return { servers };
    });
  });
  app.post("/api/servers", async (request, reply) => {
    const server = await createServer(context, sessionOf(request), parse(newServerBody, request.body));
    return reply.code(201).send(server);
  });

  app.get("/api/servers/:serverId", (request) => {
    const actor = sessionOf(request);
    return answers.inTurn(actor.userId, () => serverState(context, actor, idParam(request, "serverId")));
  });
  app.patch("/api/servers/:serverId", (request) =>
    renameServer(context, sessionOf(request), idParam(request, "serverId"), parse(serverBody, request.body)),
  );
  app.delete("/api/servers/:serverId", async (request, reply) => {
    await deleteServer(context, sessionOf(request), idParam(request, "serverId"));
    return reply.code(204).send();
  });
  app.put("/api/servers/:serverId/owner", (request) =>
    handOver(context, sessionOf(request), idParam(request, "serverId"), parse(ownerBody, request.body)),
  );
  app.post("/api/servers/:serverId/leave", async (request, reply) => {
    await leaveServer(context, sessionOf(request), idParam(request, "serverId"));
    return reply.code(204).send();
  });

  app.put("/api/servers/:serverId/raid-mode", (request) =>
    changeRaidMode(context, sessionOf(request), idParam(request, "serverId"), parse(raidModeBody, request.body)),
  );

  app.put("/api/servers/:serverId/verification", (request) =>
    changeVerification(context, sessionOf(request), idParam(request, "serverId"), parse(verification, request.body)),
  );
  app.put("/api/servers/:serverId/rules/acceptance", async (request, reply) => {
    await acceptRules(context, sessionOf(request), idParam(request, "serverId"));
    return reply.code(204).send();
  });

  app.get("/api/servers/:serverId/audit-log", (request) =>
    auditLog(context, sessionOf(request), idParam(request, "serverId"), parse(auditQuery, request.query)),
  );

  app.post("/api/servers/:serverId/channels", async (request, reply) => {
    const body = parse(channelBody, request.body);
    const channel = await createChannel(context, sessionOf(request), idParam(request, "serverId"), body);
    return reply.code(201).send(channel);
  });
  app.put("/api/servers/:serverId/channels/order", async (request, reply) => {
    const { channel_ids } = parse(channelOrderBody, request.body);
    await orderChannels(context, sessionOf(request), idParam(request, "serverId"), channel_ids);
    return reply.code(204).send();
  });
}
