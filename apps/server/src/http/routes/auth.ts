import type { RegistrationAnswer } from "@miscord/protocol";
import {
  claimBody,
  customStatusBody,
  formLoginBody,
  loginBody,
  passwordBody,
  profileBody,
  registerBody,
  statusBody,
} from "@miscord/protocol/schemas";
import formbody from "@fastify/formbody";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticate } from "../../domain/accounts/authenticate.ts";
import { changePassword } from "../../domain/accounts/change-password.ts";
import { claimInstance } from "../../domain/accounts/claim.ts";
import { logIn, logInByLink, logInWithPasskey } from "../../domain/accounts/log-in.ts";
import { changeProfile, me } from "../../domain/accounts/profile.ts";
import { logOut, refresh } from "../../domain/accounts/refresh.ts";
import { register } from "../../domain/accounts/register.ts";
import { finishLogIn } from "../../domain/accounts/second-factor.ts";
import {
  listSessions,
  revokeOwnSession,
  revokeSession,
  type Device,
  type Login,
} from "../../domain/accounts/sessions.ts";
import { viewProfile } from "../../domain/accounts/view-profile.ts";
import { AppError } from "../../errors.ts";
import { setCustomStatus, setStatus } from "../../domain/presence/set-status.ts";
import { clearLoginCookies, refreshCookie, requireOwnOrigin, setLoginCookies } from "../cookies.ts";
import type { HttpOptions } from "../options.ts";
import { idParam, parse, textParam } from "../parse.ts";
import { relyingParty } from "../relying-party.ts";
import { bearerOf, sessionOf } from "../session.ts";

const fieldLimits = { fields: 10, fieldSize: 2_048, files: 0, parts: 10 };

/**
 * Routes that start, continue and end sessions. They need no authentication, so each is rate limited or needs a secret.
 */
export async function openAuthRoutes(app: FastifyInstance, options: HttpOptions): Promise<void> {
  const { context, config, addressOf } = options;
  await app.register(formbody, { bodyLimit: 8_192 });
  // These routes set or read cookies.
  app.addHook("onRequest", async (request) => requireOwnOrigin(request, options));

  app.post("/api/auth/register", async (request, reply) => {
    const body = parse(registerBody, request.body);
    const { limitKey } = addressOf(request.raw);
    const login = await register(context, { ...body, limitKey, device: deviceOf(request, options) });
    if (!login) return reply.code(202).send({ status: "waiting" } satisfies RegistrationAnswer);
    setLoginCookies(request, reply, login, config.publicUrl);
    return reply.code(201).send(login.credentials);
  });

  app.post("/api/auth/login", async (request, reply) => {
    const login = await startLogIn(request, options);
    setLoginCookies(request, reply, login, config.publicUrl);
    return login.credentials;
  });

  app.post("/api/auth/refresh", { config: { authenticates: true } }, async (request, reply) => {
    const login = await refresh(context, request.cookies[refreshCookie], addressOf(request.raw));
    setLoginCookies(request, reply, login, config.publicUrl);
    return login.credentials;
  });

  app.post("/api/auth/logout", async (request, reply) => {
    clearLoginCookies(reply);
    const token = bearerOf(request);
    if (token !== undefined) await revokeSession(context, (await authenticate(context, token)).sessionId);
    else await logOut(context, request.cookies[refreshCookie]);
    return reply.code(204).send();
  });
}

async function startLogIn(request: FastifyRequest, options: HttpOptions): Promise<Login> {
  const { context, config, addressOf } = options;
  const { limitKey } = addressOf(request.raw);
  const device = deviceOf(request, options);
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    const form = parse(formLoginBody, request.isMultipart() ? await fieldsOf(request) : request.body);
    return logIn(context, { ...form, kind: "legacy", limitKey, device });
  }
  const body = parse(loginBody, request.body);
  if ("username" in body) return logIn(context, { ...body, kind: "web", limitKey, device });
  if ("link" in body) return logInByLink(context, { ...body, device, limitKey });
  const party = relyingParty(request, config.publicUrl);
  if ("ticket" in body) return finishLogIn(context, { ...body, device, limitKey, party });
  return logInWithPasskey(context, { ...body, party, device, limitKey });
}

/** Routes of the authenticated user's own account. */
export function authRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/auth/me", (request) => me(context, sessionOf(request)));
  app.patch("/api/auth/me", (request) => changeProfile(context, sessionOf(request), parse(profileBody, request.body)));
  app.put("/api/auth/me/status", async (request, reply) => {
    await setStatus(context, sessionOf(request), parse(statusBody, request.body));
    return reply.code(204).send();
  });

  app.put("/api/auth/me/custom-status", async (request, reply) => {
    await setCustomStatus(context, sessionOf(request), parse(customStatusBody, request.body));
    return reply.code(204).send();
  });
  app.delete("/api/auth/me/custom-status", async (request, reply) => {
    await setCustomStatus(context, sessionOf(request), null);
    return reply.code(204).send();
  });
  app.get("/api/users/:userId/profile", (request) =>
    viewProfile(context, sessionOf(request), idParam(request, "userId")),
  );

  app.post("/api/auth/password", async (request, reply) => {
    const body = parse(passwordBody, request.body);
    const passwords = { currentPassword: body.current_password, newPassword: body.new_password };
    await changePassword(context, sessionOf(request), passwords);
    return reply.code(204).send();
  });

  app.get("/api/auth/sessions", async (request) => ({
    sessions: await listSessions(context, sessionOf(request)),
  }));
  app.delete("/api/auth/sessions/:sessionId", async (request, reply) => {
    await revokeOwnSession(context, sessionOf(request), textParam(request, "sessionId"));
    return reply.code(204).send();
  });

  app.post("/api/admin/claim", (request) =>
    claimInstance(context, sessionOf(request), parse(claimBody, request.body).claim_token),
  );
}

export function deviceOf(request: FastifyRequest, { addressOf }: HttpOptions): Device {
  return { userAgent: request.headers["user-agent"] ?? "", address: addressOf(request.raw).address };
}

async function fieldsOf(request: FastifyRequest): Promise<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  try {
    for await (const part of request.parts({ limits: fieldLimits })) {
      if (part.type === "field") fields[part.fieldname] = part.value;
    }
  } catch (cause) {
    // Of what it cannot read the library gives errors without a status, which would be failures of this server.
    throw new AppError("malformed", "The form cannot be read.", { cause });
  }
  return fields;
}
