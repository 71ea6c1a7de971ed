import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { PushSender } from "../domain/ports.ts";
import { encryptPush } from "./encrypt.ts";
import { AddressRefused } from "../outgoing/address-rules.ts";
import type { Vapid } from "./vapid.ts";

/** What an operator is told of a push service that takes nothing: no address of a browser, which is a secret. */
export interface PushFault {
  host: string;
  /** HTTP status; 0: there was no answer. */
  status: number;
  /** Of the error, such as `ENOTFOUND`. */
  code?: string | undefined;
}

/** As `PublicHttps`, wherever it works. */
interface Https {
  check(url: string): Promise<URL>;
  post(url: string, sent: { headers: Record<string, string>; body: Buffer }): Promise<number>;
}

const toldEveryMs = 60_000;
const maxHosts = 100;

/** Sends to the push services that browsers name. `onFault` hears of each host once a minute. */
export function createPushSender(
  https: Https,
  vapid: Vapid,
  { clock, onFault }: { clock: Clock; onFault: (fault: PushFault) => void },
): PushSender {
  const told = new Map<string, number>();
  function tell(fault: PushFault): void {
    const now = clock.monotonic();
    if (now < (told.get(fault.host) ?? -Infinity) + toldEveryMs) return;
    if (told.size >= maxHosts) told.clear();
    told.set(fault.host, now);
    onFault(fault);
  }
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
        const status = await https.post(endpoint, { headers, body: encryptPush(text, keys) });
        // 404 and 410 are browsers that have gone. The others may be faults here: of the key, of the sender's name.
        if (status >= 400 && status !== 404 && status !== 410) tell({ host: new URL(endpoint).hostname, status });
        return status;
      } catch (error) {
        if (error instanceof AddressRefused) return "refused";
        const { code } = error as NodeJS.ErrnoException;
        tell({ host: new URL(endpoint).hostname, status: 0, code: code ?? (error as Error).name });
        return 0;
      }
    },
  };
}

function topicOf(secret: string, topic: string): string {
  return createHash("sha256").update(`${secret} ${topic}`).digest("base64url").slice(0, 32);
}
