import { editBody, emoji } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { deleteMessage } from "../../domain/messages/delete-message.ts";
import { editMessage } from "../../domain/messages/edit-message.ts";
import { setReaction } from "../../domain/messages/set-reaction.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse, textParam } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function messageRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.patch("/api/messages/:messageId", (request) => {
    const { content } = parse(editBody, request.body);
    return editMessage(context, sessionOf(request), { messageId: idParam(request, "messageId"), content });
  });
  app.delete("/api/messages/:messageId", async (request, reply) => {
    await deleteMessage(context, sessionOf(request), { messageId: idParam(request, "messageId") });
    return reply.code(204).send();
  });

  const react = (on: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
    const messageId = idParam(request, "messageId");
    await setReaction(context, sessionOf(request), { messageId, emoji: parse(emoji, textParam(request, "emoji")), on });
    return reply.code(204).send();
  };
  app.put("/api/messages/:messageId/reactions/:emoji", react(true));
  app.delete("/api/messages/:messageId/reactions/:emoji", react(false));
}
