import { overrideBody, overrideQuery, roleBody, rolePatch } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { removeOverride, setOverride } from "../../domain/servers/overrides.ts";
import { assignRole, changeRole, createRole, deleteRole, listRoles } from "../../domain/servers/roles.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function roleRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/servers/:serverId/roles", async (request) => ({
    roles: await listRoles(context, sessionOf(request), idParam(request, "serverId")),
  }));
  app.post("/api/servers/:serverId/roles", async (request, reply) => {
    const fields = parse(roleBody, request.body);
    const role = await createRole(context, sessionOf(request), idParam(request, "serverId"), fields);
    return reply.code(201).send(role);
  });
  app.patch("/api/roles/:roleId", (request) =>
    changeRole(context, sessionOf(request), idParam(request, "roleId"), parse(rolePatch, request.body)),
  );
  app.delete("/api/roles/:roleId", async (request, reply) => {
    await deleteRole(context, sessionOf(request), idParam(request, "roleId"));
    return reply.code(204).send();
  });

  const assign = (request: FastifyRequest, isGiven: boolean) =>
    assignRole(context, sessionOf(request), {
      serverId: idParam(request, "serverId"),
      userId: idParam(request, "userId"),
      roleId: idParam(request, "roleId"),
      isGiven,
    });
  app.put("/api/servers/:serverId/members/:userId/roles/:roleId", async (request, reply) => {
    await assign(request, true);
    return reply.code(204).send();
  });
  app.delete("/api/servers/:serverId/members/:userId/roles/:roleId", async (request, reply) => {
    await assign(request, false);
    return reply.code(204).send();
  });

  app.put("/api/channels/:channelId/overrides/:targetId", async (request, reply) => {
    const override = { ...parse(overrideBody, request.body), target_id: idParam(request, "targetId") };
    await setOverride(context, sessionOf(request), idParam(request, "channelId"), override);
    return reply.code(204).send();
  });
  app.delete("/api/channels/:channelId/overrides/:targetId", async (request, reply) => {
    const target = { targetId: idParam(request, "targetId"), ...parse(overrideQuery, request.query) };
    await removeOverride(context, sessionOf(request), idParam(request, "channelId"), target);
    return reply.code(204).send();
  });
}
