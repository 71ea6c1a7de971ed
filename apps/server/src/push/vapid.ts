import { generateKeyPairSync } from "node:crypto";
import { importJWK, SignJWT } from "jose";
import type { Clock } from "../clock.ts";
import type { Store } from "../store/contract.ts";
import { ensureMeta } from "../store/queries/push.ts";

/** Says to push services which instance sends (RFC 8292). */
export interface Vapid {
  /** Uncompressed P-256 point, base64url. */
  readonly publicKey: string;
  /** The header `authorization` for a push to this origin. */
  authorization(origin: string): Promise<string>;
}

interface StoredKey {
  kty: "EC";
  crv: "P-256";
  x: string;
  y: string;
  d: string;
}

const metaKey = "vapid";
/** Push services allow a day at most. */
const validMs = 12 * 3_600_000;
const maxOrigins = 100;

/** The pair of the instance, made at its first start. `subject`: a URL or `mailto:` of whoever runs the instance. */
export async function openVapid(
  { store, clock }: { store: Pick<Store, "db">; clock: Clock },
  subject: string,
): Promise<Vapid> {
  const made = () =>
    JSON.stringify(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" }));
  const stored = JSON.parse(await ensureMeta(store.db, metaKey, made)) as StoredKey;
  const key = await importJWK({ ...stored }, "ES256");
  const point = [Buffer.of(4), Buffer.from(stored.x, "base64url"), Buffer.from(stored.y, "base64url")];
  const publicKey = Buffer.concat(point).toString("base64url");
  const signed = new Map<string, { token: string; renewAt: number }>();
  return {
    publicKey,
    async authorization(origin) {
      const now = clock.now();
      let known = signed.get(origin);
      if (!known || known.renewAt <= now) {
        const token = await new SignJWT()
          .setProtectedHeader({ alg: "ES256", typ: "JWT" })
          .setAudience(origin)
          .setSubject(subject)
          .setExpirationTime(Math.floor((now + validMs) / 1_000))
          .sign(key);
        known = { token, renewAt: now + validMs / 2 };
        // Browsers name a few services; whoever makes up more pays for their signatures.
        if (signed.size >= maxOrigins) signed.clear();
        signed.set(origin, known);
      }
      return `vapid t=${known.token}, k=${publicKey}`;
    },
  };
}
