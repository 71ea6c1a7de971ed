import { friendBody } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as relationships from "../../domain/private/relationships.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

export function relationshipRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  const change = (act: typeof relationships.block) => async (request: FastifyRequest, reply: FastifyReply) => {
    await act(context, sessionOf(request), idParam(request, "userId"));
    return reply.code(204).send();
  };
  app.post("/api/me/friends", (request) =>
    relationships.addFriendNamed(context, sessionOf(request), parse(friendBody, request.body).username),
  );
  app.put("/api/me/friends/:userId", change(relationships.addFriend));
  app.delete("/api/me/friends/:userId", change(relationships.removeFriend));
  app.put("/api/me/blocks/:userId", change(relationships.block));
  app.delete("/api/me/blocks/:userId", change(relationships.unblock));
}
