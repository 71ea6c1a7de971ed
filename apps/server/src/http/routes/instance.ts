import { limits, type Instance } from "@miscord/protocol";
import type { FastifyInstance } from "fastify";
import { AppError } from "../../errors.ts";
import { features, version } from "../../version.ts";
import { hasEngine } from "../../voice/forwarding/has-engine.ts";
import { isRelayOnly } from "../../voice/mesh.ts";
import type { HttpOptions } from "../options.ts";
import { relyingParty } from "../relying-party.ts";

/** Data of the instance that a client needs before login. */
export function instanceRoutes(app: FastifyInstance, { config }: HttpOptions): void {
  const forwards = config.forwardsVoice && hasEngine();
  const instance: Instance = {
    name: config.instanceName,
    version,
    registration: config.registration,
    features: config.smtpUrl === undefined ? [...features] : [...features, "mail"],
    ws_url: config.webSocketUrl ?? null,
    calls_show_addresses: !isRelayOnly(config) && !forwards,
    limits: {
      attachment_bytes: config.maxUploadBytes,
      attachments_per_message: limits.attachmentsPerMessage,
      message_length: limits.messageLength,
    },
  };
  // Before login a page has to know whether to offer passkeys.
  app.get("/api/instance", async (request) =>
    relyingParty(request, config.publicUrl) ? { ...instance, features: [...instance.features, "passkeys"] } : instance,
  );

  // How far away this node is, for clients of any address; only nodes that forward calls answer.
  app.get("/region/ping", async (_request, reply) => {
    if (!forwards) throw new AppError("not_found", "This node does not forward calls.");
    return reply.header("access-control-allow-origin", "*").header("cache-control", "no-store").code(204).send();
  });
}
