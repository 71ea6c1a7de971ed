import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler, preHandlerAsyncHookHandler } from "fastify";
import { authenticate } from "../domain/accounts/authenticate.ts";
import { RefusedTokens } from "../domain/accounts/refused-tokens.ts";
import type { DomainContext, Authentication } from "../domain/context.ts";
import { requireTokens } from "../concurrency/token-buckets.ts";
import { AppError } from "../errors.ts";
import { known } from "./anonymous-rate.ts";
import { requirePerson } from "./bot-routes.ts";
import type { AnswerBudget } from "./answer-budget.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The authentication of the request; null on public routes. */
    session: Authentication | null;
  }
}

/** The authentication of a request on a route behind `requireSession`. */
export function sessionOf(request: FastifyRequest): Authentication {
  if (!request.session) throw unauthorized();
  return request.session;
}

/** Hook for groups of routes that need authentication. Cookies do not count, which rules out cross-site requests. */
export function requireSession(context: DomainContext, answers: AnswerBudget): onRequestAsyncHookHandler {
  const refused = new RefusedTokens(context.clock, { patience: 0 });
  return async (request) => {
    const token = bearerOf(request);
    if (token === undefined) throw unauthorized();
    requireTokens(refused.waitMs(token));
    request.session = await known(request, authenticate(context, token));
    const { userId } = request.session;
    requirePerson(request, request.session);
    try {
      await context.rates.requests.spend(userId);
      answers.require(userId);
    } catch (refusal) {
      if (refusal instanceof AppError) refused.note(token, refusal.retryAfterMs ?? 0);
      throw refusal;
    }
  };
}

/** Milliseconds after which a request may be of somebody who has lost the right to it while its body arrived. */
const lateMs = 1_000;

/** Whether the body took so long to arrive that who sends it is to be asked for again. */
export function isLate({ elapsedTime }: FastifyReply): boolean {
  return elapsedTime >= lateMs;
}

/**
 * Hook for the same groups, once the body is there: it may take half a minute, or an upload half an hour, and the session may have
 * been revoked meanwhile.
 */
export function requireSessionStill(context: DomainContext): preHandlerAsyncHookHandler {
  return async (request, reply) => {
    if (!isLate(reply)) return;
    const token = bearerOf(request);
    if (token === undefined) throw unauthorized();
    request.session = await authenticate(context, token);
  };
}

export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +([^\s]{1,4096})$/i.exec(request.headers.authorization ?? "")?.[1];
}

function unauthorized(): AppError {
  return new AppError("unauthorized", "You are not logged in.");
}
