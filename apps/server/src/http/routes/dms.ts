import { dmBody, dmPatch, requestAnswerBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { setCallEncryption } from "../../domain/private/call-encryption.ts";
import { declineCall } from "../../domain/private/calls.ts";
import { addToGroup, listDms, openDm, renameGroup } from "../../domain/private/dms.ts";
import { listRelationships } from "../../domain/private/relationships.ts";
import { answerRequest } from "../../domain/private/requests.ts";
import { removeFromGroup } from "../../domain/private/leave-group.ts";
import type { AnswerBudget } from "../answer-budget.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function dmRoutes(app: FastifyInstance, { context }: HttpOptions, answers: AnswerBudget): void {
  // One answer for both: every client asks for them when it connects.
  app.get("/api/dms", (request) => {
    const actor = sessionOf(request);
    return answers.inTurn(actor.userId, async () => {
      const [dms, relationships] = await Promise.all([listDms(context, actor), listRelationships(context, actor)]);
      return { dms, relationships };
    });
  });
  app.post("/api/dms", async (request, reply) => {
    const { channel, isNew } = await openDm(context, sessionOf(request), parse(dmBody, request.body));
    return reply.code(isNew ? 201 : 200).send(channel);
  });
  app.patch("/api/dms/:channelId", (request) => {
    const [actor, channelId] = [sessionOf(request), idParam(request, "channelId")];
    const patch = parse(dmPatch, request.body);
    if ("name" in patch) return renameGroup(context, actor, channelId, patch);
    return setCallEncryption(context, actor, channelId, patch.calls_encrypted);
  });
  app.put("/api/dms/:channelId/request", async (request, reply) => {
    const { answer } = parse(requestAnswerBody, request.body);
    await answerRequest(context, sessionOf(request), idParam(request, "channelId"), answer);
    return reply.code(204).send();
  });
  app.delete("/api/dms/:channelId/ring", async (request, reply) => {
    await declineCall(context, sessionOf(request), idParam(request, "channelId"));
    return reply.code(204).send();
  });
  app.put("/api/dms/:channelId/recipients/:userId", async (request, reply) => {
    await addToGroup(context, sessionOf(request), idParam(request, "channelId"), idParam(request, "userId"));
    return reply.code(204).send();
  });
  app.delete("/api/dms/:channelId/recipients/:userId", async (request, reply) => {
    await removeFromGroup(context, sessionOf(request), idParam(request, "channelId"), idParam(request, "userId"));
    return reply.code(204).send();
  });
}
