import { parseScope } from "@miscord/protocol";
import { id, notificationLevelBody, notificationsReadBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { inbox } from "../../domain/notifications/inbox.ts";
import { markNotificationsRead } from "../../domain/notifications/mark-notifications-read.ts";
import { setNotificationLevel } from "../../domain/notifications/set-notification-level.ts";
import { AppError } from "../../errors.ts";
import type { HttpOptions } from "../options.ts";
import { parse, textParam } from "../parse.ts";
import { sessionOf } from "../session.ts";

const inboxQuery = z.object({ before: z.coerce.number().pipe(id).optional() });

export function notificationRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/notifications", (request) => inbox(context, sessionOf(request), parse(inboxQuery, request.query)));
  app.post("/api/notifications/read", async (request, reply) => {
    const { ids } = parse(notificationsReadBody, request.body);
    await markNotificationsRead(context, sessionOf(request), ids === null ? "all" : { ids });
    return reply.code(204).send();
  });
  app.put("/api/me/notification-levels/:scope", (request) => {
    const scope = parseScope(textParam(request, "scope"));
    if (!scope) throw new AppError("invalid_request", "A scope is account, server:ID or channel:ID.");
    return setNotificationLevel(context, sessionOf(request), scope, parse(notificationLevelBody, request.body));
  });
}
