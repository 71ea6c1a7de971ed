import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isLoopbackHost } from "../../client-address.ts";
import { AppError } from "../../errors.ts";
import type { HttpOptions } from "../options.ts";
import { bearerOf } from "../session.ts";

/**
 * Health and metrics. The status is public, for load balancers and supervisors; single checks and metrics need a
 * request from this machine or the metrics token.
 */
export function monitoringRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { monitoring } = options;
  app.get("/health/live", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "alive" };
  });

  app.get("/health", async (request, reply) => {
    const { status, checks } = await monitoring.health();
    reply.header("cache-control", "no-store").code(status === "healthy" ? 200 : 503);
    return { status, checks: isTrusted(request, options) ? checks : {} };
  });

  app.get("/metrics", async (request, reply) => {
    if (!isTrusted(request, options)) throw new AppError("forbidden", "Metrics are for the operator.");
    reply.header("cache-control", "no-store");
    if (!wantsPrometheus(request)) return monitoring.metrics();
    const { contentType, text } = await monitoring.prometheus();
    return reply.type(contentType).send(text);
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
