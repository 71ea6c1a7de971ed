import { pushActBody, pushSubscriptionBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { actOnPush } from "../../domain/push/act.ts";
import { pushState, subscribe, testDevices, unsubscribe } from "../../domain/push/subscriptions.ts";
import type { HttpOptions } from "../options.ts";
import { parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function pushRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/push", (request) => pushState(context, sessionOf(request)));
  app.put("/api/push/subscription", (request) =>
    subscribe(context, sessionOf(request), parse(pushSubscriptionBody, request.body)),
  );
  app.delete("/api/push/subscription", async (request, reply) => {
    await unsubscribe(context, sessionOf(request));
    return reply.code(204).send();
  });
  app.post("/api/push/test", (request) => testDevices(context, sessionOf(request)));
}

/** For service workers, which have no access token. */
export function openPushRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.post("/api/push/act", async (request, reply) => {
    await actOnPush(context, parse(pushActBody, request.body));
    return reply.code(204).send();
  });
}
