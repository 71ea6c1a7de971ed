import { channelPatch, postBody, postsQuery, threadBody, threadPatch, threadsQuery } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createPost } from "../../domain/posts/create-post.ts";
import { listPosts } from "../../domain/posts/list-posts.ts";
import { changeChannel } from "../../domain/servers/change-channel.ts";
import { deleteChannel } from "../../domain/servers/channels.ts";
import { changeThread, deleteThread, isThread } from "../../domain/threads/change-thread.ts";
import { createThread } from "../../domain/threads/create-thread.ts";
import { setFollowing } from "../../domain/threads/follow-thread.ts";
import { listThreads, thread } from "../../domain/threads/list-threads.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** Threads, and what a thread is changed by like any channel. */
export function threadRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/channels/:channelId", (request) => thread(context, sessionOf(request), idParam(request, "channelId")));
  app.patch("/api/channels/:channelId", async (request) => {
    const channelId = idParam(request, "channelId");
    return (await isThread(context, sessionOf(request), channelId))
      ? changeThread(context, sessionOf(request), channelId, parse(threadPatch, request.body))
      : changeChannel(context, sessionOf(request), channelId, parse(channelPatch, request.body));
  });
  app.delete("/api/channels/:channelId", async (request, reply) => {
    const channelId = idParam(request, "channelId");
    const remove = (await isThread(context, sessionOf(request), channelId)) ? deleteThread : deleteChannel;
    await remove(context, sessionOf(request), channelId);
    return reply.code(204).send();
  });

  app.get("/api/channels/:channelId/threads", (request) =>
    listThreads(context, sessionOf(request), idParam(request, "channelId"), parse(threadsQuery, request.query)),
  );
  app.post("/api/channels/:channelId/threads", async (request, reply) => {
    const body = parse(threadBody, request.body);
    const created = await createThread(context, sessionOf(request), idParam(request, "channelId"), body);
    return reply.code(201).send(created);
  });
  app.get("/api/channels/:channelId/posts", (request) =>
    listPosts(context, sessionOf(request), idParam(request, "channelId"), parse(postsQuery, request.query)),
  );
  app.post("/api/channels/:channelId/posts", async (request, reply) => {
    const body = parse(postBody, request.body);
    return reply.code(201).send(await createPost(context, sessionOf(request), idParam(request, "channelId"), body));
  });
  const follow = (on: boolean) => async (request: FastifyRequest, reply: FastifyReply) => {
    await setFollowing(context, sessionOf(request), idParam(request, "channelId"), on);
    return reply.code(204).send();
  };
  app.put("/api/channels/:channelId/follow", follow(true));
  app.delete("/api/channels/:channelId/follow", follow(false));
}
