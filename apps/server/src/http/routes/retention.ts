import { retention, retentionPreviewQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { changeChannelRetention, changeServerRetention } from "../../domain/retention/change-retention.ts";
import { previewRetention } from "../../domain/retention/preview-retention.ts";
import type { RetentionScope } from "../../store/queries/expired-counts.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** How long servers and channels keep things; what holds everywhere is a setting of the instance. */
export function retentionRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  const preview = (request: FastifyRequest, scope: RetentionScope) =>
    previewRetention(context, sessionOf(request), scope, parse(retentionPreviewQuery, request.query));

  app.put("/api/servers/:serverId/retention", (request) =>
    changeServerRetention(context, sessionOf(request), idParam(request, "serverId"), parse(retention, request.body)),
  );
  app.put("/api/channels/:channelId/retention", (request) =>
    changeChannelRetention(context, sessionOf(request), idParam(request, "channelId"), parse(retention, request.body)),
  );
  app.get("/api/instance/retention/preview", (request) => preview(request, "instance"));
  app.get("/api/servers/:serverId/retention/preview", (request) =>
    preview(request, { serverId: idParam(request, "serverId") }),
  );
  app.get("/api/channels/:channelId/retention/preview", (request) =>
    preview(request, { channelId: idParam(request, "channelId") }),
  );
}
