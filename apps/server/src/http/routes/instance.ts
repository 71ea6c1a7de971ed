import { limits, type Instance } from "@miscord/protocol";
import type { FastifyInstance } from "fastify";
import { features, version } from "../../version.ts";
import { hasEngine } from "../../voice/forwarding/has-engine.ts";
import { isRelayOnly } from "../../voice/mesh.ts";
import type { HttpOptions } from "../options.ts";

/** Data of the instance that a client needs before login. */
export function instanceRoutes(app: FastifyInstance, { config }: HttpOptions): void {
  const instance: Instance = {
    name: config.instanceName,
    version,
    registration: config.registration,
    features: [...features],
    ws_url: config.webSocketUrl ?? null,
    calls_show_addresses: !isRelayOnly(config) && !(config.forwardsVoice && hasEngine()),
    limits: {
      attachment_bytes: config.maxUploadBytes,
      attachments_per_message: limits.attachmentsPerMessage,
      message_length: limits.messageLength,
    },
  };
  app.get("/api/instance", async () => instance);
}
