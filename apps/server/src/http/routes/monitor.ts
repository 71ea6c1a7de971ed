import { judgeIncident, monitorBandsQuery, monitorHistoryQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { requireAdmin } from "../../domain/access.ts";
import { AppError } from "../../errors.ts";
import type { HttpOptions } from "../options.ts";
import { parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** Data of the dashboard, for administrators only: it contains addresses of clients. */
export function monitorRoutes(app: FastifyInstance, { context, monitoring }: HttpOptions): void {
  app.get("/api/monitor", async (request) => {
    await requireAdmin(context, sessionOf(request));
    return monitoring.overview();
  });

  app.get("/api/monitor/history", async (request) => {
    await requireAdmin(context, sessionOf(request));
    return monitoring.history(parse(monitorHistoryQuery, request.query));
  });

  app.get("/api/monitor/incidents", async (request) => {
    await requireAdmin(context, sessionOf(request));
    return monitoring.incidents();
  });

  app.put<{ Params: { id: string } }>("/api/monitor/incidents/:id", async (request, reply) => {
    await requireAdmin(context, sessionOf(request));
    const { verdict } = parse(judgeIncident, request.body);
    if (!monitoring.judgeIncident(request.params.id, verdict)) throw new AppError("not_found", "No such incident.");
    return reply.code(204).send();
  });

  app.get("/api/monitor/bands", async (request) => {
    await requireAdmin(context, sessionOf(request));
    return monitoring.bands(parse(monitorBandsQuery, request.query));
  });
}
