import { confirmAddressBody, mailAddressBody, mailWishesBody, resetMailBody } from "@miscord/protocol/schemas";
import type { FastifyInstance } from "fastify";
import {
  accountMail,
  chooseMails,
  confirmMailAddress,
  removeMailAddress,
  requestResetMail,
  setMailAddress,
} from "../../domain/accounts/mail-address.ts";
import { instanceMail, sendTestMail } from "../../domain/mail/instance-mail.ts";
import { requireOwnOrigin } from "../cookies.ts";
import type { HttpOptions } from "../options.ts";
import { parse } from "../parse.ts";
import { sessionOf } from "../session.ts";

/** For people without a session. Says the same whoever asks. */
export async function openMailRoutes(app: FastifyInstance, options: HttpOptions): Promise<void> {
  const { context, addressOf } = options;
  app.addHook("onRequest", async (request) => requireOwnOrigin(request, options));
  app.post("/api/auth/reset-mail", async (request, reply) => {
    const { email } = parse(resetMailBody, request.body);
    await requestResetMail(context, { address: email, limitKey: addressOf(request.raw).limitKey });
    return reply.code(204).send();
  });
}

/** The authenticated user's address, and the instance's mail for its administrators. */
export function mailRoutes(app: FastifyInstance, { context }: HttpOptions): void {
  app.get("/api/auth/email", (request) => accountMail(context, sessionOf(request)));
  app.put("/api/auth/email", (request) =>
    setMailAddress(context, sessionOf(request), parse(mailAddressBody, request.body)),
  );
  app.patch("/api/auth/email", (request) =>
    chooseMails(context, sessionOf(request), parse(mailWishesBody, request.body)),
  );
  app.delete("/api/auth/email", async (request, reply) => {
    await removeMailAddress(context, sessionOf(request));
    return reply.code(204).send();
  });
  app.post("/api/auth/email/confirm", (request) =>
    confirmMailAddress(context, sessionOf(request), parse(confirmAddressBody, request.body).token),
  );
  app.get("/api/admin/mail", (request) => instanceMail(context, sessionOf(request)));
  app.post("/api/admin/mail/test", async (request) => ({ reason: await sendTestMail(context, sessionOf(request)) }));
}
