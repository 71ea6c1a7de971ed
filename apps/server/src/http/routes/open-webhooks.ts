import formbody from "@fastify/formbody";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  deleteWebhookMessage,
  editWebhookMessage,
  executeWebhook,
  webhookMessage,
  webhookOf,
} from "../../domain/webhooks/execute.ts";
import { deleteByToken, renameByToken } from "../../domain/webhooks/by-token.ts";
import { allowedMentionsOf, withNames } from "../../domain/webhooks/mentions.ts";
import { AppError } from "../../errors.ts";
import type { WebhookRow } from "../../store/webhook-tables.ts";
import { known, routesAuthenticate } from "../anonymous-rate.ts";
import type { BodyDeadlines } from "../body-deadlines.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse, textParam } from "../parse.ts";
import { createRefusalHandler } from "../refusals.ts";
import { isLate } from "../session.ts";
import { editBody, executeBody, ownPatch, webhookQuery } from "../webhooks/discord-body.ts";
import { sendDiscordError } from "../webhooks/discord-errors.ts";
import { discordMessage, discordWebhook } from "../webhooks/discord-message.ts";
import { fromGitHub } from "../webhooks/github.ts";
import { dropFiles, formBytes, receiveBody } from "../webhooks/receive-form.ts";
import { fromSlack } from "../webhooks/slack.ts";
import { WebhookPace } from "../webhooks/webhook-pace.ts";

/** Discord's versions of its API: only the host of an address needs to be changed. */
const prefixes = ["/api", "/api/v6", "/api/v7", "/api/v8", "/api/v9", "/api/v10"];
/** GitHub sends all that it knows of a repository along: some tens of kilobytes, more for a push of hundreds of commits. */
const githubBytes = 1024 * 1024;

declare module "fastify" {
  interface FastifyRequest {
    /** Of the address that was called; null on other routes. */
    webhook: WebhookRow | null;
  }
}

/** For programs that hold a webhook's token; what they send, and what they are answered, is Discord's. */
export async function openWebhookRoutes(
  app: FastifyInstance,
  options: HttpOptions,
  deadlines: BodyDeadlines,
): Promise<void> {
  routesAuthenticate(app);
  app.decorateRequest("webhook", null);
  await app.register(formbody, { bodyLimit: formBytes });
  app.setErrorHandler(createRefusalHandler(options, sendDiscordError));
  const pace = new WebhookPace(options.context);
  for (const prefix of prefixes) {
    await app.register(async (routes) => addRoutes(routes, options, { pace, deadlines }), { prefix });
  }
}

interface Parts {
  pace: WebhookPace;
  deadlines: BodyDeadlines;
}

function addLookUps(
  app: FastifyInstance,
  webhookAt: (request: FastifyRequest) => Promise<WebhookRow>,
  pace: WebhookPace,
) {
  // Before the body is read: nobody without the token makes the server keep and parse one.
  app.addHook("onRequest", async (request, reply) => {
    request.webhook = await known(request, webhookAt(request));
    await pace.spend(request.webhook, reply, parsedBytes(request));
  });
  app.addHook("preHandler", async (request, reply) => {
    if (isLate(reply)) request.webhook = await webhookAt(request);
  });
}

function addRoutes(app: FastifyInstance, options: HttpOptions, { pace, deadlines }: Parts): void {
  const { context, config } = options;
  const path = "/webhooks/:webhookId/:token";
  const origin = (request: FastifyRequest) => config.publicUrl ?? `${request.protocol}://${request.host}`;
  const webhookAt = (request: FastifyRequest) =>
    webhookOf(context, idParam(request, "webhookId"), textParam(request, "token"));
  addLookUps(app, webhookAt, pace);

  const execute = async (request: FastifyRequest, reply: FastifyReply, begun: WebhookRow, input: Input) => {
    // Files are read by the route: the token may have been replaced meanwhile.
    const webhook = isLate(reply) ? await webhookAt(request) : begun;
    const { wait, thread_id: threadId } = parse(webhookQuery, request.query);
    const sent = { ...(await messageIn(context, webhook, input.body)), threadId, attachmentIds: input.attachmentIds };
    const message = await executeWebhook(context, webhook, sent);
    if (!wait) return reply.code(204).send();
    return reply.send(discordMessage(message, origin(request)));
  };

  // These services send no files; what comes all the same would take up room of whoever made the webhook.
  const bodyAlone = async (request: FastifyRequest, webhook: WebhookRow) => {
    const { body, attachmentIds } = await receiveBody(request, webhook, options, deadlines);
    await dropFiles(context, webhook, attachmentIds);
    return body;
  };

  // Forms with files are no bodies in this sense: they are read as they arrive, by their own limits.
  app.post(path, { bodyLimit: formBytes }, async (request, reply) => {
    const webhook = webhookIn(request);
    const received = await receiveBody(request, webhook, options, deadlines);
    try {
      return await execute(request, reply, webhook, received);
    } catch (error) {
      await dropFiles(context, webhook, received.attachmentIds);
      throw error;
    }
  });
  app.post(`${path}/slack`, { bodyLimit: formBytes }, async (request, reply) => {
    const webhook = webhookIn(request);
    const body = await bodyAlone(request, webhook);
    return execute(request, reply, webhook, { body: read(() => fromSlack(body)), attachmentIds: [] });
  });
  app.post(`${path}/github`, { bodyLimit: githubBytes }, async (request, reply) => {
    const webhook = webhookIn(request);
    const body = await bodyAlone(request, webhook);
    const event = String(request.headers["x-github-event"] ?? "");
    const embed = read(() => fromGitHub(event, body));
    if (!embed) return reply.code(204).send();
    return execute(request, reply, webhook, { body: { embeds: [embed] }, attachmentIds: [] });
  });

  app.get(path, async (request) => discordWebhook(webhookIn(request)));
  app.patch(path, async (request) =>
    discordWebhook(await renameByToken(context, webhookIn(request), parse(ownPatch, request.body).name)),
  );
  app.delete(path, async (request, reply) => {
    await deleteByToken(context, webhookIn(request));
    return reply.code(204).send();
  });
  addMessageRoutes(app, options, { path: `${path}/messages/:messageId`, origin });
}

/** What a body in Discord's shape says. A poll's question is the text of its message here. */
async function messageIn(context: HttpOptions["context"], webhook: WebhookRow, given: unknown) {
  const body = parse(executeBody, given);
  const { content, username: name, avatar_url: avatarUrl, embeds = [], poll, flags: isWithoutPreviews } = body;
  const allowed = await allowedMentionsOf(context, webhook, body.allowed_mentions);
  const text = [content, poll?.question].filter(Boolean).join("\n");
  return {
    content: await withNames(context, webhook, text),
    name,
    avatarUrl,
    embeds,
    poll,
    isWithoutPreviews,
    allowed,
  };
}

/** Forms with files are read in pieces. What announces nothing may be as long as the route allows. */
function parsedBytes({ headers, routeOptions }: FastifyRequest): number {
  if (headers["content-type"]?.startsWith("multipart/")) return 0;
  return Number(headers["content-length"] ?? (headers["transfer-encoding"] === undefined ? 0 : routeOptions.bodyLimit));
}

interface Input {
  body: unknown;
  attachmentIds: readonly number[];
}

interface OfRoute {
  path: string;
  origin: (request: FastifyRequest) => string;
}

function addMessageRoutes(app: FastifyInstance, { context }: HttpOptions, { path, origin }: OfRoute): void {
  app.get(path, async (request) => {
    const message = await webhookMessage(context, webhookIn(request), idParam(request, "messageId"));
    return discordMessage(message, origin(request));
  });
  app.patch(path, async (request) => {
    const webhook = webhookIn(request);
    const { content, embeds, allowed_mentions: mentions } = parse(editBody, request.body);
    const change = {
      ...(content !== undefined && { content: await withNames(context, webhook, content ?? "") }),
      ...(embeds !== undefined && { embeds: embeds ?? [] }),
      allowed: await allowedMentionsOf(context, webhook, mentions),
    };
    const message = await editWebhookMessage(context, webhook, idParam(request, "messageId"), change);
    return discordMessage(message, origin(request));
  });
  app.delete(path, async (request, reply) => {
    await deleteWebhookMessage(context, webhookIn(request), idParam(request, "messageId"));
    return reply.code(204).send();
  });
}

function webhookIn({ webhook }: FastifyRequest): WebhookRow {
  if (!webhook) throw new Error("A route of webhooks without its hook.");
  return webhook;
}

/** Bodies of other services are read as they come; one of another shape is the sender's mistake. */
function read<Value>(from: () => Value): Value {
  try {
    return from();
  } catch (cause) {
    throw new AppError("invalid_request", "The body is not what this service sends.", { cause });
  }
}
