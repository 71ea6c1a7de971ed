import { editBody, forwardBody, reactionEmoji, voteBody, votersQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { deleteMessage } from "../../domain/messages/delete-message.ts";
import { earlierTexts } from "../../domain/messages/earlier-texts.ts";
import { editMessage } from "../../domain/messages/edit-message.ts";
import { forwardMessage, forwardSource } from "../../domain/messages/forward-message.ts";
import { markUnread } from "../../domain/messages/mark-unread.ts";
import { closePoll, ownVote, vote, voters } from "../../domain/messages/polls.ts";
import { removePreviews } from "../../domain/previews/remove-previews.ts";
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

  app.delete("/api/messages/:messageId/previews", async (request, reply) => {
    await removePreviews(context, sessionOf(request), idParam(request, "messageId"));
    return reply.code(204).send();
  });

  const react = (on: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
    const messageId = idParam(request, "messageId");
    await setReaction(context, sessionOf(request), {
      messageId,
      emoji: parse(reactionEmoji, textParam(request, "emoji")),
      on,
    });
    return reply.code(204).send();
  };
  app.put("/api/messages/:messageId/reactions/:emoji", react(true));
  app.delete("/api/messages/:messageId/reactions/:emoji", react(false));
  pollRoutes(app, { context });

  app.get("/api/messages/:messageId/earlier-texts", (request) =>
    earlierTexts(context, sessionOf(request), idParam(request, "messageId")),
  );
  app.post("/api/messages/:messageId/forward", async (request, reply) => {
    const { channel_id: channelId, content, nonce } = parse(forwardBody, request.body);
    const input = { messageId: idParam(request, "messageId"), channelId, content, nonce };
    return reply.code(201).send(await forwardMessage(context, sessionOf(request), input));
  });
  app.get("/api/messages/:messageId/forward", (request) =>
    forwardSource(context, sessionOf(request), idParam(request, "messageId")),
  );
  app.post("/api/messages/:messageId/unread", async (request, reply) => {
    await markUnread(context, sessionOf(request), idParam(request, "messageId"));
    return reply.code(204).send();
  });
}

function pollRoutes(app: FastifyInstance, { context }: Pick<HttpOptions, "context">): void {
  app.get("/api/messages/:messageId/vote", (request) =>
    ownVote(context, sessionOf(request), idParam(request, "messageId")),
  );
  app.put("/api/messages/:messageId/vote", (request) => {
    const { answers } = parse(voteBody, request.body);
    return vote(context, sessionOf(request), { messageId: idParam(request, "messageId"), answers });
  });
  app.get("/api/messages/:messageId/voters", (request) => {
    const page = { messageId: idParam(request, "messageId"), ...parse(votersQuery, request.query) };
    return voters(context, sessionOf(request), page);
  });
  app.post("/api/messages/:messageId/poll/close", async (request, reply) => {
    await closePoll(context, sessionOf(request), idParam(request, "messageId"));
    return reply.code(204).send();
  });
}
