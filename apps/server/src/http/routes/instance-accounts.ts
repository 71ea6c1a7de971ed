import { accountQuery, profilePart } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { endSessions, listAccounts, setDisabled } from "../../domain/instance/accounts.ts";
import { clearProfile } from "../../domain/instance/clear-profile.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse, textParam } from "../parse.ts";
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
  app.delete("/api/accounts/:userId/profile/:part", async (request, reply) => {
    const part = parse(profilePart, textParam(request, "part"));
    await clearProfile(context, sessionOf(request), { userId: idParam(request, "userId"), part });
    return reply.code(204).send();
  });
}
