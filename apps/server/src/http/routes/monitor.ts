import { monitorHistoryQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { requireAdmin } from "../../domain/access.ts";
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
    const { range, after } = parse(monitorHistoryQuery, request.query);
    return monitoring.history(range, after);
  });
}
