import type { ProviderOutcome, ProviderRedirect, RegistrationAnswer } from "@miscord/protocol";
import { providerPurposeBody, providerRegisterBody } from "@miscord/protocol/schemas";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { confirmByProvider, linkIdentity, unlinkIdentity } from "../../domain/accounts/identities.ts";
import { finishVisit, registerByProvider } from "../../domain/accounts/provider-login.ts";
import { beginVisit, endVisit, visitMs } from "../../domain/accounts/provider-visits.ts";
import { AppError } from "../../errors.ts";
import { clearVisitCookie, requireOwnOrigin, setLoginCookies, setVisitCookie, visitCookie } from "../cookies.ts";
import type { HttpOptions } from "../options.ts";
import { parse, textParam } from "../parse.ts";
import { sessionOf } from "../session.ts";
import { deviceOf } from "./auth.ts";

/** The page of the web client to which a browser comes back, and no other, whatever the provider sends. */
const landing = "/continue";

/** Logging in through a provider. Each route is rate limited or needs the secret of the browser's cookie. */
export async function openProviderRoutes(app: FastifyInstance, options: HttpOptions): Promise<void> {
  const { context, config, addressOf } = options;
  app.addHook("onRequest", async (request) => requireOwnOrigin(request, options));

  app.post("/api/auth/providers/:provider", async (request, reply): Promise<ProviderRedirect> => {
    const { url, browser } = await beginVisit(context, {
      provider: textParam(request, "provider"),
      purpose: "login",
      authentication: null,
      limitKey: addressOf(request.raw).limitKey,
      redirectUri: redirectUri(request, options),
    });
    setVisitCookie(request, reply, browser, { publicUrl: config.publicUrl, maxAgeMs: visitMs });
    return { url };
  });

  app.get("/api/auth/providers/:provider/callback", async (request, reply) => {
    const { search } = new URL(request.url, "http://localhost");
    const provider = textParam(request, "provider");
    const ended = await endVisit(context, { provider, browser: request.cookies[visitCookie], search });
    if ("problem" in ended) return reply.redirect(`${landing}?problem=${ended.problem}&provider=${provider}`, 303);
    setVisitCookie(request, reply, ended.proof, { publicUrl: config.publicUrl, maxAgeMs: visitMs });
    return reply.redirect(landing, 303);
  });

  app.post("/api/auth/visit/finish", async (request, reply): Promise<ProviderOutcome> => {
    const outcome = await finishVisit(context, request.cookies[visitCookie], deviceOf(request, options));
    if ("newcomer" in outcome) return outcome.newcomer;
    if ("purpose" in outcome) {
      return { status: outcome.purpose, provider: outcome.provider, provider_name: outcome.name };
    }
    clearVisitCookie(reply);
    setLoginCookies(request, reply, outcome.login, config.publicUrl);
    return outcome.login.credentials;
  });

  app.post("/api/auth/visit/register", async (request, reply) => {
    const login = await registerByProvider(context, {
      proof: request.cookies[visitCookie],
      body: parse(providerRegisterBody, request.body),
      device: deviceOf(request, options),
      limitKey: addressOf(request.raw).limitKey,
    });
    clearVisitCookie(reply);
    if (!login) return reply.code(202).send({ status: "waiting" } satisfies RegistrationAnswer);
    setLoginCookies(request, reply, login, config.publicUrl);
    return reply.code(201).send(login.credentials);
  });
}

/** Providers of the authenticated user's account. */
export function providerRoutes(app: FastifyInstance, options: HttpOptions): void {
  const { context, config, addressOf } = options;

  app.post("/api/auth/providers/:provider/visit", async (request, reply): Promise<ProviderRedirect> => {
    requireOwnOrigin(request, options);
    const { url, browser } = await beginVisit(context, {
      provider: textParam(request, "provider"),
      purpose: parse(providerPurposeBody, request.body).purpose,
      authentication: sessionOf(request),
      limitKey: addressOf(request.raw).limitKey,
      redirectUri: redirectUri(request, options),
    });
    setVisitCookie(request, reply, browser, { publicUrl: config.publicUrl, maxAgeMs: visitMs });
    return { url };
  });
  app.post("/api/auth/visit/link", async (request, reply) => {
    requireOwnOrigin(request, options);
    await linkIdentity(context, sessionOf(request), request.cookies[visitCookie]);
    clearVisitCookie(reply);
    return reply.code(204).send();
  });
  app.post("/api/auth/visit/confirm", async (request, reply) => {
    requireOwnOrigin(request, options);
    await confirmByProvider(context, sessionOf(request), request.cookies[visitCookie]);
    clearVisitCookie(reply);
    return reply.code(204).send();
  });
  app.delete<{ Params: { id: string } }>("/api/auth/identities/:id", async (request, reply) => {
    await unlinkIdentity(context, sessionOf(request), request.params.id);
    return reply.code(204).send();
  });
}

/** Of the public address, never of a header: it is what the operator wrote down at the provider. */
function redirectUri(request: FastifyRequest, { config }: HttpOptions): string {
  if (config.publicUrl === undefined) throw new AppError("not_found", "There is no such login provider.");
  return `${config.publicUrl}/api/auth/providers/${textParam(request, "provider")}/callback`;
}
