import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { isLoopbackHost } from "../../client-address.ts";
import { AppError } from "../../errors.ts";
import type { NodeState } from "../../monitoring/readiness.ts";
import type { HttpOptions } from "../options.ts";
import { parse } from "../parse.ts";
import { bearerOf } from "../session.ts";

/** A node that drains answers 404: load balancers then send it no new clients and leave the present ones alone. */
const readyStatus: Readonly<Record<NodeState, number>> = { starting: 503, ready: 200, draining: 404, failed: 503 };

const shedBody = z.object({
  /** Of the sockets of this node, or of all workers behind its port. */
  share: z.number().gt(0).max(1),
});

/**
 * Health and metrics. The status is public, for load balancers and supervisors; single checks and metrics need a
 * request from this machine or the metrics token.
 */
export function monitoringRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { monitoring, operator, readiness } = options;
  app.get("/health/live", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "alive" };
  });

  app.get("/health", async (request, reply) => {
    const { status, checks } = await monitoring.health();
    const { id, name } = monitoring.node;
    reply.header("cache-control", "no-store").code(status === "healthy" ? 200 : 503);
    return isTrusted(request, options) ? { status, node: name, checks } : { status, node: id, checks: {} };
  });

  app.get("/health/ready", async (request, reply) => {
    // A load balancer asks itself. Whom it passes on must not be taken for one: a stop would not wait for it.
    const state = "x-forwarded-for" in request.headers ? readiness.state : readiness.ask();
    reply.header("cache-control", "no-store").code(readyStatus[state]);
    return { status: state };
  });

  app.get("/metrics", async (request, reply) => {
    if (!isTrusted(request, options)) throw new AppError("forbidden", "Metrics are for the operator.");
    reply.header("cache-control", "no-store");
    if (!wantsPrometheus(request)) return operator.metrics();
    const { contentType, text } = await monitoring.prometheus();
    return reply.type(contentType).send((await operator.workersText()) ?? text);
  });

  app.post("/admin/shed", async (request, reply) => {
    if (!hasToken(request, options)) throw new AppError("forbidden", "This is for the operator.");
    const { share } = parse(shedBody, request.body);
    const { sockets, withinMs } = await operator.shed(share);
    options.logger.info({ share, sockets }, "sockets are closed on demand");
    reply.header("cache-control", "no-store").code(202);
    return { sockets, within_ms: Math.round(withinMs) };
  });
}

/**
 * The operator: whoever holds METRICS_TOKEN or, on an instance without any setting that says it stands behind a front,
 * a program on this machine that asks for this machine by name. A front on the same machine that adds no header would
 * otherwise open this to everybody.
 */
function isTrusted(request: FastifyRequest, { addressOf, config }: HttpOptions): boolean {
  const { metricsToken, publicUrl, trustedProxies } = config;
  const { isLoopback, host } = addressOf(request.raw);
  const isAlone = metricsToken === undefined && publicUrl === undefined && trustedProxies.length === 0;
  if (isAlone && isLoopback && isLoopbackHost(host)) return true;
  return hasToken(request, { config });
}

function hasToken(request: FastifyRequest, { config: { metricsToken } }: Pick<HttpOptions, "config">): boolean {
  const given = bearerOf(request);
  return metricsToken !== undefined && given !== undefined && isSame(given, metricsToken);
}

/** Compares digests of equal length, so that the time of the comparison does not reveal the length of the token. */
function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a!, b!);
}

function wantsPrometheus(request: FastifyRequest): boolean {
  const { format } = request.query as { format?: unknown };
  const accept = request.headers.accept ?? "";
  return format === "prometheus" || /text\/plain|openmetrics/i.test(accept);
}
