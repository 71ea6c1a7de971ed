import type { FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import { authenticate } from "../domain/accounts/authenticate.ts";
import type { DomainContext, Authentication } from "../domain/context.ts";
import { AppError } from "../errors.ts";
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
  return async (request) => {
    const token = bearerOf(request);
    if (token === undefined) throw unauthorized();
    request.session = await authenticate(context, token);
    requirePerson(request, request.session);
    await context.rates.requests.spend(request.session.userId);
    answers.require(request.session.userId);
  };
}

export function bearerOf(request: FastifyRequest): string | undefined {
  return /^Bearer +([^\s]{1,4096})$/i.exec(request.headers.authorization ?? "")?.[1];
}

function unauthorized(): AppError {
  return new AppError("unauthorized", "You are not logged in.");
}
