import { limits, type Instance } from "@miscord/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { authenticate } from "../../domain/accounts/authenticate.ts";
import { AppError } from "../../errors.ts";
import { features, version } from "../../version.ts";
import { hasEngine } from "../../voice/forwarding/has-engine.ts";
import { isRelayOnly } from "../../voice/mesh.ts";
import { pingHeaders } from "../../voice/regions/ping-headers.ts";
import type { HttpOptions } from "../options.ts";
import { relyingParty } from "../relying-party.ts";
import { bearerOf } from "../session.ts";

/** Data of the instance that a client needs before login. */
export function instanceRoutes(app: FastifyInstance, { context, config }: HttpOptions): void {
  const forwards = config.forwardsVoice && hasEngine();
  const available = context.mail ? [...features, "mail"] : [...features];
  const instance = (): Instance => ({
    name: config.instanceName,
    version,
    registration: context.instance.values.registration,
    server_creation: context.instance.values.server_creation,
    discovery: context.instance.values.discovery,
    admin_factor: context.instance.values.admin_factor,
    features: available,
    ws_url: config.webSocketUrl ?? null,
    calls_show_addresses: !isRelayOnly(config) && !forwards,
    ...((context.providers.list.length > 0 || !config.hasPasswordLogin) && {
      login: {
        password: config.hasPasswordLogin,
        providers: context.providers.list.map(({ id, name }) => ({ id, name })),
      },
    }),
    ...(config.encryptsPrivateCalls && { private_call_encryption: true as const }),
    ...(context.gifs && { gif_provider: context.gifs.name }),
    retention: context.instance.retention,
    limits: {
      attachment_bytes: context.instance.values.max_upload_bytes,
      attachments_per_message: limits.attachmentsPerMessage,
      message_length: limits.messageLength,
    },
  });
  const isUser = async (request: FastifyRequest) => {
    const token = bearerOf(request);
    const reader = token === undefined ? null : await authenticate(context, token).catch(() => null);
    if (reader) await context.rates.requests.spend(reader.userId);
    return reader !== null;
  };
  app.get("/api/instance", async (request) => ({
    ...instance(),
    // Before login a page has to know whether to offer passkeys.
    ...(relyingParty(request, config.publicUrl) && { features: [...available, "passkeys"] }),
    // Whoever knows their ids gets their pictures.
    ...((await isUser(request)) && context.instance.faces),
  }));

  // How far away this node is, for clients of any address; only nodes that forward calls answer.
  app.get("/region/ping", async (_request, reply) => {
    if (!forwards) throw new AppError("not_found", "This node does not forward calls.");
    return reply.headers(pingHeaders).code(204).send();
  });
}
