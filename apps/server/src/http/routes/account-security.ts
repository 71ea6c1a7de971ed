import {
  authenticatorCodeBody,
  confirmBody,
  passkeyBody,
  passkeyOptionsBody,
  recoverBody,
  resetBody,
  resetLinkBody,
} from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import { accountSecurity } from "../../domain/accounts/account-security.ts";
import {
  beginAuthenticatorSetup,
  finishAuthenticatorSetup,
  removeAuthenticator,
} from "../../domain/accounts/authenticator.ts";
import { confirm } from "../../domain/accounts/confirm.ts";
import {
  addPasskey,
  passkeyCreationOptions,
  passkeyRequestOptions,
  removePasskey,
} from "../../domain/accounts/passkeys.ts";
import { createResetLink, recoverAccount, resetPassword } from "../../domain/accounts/recover.ts";
import { renewRecoveryCodes } from "../../domain/accounts/recovery-codes.ts";
import { userOfTicket } from "../../domain/accounts/second-factor.ts";
import { requireOwnOrigin } from "../cookies.ts";
import type { HttpOptions } from "../options.ts";
import { parse } from "../parse.ts";
import { relyingParty } from "../relying-party.ts";
import { sessionOf } from "../session.ts";

/** Ways back in for people without a session. Each needs a secret and is rate limited. */
export async function openRecoveryRoutes(app: FastifyInstance, options: HttpOptions): Promise<void> {
  const { context, config, addressOf } = options;
  app.addHook("onRequest", async (request) => requireOwnOrigin(request, options));

  app.post("/api/auth/recover", async (request, reply) => {
    const body = parse(recoverBody, request.body);
    await recoverAccount(context, {
      username: body.username,
      recoveryCode: body.recovery_code,
      newPassword: body.new_password,
      limitKey: addressOf(request.raw).limitKey,
    });
    return reply.code(204).send();
  });

  app.post("/api/auth/reset", async (request) => {
    const body = parse(resetBody, request.body);
    const { limitKey } = addressOf(request.raw);
    return { username: await resetPassword(context, { token: body.token, newPassword: body.new_password, limitKey }) };
  });

  app.post("/api/auth/passkey-options", async (request) => {
    const { ticket } = parse(passkeyOptionsBody, request.body);
    await context.rates.logins.spend(addressOf(request.raw).limitKey);
    const userId = ticket === undefined ? null : (await userOfTicket(context, ticket)).id;
    return passkeyRequestOptions(context, relyingParty(request, config.publicUrl), userId);
  });
}

/** What protects the authenticated user's account. */
export function accountSecurityRoutes(app: FastifyInstance, { context, config }: HttpOptions): void {
  app.get("/api/auth/security", (request) =>
    accountSecurity(context, sessionOf(request), relyingParty(request, config.publicUrl)),
  );
  app.post("/api/auth/confirm", async (request, reply) => {
    const proof = parse(confirmBody, request.body);
    await confirm(context, sessionOf(request), proof, relyingParty(request, config.publicUrl));
    return reply.code(204).send();
  });
  app.post("/api/auth/recovery-codes", async (request, reply) =>
    reply.code(201).send({ recovery_codes: await renewRecoveryCodes(context, sessionOf(request)) }),
  );
  authenticatorRoutes(app, { context, config });
  passkeyRoutes(app, { context, config });

  app.post("/api/admin/reset-links", async (request, reply) => {
    const { username } = parse(resetLinkBody, request.body);
    const { secret, expiresAt } = await createResetLink(context, sessionOf(request), username);
    return reply.code(201).send({ token: secret, expires_at: new Date(expiresAt).toISOString() });
  });
}

type Options = Pick<HttpOptions, "context" | "config">;

function authenticatorRoutes(app: FastifyInstance, { context, config }: Options): void {
  app.post("/api/auth/authenticator", async (request, reply) =>
    reply.code(201).send(await beginAuthenticatorSetup(context, sessionOf(request), config.instanceName)),
  );
  app.put("/api/auth/authenticator", async (request) => {
    const { code } = parse(authenticatorCodeBody, request.body);
    return { recovery_codes: await finishAuthenticatorSetup(context, sessionOf(request), code) };
  });
  app.delete("/api/auth/authenticator", async (request, reply) => {
    await removeAuthenticator(context, sessionOf(request));
    return reply.code(204).send();
  });
}

function passkeyRoutes(app: FastifyInstance, { context, config }: Options): void {
  app.post("/api/auth/passkeys/options", (request) =>
    passkeyCreationOptions(context, sessionOf(request), relyingParty(request, config.publicUrl), config.instanceName),
  );
  app.post("/api/auth/passkeys", async (request, reply) => {
    const body = parse(passkeyBody, request.body);
    const added = await addPasskey(context, sessionOf(request), body, relyingParty(request, config.publicUrl));
    return reply.code(201).send({ passkey: added.passkey, recovery_codes: added.recoveryCodes });
  });
  app.delete<{ Params: { id: string } }>("/api/auth/passkeys/:id", async (request, reply) => {
    await removePasskey(context, sessionOf(request), request.params.id);
    return reply.code(204).send();
  });
}
