import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import cors from "@fastify/cors";
import multipart from "@fastify/multipart";
import Fastify, { type FastifyInstance } from "fastify";
import { createProxyCheck } from "../client-address.ts";
import { AppError } from "../errors.ts";
import { AddressLimits } from "./address-limits.ts";
import { AnswerBudget } from "./answer-budget.ts";
import { AnswersUnderWay } from "./answers-under-way.ts";
import { limitAnonymous, routesAuthenticate } from "./anonymous-rate.ts";
import { BodyDeadlines } from "./body-deadlines.ts";
import { withFileLinks } from "../domain/attachments/file-links.ts";
import { withWebhookText } from "../domain/webhooks/for-version-1.ts";
import { limitParts } from "./form-parts.ts";
import { leaveBodiesOfHeadUnread } from "./head.ts";
import { isTooDeep } from "../json-depth.ts";
import type { HttpOptions } from "./options.ts";
import { limitReads } from "./limit-reads.ts";
import { createRefusalHandler, createUnroutableHandler, refuseUnparsed } from "./refusals.ts";
import { accountSecurityRoutes, openRecoveryRoutes } from "./routes/account-security.ts";
import { attachmentRoutes, openAttachmentRoutes } from "./routes/attachments.ts";
import { authRoutes, openAuthRoutes } from "./routes/auth.ts";
import { automodRoutes } from "./routes/automod.ts";
import { banRoutes } from "./routes/bans.ts";
import { botRoutes, openBotRoutes } from "./routes/bots.ts";
import { channelRoutes } from "./routes/channels.ts";
import { threadRoutes } from "./routes/threads.ts";
import { instanceRoutes } from "./routes/instance.ts";
import { discoveryRoutes } from "./routes/discovery.ts";
import { draftRoutes } from "./routes/drafts.ts";
import { dmRoutes } from "./routes/dms.ts";
import { emojiRoutes, openEmojiRoutes } from "./routes/emojis.ts";
import { gifRoutes, openGifRoutes } from "./routes/gifs.ts";
import { openSoundRoutes, soundRoutes } from "./routes/sounds.ts";
import { authorClaimRoutes } from "./routes/author-claims.ts";
import { importRoutes } from "./routes/imports.ts";
import { inviteRoutes, openInviteRoutes } from "./routes/invites.ts";
import { mailRoutes, openMailRoutes } from "./routes/mail.ts";
import { memberRoutes } from "./routes/members.ts";
import { messageRoutes } from "./routes/messages.ts";
import { monitorRoutes } from "./routes/monitor.ts";
import { PictureBodies } from "./picture-body.ts";
import { monitoringRoutes } from "./routes/monitoring.ts";
import { notificationRoutes } from "./routes/notifications.ts";
import { openExportRoutes, personalDataRoutes } from "./routes/personal-data.ts";
import { onboardingRoutes } from "./routes/onboarding.ts";
import { ownPictureRoutes } from "./routes/own-pictures.ts";
import { pictureRoutes } from "./routes/pictures.ts";
import { openPushRoutes, pushRoutes } from "./routes/push.ts";
import { openProviderRoutes, providerRoutes } from "./routes/providers.ts";
import { relationshipRoutes } from "./routes/relationships.ts";
import { instanceAdminRoutes } from "./routes/instance-admin.ts";
import { instanceAccountRoutes } from "./routes/instance-accounts.ts";
import { reportRoutes } from "./routes/reports.ts";
import { retentionRoutes } from "./routes/retention.ts";
import { roleRoutes } from "./routes/roles.ts";
import { savedRoutes } from "./routes/saved.ts";
import { scheduledRoutes } from "./routes/scheduled.ts";
import { searchRoutes } from "./routes/search.ts";
import { serverRoutes } from "./routes/servers.ts";
import { voiceRoutes } from "./routes/voice.ts";
import { openWebhookRoutes } from "./routes/open-webhooks.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { requireSession, requireSessionStill } from "./session.ts";
import { UnreadFiles } from "./unread-files.ts";
import { serveWebClient } from "./web-client.ts";

/** Bytes. The longest message fits with every character escaped; uploads have a limit of their own. */
const bodyLimit = 64 * 1024;
/**
 * Of every form, besides its file: the library reads fields into memory, and parses those that call themselves JSON, before a
 * route sees anything of them.
 */
const formLimits = { files: 1, fields: 10, parts: 11, fieldSize: 2_048, fieldNameSize: 100, headerPairs: 20 };
/** Allows the upload of a large file over a slow connection. */
const requestTimeoutMs = 1_800_000;

/**
 * A connection on which nothing moves for this many times the deadline of a body is closed: a client that does not read
 * its answer would hold a file and a socket for ever. Longer than any request waits for its turn.
 */
const idlePeriods = 4;

/** Characters of the header of a preflight that the library repeats. A front takes an answer with a head of some kilobytes for a node's fault. */
const repeatedHeader = { name: "access-control-request-headers", most: 1_024 };

/** What is worth compressing. Said here, the library's list of all types in the world, a megabyte, is not needed. */
const compressible = /^text\/(?!event-stream)|^application\/(?:javascript|wasm)\b|[+/](?:json|xml)(?:;|$)/;

/** Zod checks what comes in: fastify's compilers of schemas, which take two megabytes, are not loaded. */
const noSchemas = () => {
  throw new Error("Routes have no schemas of fastify's.");
};

/** Creates the HTTP server with all routes. It does not listen yet. */
export async function createHttpServer(options: HttpOptions): Promise<FastifyInstance> {
  const { config } = options;
  const { bodyTimeoutMs } = config;
  const app = Fastify({
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: idlePeriods * bodyTimeoutMs,
    http: { headersTimeout: bodyTimeoutMs, connectionsCheckingInterval: Math.min(5_000, bodyTimeoutMs) },
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    // The ids of passkeys are the longest.
    routerOptions: { maxParamLength: 1_400 },
    clientErrorHandler: refuseUnparsed,
    frameworkErrors: createUnroutableHandler(options),
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  app.setErrorHandler(createRefusalHandler(options));
  app.decorateRequest("session", null);
  limitAddresses(app, options);
  limitAnonymous(app, options);
  const deadlines = new BodyDeadlines(bodyTimeoutMs);
  deadlines.watch(app.server);
  logRequests(app, options);
  leaveBodiesOfHeadUnread(app);
  new UnreadFiles().watch(app);
  await addSecurityHeaders(app, config, () => options.context.voice.listRegions());
  acceptJson(app);
  refuseLongPreflights(app);
  await app.register(cors, {
    origin: config.corsOrigins.includes("*") ? "*" : [...config.corsOrigins],
    credentials: !config.corsOrigins.includes("*"),
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposedHeaders: ["retry-after"],
    maxAge: 600,
  });
  await app.register(cookie);
  await app.register(compress, {
    globalDecompression: false,
    threshold: 1_024,
    encodings: ["gzip"],
    customTypes: compressible,
  });
  await app.register(multipart, { limits: formLimits });
  limitParts(app);
  await app.register((api) => addApi(api, options, deadlines));
  monitoringRoutes(app, options);
  await serveWebClient(app, options.webRoot);
  await app.ready();
  limitReads(app.server);
  return app;
}

/**
 * A JSON body of no bytes counts as no body. Many HTTP clients name the content type of every POST, and fastify's own
 * parser refuses such a request before its route sees it.
 */
function acceptJson(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, body, done) => {
    const text = body.toString();
    if (text.trim() === "") done(null, undefined);
    else if (isTooDeep(body)) done(new AppError("malformed", "The JSON is nested too deeply."));
    else void parseJson(request, text, done);
  });
}

function refuseLongPreflights(app: FastifyInstance): void {
  app.addHook("onRequest", async ({ headers }) => {
    const { length } = headers[repeatedHeader.name] ?? "";
    if (length > repeatedHeader.most) throw new AppError("too_large", "The request is too large.");
  });
}

async function addApi(api: FastifyInstance, options: HttpOptions, deadlines: BodyDeadlines): Promise<void> {
  api.addHook("onRequest", async (_request, reply) => {
    reply.header("cache-control", "no-store");
  });
  countRequests(api, options);
  for (const add of [
    instanceRoutes,
    openAuthRoutes,
    openRecoveryRoutes,
    openMailRoutes,
    openProviderRoutes,
    openInviteRoutes,
    openPushRoutes,
    openBotRoutes,
  ]) {
    await api.register(async (open) => add(open, options));
  }
  await api.register(async (files) => {
    routesAuthenticate(files);
    openAttachmentRoutes(files, options);
    openExportRoutes(files, options);
    pictureRoutes(files, options);
    openEmojiRoutes(files, options);
    openSoundRoutes(files, options);
    openGifRoutes(files, options);
  });
  await api.register((programs) => openWebhookRoutes(programs, options, deadlines));
  await api.register(async (closed) => {
    const { context } = options;
    const answers = new AnswerBudget(context.rates.requests.rate, context.clock);
    const underWay = new AnswersUnderWay();
    routesAuthenticate(closed);
    closed.addHook("onRequest", requireSession(context, answers));
    closed.addHook("preHandler", requireSessionStill(context));
    // Before it is compressed.
    closed.addHook("onSend", async ({ session, raw: request }, { raw: response }, payload) => {
      if (!session) return;
      answers.charge(session.userId, payload);
      underWay.add(session.userId, payload, { request, response });
    });
    closed.addHook("preSerialization", async ({ session }, _reply, payload) =>
      session?.isLegacy ? withWebhookText(withFileLinks(context.fileLinks, session.userId, payload)) : payload,
    );
    addClosedRoutes(closed, options, { answers, deadlines });
  });
}

/** The calls of those who are logged in. */
function addClosedRoutes(
  closed: FastifyInstance,
  options: HttpOptions,
  { answers, deadlines }: { answers: AnswerBudget; deadlines: BodyDeadlines },
): void {
  authRoutes(closed, options);
  personalDataRoutes(closed, options);
  accountSecurityRoutes(closed, options);
  mailRoutes(closed, options);
  providerRoutes(closed, options);
  serverRoutes(closed, options, answers);
  onboardingRoutes(closed, options);
  discoveryRoutes(closed, options);
  channelRoutes(closed, options, answers);
  threadRoutes(closed, options);
  memberRoutes(closed, options);
  roleRoutes(closed, options);
  voiceRoutes(closed, options);
  banRoutes(closed, options);
  retentionRoutes(closed, options);
  automodRoutes(closed, options);
  const pictures = new PictureBodies(deadlines);
  emojiRoutes(closed, options, pictures);
  soundRoutes(closed, options, pictures);
  webhookRoutes(closed, options);
  botRoutes(closed, options);
  inviteRoutes(closed, options);
  messageRoutes(closed, options);
  reportRoutes(closed, options);
  instanceAccountRoutes(closed, options);
  instanceAdminRoutes(closed, options);
  importRoutes(closed, options, deadlines);
  authorClaimRoutes(closed, options);
  dmRoutes(closed, options, answers);
  relationshipRoutes(closed, options);
  attachmentRoutes(closed, options, deadlines);
  notificationRoutes(closed, options);
  pushRoutes(closed, options);
  searchRoutes(closed, options);
  scheduledRoutes(closed, options);
  draftRoutes(closed, options);
  savedRoutes(closed, options, answers);
  gifRoutes(closed, options);
  monitorRoutes(closed, options);
  void closed.register(async (scope) => ownPictureRoutes(scope, options, pictures));
}

function limitAddresses(app: FastifyInstance, { config, addressOf }: HttpOptions): void {
  const limits = new AddressLimits(config, addressOf, createProxyCheck(config.trustedProxies));
  limits.watch(app.server);
  app.addHook("onRequest", async (request, reply) => {
    if (limits.take(request.raw, reply.raw)) return;
    reply.header("connection", "close");
    throw new AppError("rate_limited", "Too many requests from this address at once.", { retryAfterMs: 1_000 });
  });
}

function countRequests(api: FastifyInstance, { stats }: HttpOptions): void {
  api.addHook("onResponse", async (_request, { statusCode }) => {
    stats.requests += 1;
    if (statusCode >= 500) stats.failures += 1;
  });
}

/** Logs the route's pattern, never the URL, which may hold invite codes and tokens of webhooks. */
function logRequests(app: FastifyInstance, { logger }: HttpOptions): void {
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    const { statusCode: status, elapsedTime } = reply;
    logger.debug({ method, route: routeOptions.url, status, durationMs: Math.round(elapsedTime) }, "request");
  });
}
