import type { FastifyInstance, FastifyRequest } from "fastify";
import { AppError } from "../errors.ts";
import type { HttpOptions } from "./options.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** The route serves users only: requests count as anonymous when they are refused before it is known whose they are. */
    authenticates?: true;
  }
  interface FastifyRequest {
    /** It belongs to a user, or a webhook, with a rate of their own, or has counted for its address already. */
    isCounted: boolean;
  }
}

type Options = Pick<HttpOptions, "anonymous" | "addressOf">;

/**
 * Limits the requests of an address that belong to no user, who would have a rate of their own. Requests to routes that
 * authenticate count when that fails, so that users are served whoever else sends from their address; all others count
 * when they arrive, whatever they bring along.
 */
export function limitAnonymous(app: FastifyInstance, options: Options): void {
  app.decorateRequest("isCounted", false);
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

/** Waits until it is known whose the request is: from then on refusals are a matter between the route and them. */
export async function known<Who>(request: FastifyRequest, who: Promise<Who>): Promise<Who> {
  const found = await who;
  request.isCounted = true;
  return found;
}

/**
 * The answer to a request that was refused: `rate_limited` in its place when its address has sent too many that belong to
 * nobody, be it for a wrong token, or for what is looked at before any.
 */
export function limitRefused(request: FastifyRequest, refusal: AppError, options: Options): AppError {
  const isOurs = refusal.status >= 500 || refusal.code === "rate_limited";
  if (isOurs || !authenticates(request)) return refusal;
  if (request.isCounted && refusal.code !== "unauthorized") return refusal;
  return refusalOf(request, options) ?? refusal;
}

/** Counts a request of nobody who is known to a route that authenticates, and serves others too. Throws `rate_limited`. */
export function limitRequest(request: FastifyRequest, options: Options): void {
  request.isCounted = true;
  const refusal = refusalOf(request, options);
  if (refusal) throw refusal;
}

function authenticates(request: FastifyRequest): boolean {
  return request.routeOptions.config?.authenticates === true;
}

/** Counts the request; `rate_limited` when its address has sent too many. */
export function refusalOf(request: FastifyRequest, { anonymous, addressOf }: Options): AppError | null {
  const retryAfterMs = anonymous.take(addressOf(request.raw).limitKey);
  if (retryAfterMs === 0) return null;
  return new AppError("rate_limited", "Too many requests from this address. Try again later.", { retryAfterMs });
}
