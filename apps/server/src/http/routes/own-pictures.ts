import type { FastifyInstance } from "fastify";
import { changeOwnPicture } from "../../domain/accounts/profile.ts";
import { changeGroupIcon } from "../../domain/private/change-group-icon.ts";
import { changeWebhookPicture } from "../../domain/webhooks/pictures.ts";
import { changeIcon } from "../../domain/servers/change-icon.ts";
import type { HttpOptions } from "../options.ts";
import { idParam } from "../parse.ts";
import type { PictureBodies } from "../picture-body.ts";
import { sessionOf } from "../session.ts";

/** Pictures of the caller, of servers, of groups and of webhooks. In a scope of its own, because its bodies are pictures. */
export function ownPictureRoutes(app: FastifyInstance, { context }: HttpOptions, pictures: PictureBodies): void {
  pictures.accept(app);
  for (const column of ["picture", "banner"] as const) {
    app.put(`/api/auth/me/${column}`, (request) =>
      pictures.use(request, (bytes) => changeOwnPicture(context, sessionOf(request), { column, bytes })),
    );
    app.delete(`/api/auth/me/${column}`, (request) =>
      changeOwnPicture(context, sessionOf(request), { column, bytes: null }),
    );
  }
  app.put("/api/servers/:serverId/icon", (request) =>
    pictures.use(request, (bytes) => changeIcon(context, sessionOf(request), idParam(request, "serverId"), bytes)),
  );
  app.delete("/api/servers/:serverId/icon", (request) =>
    changeIcon(context, sessionOf(request), idParam(request, "serverId"), null),
  );
  app.put("/api/webhooks/:webhookId/picture", (request) =>
    pictures.use(request, (bytes) =>
      changeWebhookPicture(context, sessionOf(request), idParam(request, "webhookId"), bytes),
    ),
  );
  app.delete("/api/webhooks/:webhookId/picture", (request) =>
    changeWebhookPicture(context, sessionOf(request), idParam(request, "webhookId"), null),
  );
  app.put("/api/dms/:channelId/icon", (request) =>
    pictures.use(request, (bytes) =>
      changeGroupIcon(context, sessionOf(request), idParam(request, "channelId"), bytes),
    ),
  );
  app.delete("/api/dms/:channelId/icon", (request) =>
    changeGroupIcon(context, sessionOf(request), idParam(request, "channelId"), null),
  );
}
