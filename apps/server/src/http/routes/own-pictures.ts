import type { FastifyInstance } from "fastify";
import { changeOwnPicture } from "../../domain/accounts/profile.ts";
import { changeGroupIcon } from "../../domain/private/change-group-icon.ts";
import { changeIcon } from "../../domain/servers/change-icon.ts";
import type { BodyDeadlines } from "../body-deadlines.ts";
import type { HttpOptions } from "../options.ts";
import { idParam } from "../parse.ts";
import { acceptPictures, pictureOf } from "../picture-body.ts";
import { sessionOf } from "../session.ts";

/** Pictures of the caller, of servers and of groups. In a scope of its own, because its bodies are pictures. */
export function ownPictureRoutes(app: FastifyInstance, { context }: HttpOptions, deadlines: BodyDeadlines): void {
  acceptPictures(app, deadlines);
  app.put("/api/auth/me/picture", (request) => changeOwnPicture(context, sessionOf(request), pictureOf(request)));
  app.delete("/api/auth/me/picture", (request) => changeOwnPicture(context, sessionOf(request), null));
  app.put("/api/servers/:serverId/icon", (request) =>
    changeIcon(context, sessionOf(request), idParam(request, "serverId"), pictureOf(request)),
  );
  app.delete("/api/servers/:serverId/icon", (request) =>
    changeIcon(context, sessionOf(request), idParam(request, "serverId"), null),
  );
  app.put("/api/dms/:channelId/icon", (request) =>
    changeGroupIcon(context, sessionOf(request), idParam(request, "channelId"), pictureOf(request)),
  );
  app.delete("/api/dms/:channelId/icon", (request) =>
    changeGroupIcon(context, sessionOf(request), idParam(request, "channelId"), null),
  );
}
