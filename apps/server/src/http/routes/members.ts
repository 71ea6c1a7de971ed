import { membersQuery, nicknameBody, reasonBody, timeoutBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { kickMember } from "../../domain/servers/members.ts";
import { createMemberReads, listMembers } from "../../domain/servers/member-list.ts";
import { changeNickname } from "../../domain/servers/nicknames.ts";
import { timeOutMember } from "../../domain/servers/time-out.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function memberRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  const reads = createMemberReads(context);
  app.get("/api/servers/:serverId/members", async (request, reply) => {
    const asked = { serverId: idParam(request, "serverId"), query: parse(membersQuery, request.query) };
    const listed = await listMembers(context, reads, sessionOf(request), asked);
    return reply.type("application/json; charset=utf-8").send(listed);
  });
  app.delete("/api/servers/:serverId/members/:userId", async (request, reply) => {
    await kickMember(context, sessionOf(request), {
      serverId: idParam(request, "serverId"),
      userId: idParam(request, "userId"),
      ...parse(reasonBody, request.body),
    });
    return reply.code(204).send();
  });
  app.put("/api/servers/:serverId/members/:userId/nickname", async (request, reply) => {
    await changeNickname(context, sessionOf(request), {
      serverId: idParam(request, "serverId"),
      userId: idParam(request, "userId"),
      ...parse(nicknameBody, request.body),
    });
    return reply.code(204).send();
  });
  app.put("/api/servers/:serverId/members/:userId/timeout", async (request, reply) => {
    await timeOutMember(context, sessionOf(request), {
      serverId: idParam(request, "serverId"),
      userId: idParam(request, "userId"),
      ...parse(timeoutBody, request.body),
    });
    return reply.code(204).send();
  });
}
