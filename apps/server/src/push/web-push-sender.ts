import { createHash } from "node:crypto";
import { AppError } from "../errors.ts";
import type { PushSender } from "../domain/ports.ts";
import { encryptPush } from "./encrypt.ts";
import { AddressRefused, type PublicHttps } from "./public-https.ts";
import type { Vapid } from "./vapid.ts";

/** Sends to the push services that browsers name. */
export function createPushSender(https: PublicHttps, vapid: Vapid): PushSender {
  return {
    publicKey: vapid.publicKey,

    async check({ endpoint, ...keys }) {
      try {
        await https.check(endpoint);
      } catch (cause) {
        const message = "The address of a push service is an https address in the public internet.";
        throw new AppError("invalid_request", message, { cause });
      }
      try {
        encryptPush("", keys);
      } catch (cause) {
        throw new AppError("invalid_request", "The keys are not those of a browser.", { cause });
      }
    },

    async send({ endpoint, ...keys }, text, { ttlS, isUrgent, topic }) {
      try {
        const authorization = await vapid.authorization(new URL(endpoint).origin);
        const headers = {
          authorization,
          "content-encoding": "aes128gcm",
          "content-type": "application/octet-stream",
          ttl: String(ttlS),
          urgency: isUrgent ? "high" : "normal",
          // At most 32 characters; says nothing of the channel.
          ...(topic !== undefined && { topic: topicOf(keys.auth, topic) }),
        };
        return await https.post(endpoint, { headers, body: encryptPush(text, keys) });
      } catch (error) {
        if (error instanceof AddressRefused) return "refused";
        return 0;
      }
    },
  };
}

function topicOf(secret: string, topic: string): string {
  return createHash("sha256").update(`${secret} ${topic}`).digest("base64url").slice(0, 32);
}
