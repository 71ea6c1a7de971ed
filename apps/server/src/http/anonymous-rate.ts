import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../errors.ts";
import type { HttpOptions } from "./options.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route serves users only: requests count as anonymous when their authentication fails. */
    authenticates?: true;
  }
}

type Options = Pick<HttpOptions, "anonymous" | "addressOf">;

/**
 * Limits the requests of an address that belong to no user, who would have a rate of their own. Requests to routes that
 * authenticate count when that fails, so that users are served whoever else sends from their address; all others count
 * when they arrive, whatever they bring along.
 */
export function limitAnonymous(app: FastifyInstance, options: Options): void {
  app.addHook("onRequest", async (request, reply) => {
    const refusal = authenticates(request) ? null : refusalOf(request, options);
    if (!refusal) return;
    reply.header("connection", "close");
    throw refusal;
  });
}

/** All routes that are added to this scope from now on authenticate. */
export function routesAuthenticate(scope: FastifyInstance): void {
  scope.addHook("onRoute", (route) => {
    route.config = { ...route.config, authenticates: true };
  });
}

/** The answer to a request that failed: `rate_limited` in place of `unauthorized` when its address has sent too many. */
export function limitFailedLogin(request: FastifyRequest, refusal: AppError, options: Options): AppError {
  if (refusal.code !== "unauthorized" || !authenticates(request)) return refusal;
  return refusalOf(request, options) ?? refusal;
}

/** Counts a request of nobody who is known to a route that authenticates, and serves others too. Throws `rate_limited`. */
export function limitRequest(request: FastifyRequest, options: Options): void {
  const refusal = refusalOf(request, options);
  if (refusal) throw refusal;
}

function authenticates(request: FastifyRequest): boolean {
  return request.routeOptions.config?.authenticates === true;
}

function refusalOf(request: FastifyRequest, { anonymous, addressOf }: Options): AppError | null {
  const retryAfterMs = anonymous.take(addressOf(request.raw).limitKey);
  if (retryAfterMs === 0) return null;
  return new AppError("rate_limited", "Too many requests from this address. Try again later.", { retryAfterMs });
}
