import { bulkDeleteBody, historyQuery, messageAtQuery, readBody, sendBody } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { deleteManyMessages } from "../../domain/messages/delete-many.ts";
import { history, messageAt } from "../../domain/messages/history.ts";
import { markRead } from "../../domain/messages/mark-read.ts";
import { listPins, setPin } from "../../domain/messages/pins.ts";
import { sendMessage } from "../../domain/messages/send-message.ts";
import type { AnswerBudget } from "../answer-budget.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function channelRoutes(app: FastifyInstance, { context }: HttpOptions, answers: AnswerBudget): void {
  app.get("/api/channels/:channelId/messages", (request) => {
    const [actor, channelId] = [sessionOf(request), idParam(request, "channelId")];
    const page = parse(historyQuery, request.query);
    return answers.inTurn(actor.userId, () => history(context, actor, channelId, page));
  });
  app.get("/api/channels/:channelId/message-at", (request) => {
    const { time } = parse(messageAtQuery, request.query);
    return messageAt(context, sessionOf(request), { channelId: idParam(request, "channelId"), time });
  });
  app.post("/api/channels/:channelId/messages", async (request, reply) => {
    const { content, nonce, reply_to_id, attachments, poll, sticker_id: stickerId } = parse(sendBody, request.body);
    const channelId = idParam(request, "channelId");
    const input = { channelId, content, nonce, replyToId: reply_to_id, attachments, poll, stickerId };
    const { message } = await sendMessage(context, sessionOf(request), input);
    return reply.code(201).send(message);
  });

  app.post("/api/channels/:channelId/messages/bulk-delete", async (request, reply) => {
    const { message_ids: messageIds } = parse(bulkDeleteBody, request.body);
    await deleteManyMessages(context, sessionOf(request), { channelId: idParam(request, "channelId"), messageIds });
    return reply.code(204).send();
  });

  app.get("/api/channels/:channelId/pins", (request) => {
    const [actor, channelId] = [sessionOf(request), idParam(request, "channelId")];
    return answers.inTurn(actor.userId, () => listPins(context, actor, channelId));
  });
  const pin = (on: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
    const ids = { channelId: idParam(request, "channelId"), messageId: idParam(request, "messageId") };
    await setPin(context, sessionOf(request), { ...ids, on });
    return reply.code(204).send();
  };
  app.put("/api/channels/:channelId/pins/:messageId", pin(true));
  app.delete("/api/channels/:channelId/pins/:messageId", pin(false));

  app.put("/api/channels/:channelId/read", async (request, reply) => {
    const channelId = idParam(request, "channelId");
    await markRead(context, sessionOf(request), { channelId, ...parse(readBody, request.body) });
    return reply.code(204).send();
  });
}
