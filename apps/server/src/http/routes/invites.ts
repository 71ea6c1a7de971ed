import { inviteBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { authenticate } from "../../domain/accounts/authenticate.ts";
import { createInvite, listInvites, previewInvite, revokeInvite } from "../../domain/servers/invites.ts";
import { joinServer } from "../../domain/servers/join-server.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse, textParam } from "../parse.ts";
import { bearerOf, sessionOf } from "../session.ts";

/** The preview of an invite, also without an account. */
export function openInviteRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/invites/:code", async (request) => {
    const token = bearerOf(request);
    const session = token === undefined ? null : await authenticate(context, token);
    return previewInvite(context, session, textParam(request, "code"));
  });
}

export function inviteRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/servers/:serverId/invites", async (request) => ({
    invites: await listInvites(context, sessionOf(request), idParam(request, "serverId")),
  }));
  app.post("/api/servers/:serverId/invites", async (request, reply) => {
    const body = parse(inviteBody, request.body);
    const invite = await createInvite(context, sessionOf(request), idParam(request, "serverId"), body);
    return reply.code(201).send(invite);
  });

  app.post("/api/invites/:code", async (request) => ({
    server: await joinServer(context, sessionOf(request), textParam(request, "code")),
  }));
  app.delete("/api/invites/:code", async (request, reply) => {
    await revokeInvite(context, sessionOf(request), textParam(request, "code"));
    return reply.code(204).send();
  });
}
