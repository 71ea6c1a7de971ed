import { automodDryRunBody, automodRuleBody, automodRulePatch } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import {
  changeAutomodRule,
  createAutomodRule,
  deleteAutomodRule,
  listAutomodRules,
} from "../../domain/automod/rules.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function automodRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/servers/:serverId/automod/rules", async (request) => ({
    rules: await listAutomodRules(context, sessionOf(request), idParam(request, "serverId")),
  }));
  app.post("/api/servers/:serverId/automod/rules", async (request, reply) => {
    const fields = parse(automodRuleBody, request.body);
    const rule = await createAutomodRule(context, sessionOf(request), idParam(request, "serverId"), fields);
    return reply.code(201).send(rule);
  });
  app.post("/api/servers/:serverId/automod/dry-run", async (request) => {
    const body = parse(automodDryRunBody, request.body);
    // Loaded with the first one: it compares texts, for which it has the stems of words.
    const { dryRun } = await import("../../domain/automod/dry-run.ts");
    return dryRun(context, sessionOf(request), idParam(request, "serverId"), body);
  });
  app.patch("/api/automod/rules/:ruleId", (request) =>
    changeAutomodRule(context, sessionOf(request), idParam(request, "ruleId"), parse(automodRulePatch, request.body)),
  );
  app.delete("/api/automod/rules/:ruleId", async (request, reply) => {
    await deleteAutomodRule(context, sessionOf(request), idParam(request, "ruleId"));
    return reply.code(204).send();
  });
}
