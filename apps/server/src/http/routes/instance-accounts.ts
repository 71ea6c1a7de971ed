import { accountQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { endSessions, listAccounts, setDisabled } from "../../domain/instance/accounts.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** For administrators of the instance. */
export function instanceAccountRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/accounts", (request) => listAccounts(context, sessionOf(request), parse(accountQuery, request.query)));
  app.put("/api/accounts/:userId/disabled", (request) =>
    setDisabled(context, sessionOf(request), idParam(request, "userId"), true),
  );
  app.delete("/api/accounts/:userId/disabled", (request) =>
    setDisabled(context, sessionOf(request), idParam(request, "userId"), false),
  );
  app.delete("/api/accounts/:userId/sessions", (request) =>
    endSessions(context, sessionOf(request), idParam(request, "userId")),
  );
}
