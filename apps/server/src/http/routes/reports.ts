import { reportBody, reportOutcomeBody, reportQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { fileReport } from "../../domain/reports/file-report.ts";
import { claimReport, closeReport, listReports, releaseReport } from "../../domain/reports/report-queue.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function reportRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.post("/api/reports", async (request, reply) => {
    const { message_id, user_id, server_id, reason, notify } = parse(reportBody, request.body);
    const input = { messageId: message_id, userId: user_id, serverId: server_id, reason, notify };
    return reply.code(201).send(await fileReport(context, sessionOf(request), input));
  });
  app.get("/api/reports", (request) =>
    listReports(context, sessionOf(request), null, parse(reportQuery, request.query)),
  );
  app.get("/api/servers/:serverId/reports", (request) =>
    listReports(context, sessionOf(request), idParam(request, "serverId"), parse(reportQuery, request.query)),
  );

  app.put("/api/reports/:reportId/claim", (request) =>
    claimReport(context, sessionOf(request), idParam(request, "reportId")),
  );
  app.delete("/api/reports/:reportId/claim", (request) =>
    releaseReport(context, sessionOf(request), idParam(request, "reportId")),
  );
  app.put("/api/reports/:reportId/outcome", (request) => {
    const { outcome, note } = parse(reportOutcomeBody, request.body);
    return closeReport(context, sessionOf(request), idParam(request, "reportId"), { outcome, note });
  });
}
