import { savedBody, savedQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { listSaved, saveMessage, unsaveMessage } from "../../domain/saved/saved-messages.ts";
import type { AnswerBudget } from "../answer-budget.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function savedRoutes(app: FastifyInstance, { context }: HttpOptions, answers: AnswerBudget): void {
  app.get("/api/me/saved", (request) => {
    const actor = sessionOf(request);
    const { before, due } = parse(savedQuery, request.query);
    return answers.inTurn(actor.userId, () => listSaved(context, actor, { before, onlyDue: due !== undefined }));
  });
  app.put("/api/me/saved/:messageId", (request) => {
    const { remind_at: remindAt } = parse(savedBody, request.body ?? {});
    return saveMessage(context, sessionOf(request), { messageId: idParam(request, "messageId"), remindAt });
  });
  app.delete("/api/me/saved/:messageId", async (request, reply) => {
    await unsaveMessage(context, sessionOf(request), idParam(request, "messageId"));
    return reply.code(204).send();
  });
}
