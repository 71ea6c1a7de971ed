import { discoveryQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { discover, joinPublicServer } from "../../domain/servers/discovery.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** The instance's public servers. */
export function discoveryRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/discovery", (request) => discover(context, sessionOf(request), parse(discoveryQuery, request.query)));
  app.post("/api/discovery/:serverId", async (request) => ({
    server: await joinPublicServer(context, sessionOf(request), idParam(request, "serverId")),
  }));
}
