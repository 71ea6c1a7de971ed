import {
  announcementBody,
  applicationDecision,
  applicationQuery,
  instanceLogQuery,
  instanceServerQuery,
  instanceSettingsPatch,
  unlistBody,
} from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { decideApplication, listApplications } from "../../domain/instance/applications.ts";
import { listInstanceServers, setUnlisted } from "../../domain/instance/servers.ts";
import {
  changeInstanceSettings,
  endAnnouncement,
  instanceLog,
  instanceSettings,
  setAnnouncement,
} from "../../domain/instance/settings.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** What administrators see and set of the whole instance. */
export function instanceAdminRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/instance/settings", (request) => instanceSettings(context, sessionOf(request)));
  app.patch("/api/instance/settings", (request) =>
    changeInstanceSettings(context, sessionOf(request), parse(instanceSettingsPatch, request.body)),
  );
  app.put("/api/instance/announcement", (request) =>
    setAnnouncement(context, sessionOf(request), parse(announcementBody, request.body)),
  );
  app.delete("/api/instance/announcement", async (request, reply) => {
    await endAnnouncement(context, sessionOf(request));
    return reply.code(204).send();
  });
  app.get("/api/instance/servers", (request) =>
    listInstanceServers(context, sessionOf(request), parse(instanceServerQuery, request.query)),
  );
  app.put("/api/instance/servers/:serverId/listing", async (request, reply) => {
    const { is_unlisted } = parse(unlistBody, request.body);
    await setUnlisted(context, sessionOf(request), idParam(request, "serverId"), is_unlisted);
    return reply.code(204).send();
  });
  app.get("/api/instance/applications", (request) =>
    listApplications(context, sessionOf(request), parse(applicationQuery, request.query)),
  );
  app.put("/api/instance/applications/:userId", async (request, reply) => {
    const decision = parse(applicationDecision, request.body);
    await decideApplication(context, sessionOf(request), idParam(request, "userId"), decision);
    return reply.code(204).send();
  });
  app.get("/api/instance/log", (request) =>
    instanceLog(context, sessionOf(request), parse(instanceLogQuery, request.query)),
  );
}
