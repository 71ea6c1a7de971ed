import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { SigningKey, SigningKeys } from "../accounts/signing-keys.ts";
import type { Seals } from "../ports.ts";

const hourMs = 3_600_000;
/** Longer than a picker stays open. */
const validHours = 6;
const algorithm = "aes-256-gcm";
const [keyIdLength, nonceBytes, tagBytes] = [8, 12, 16];

interface Sealed {
  value: unknown;
  /** In hours since 1970. */
  until: number;
}

/** With keys derived for this alone. What is sealed cannot be read, only used: addresses of other services are in it. */
export function createSeals(keys: SigningKeys, clock: Clock): Seals {
  const derived = new WeakMap<SigningKey, Buffer>();
  const secretOf = (key: SigningKey): Buffer => {
    const known = derived.get(key) ?? Buffer.from(hkdfSync("sha256", key.secret, "", "miscord gif seals", 32));
    derived.set(key, known);
    return known;
  };
  return {
    seal(value) {
      const key = keys.current;
      const until = Math.floor(clock.now() / hourMs) + validHours;
      const text = JSON.stringify({ value, until } satisfies Sealed);
      // The same for the same text, so that two different texts never share one.
      const nonce = createHmac("sha256", secretOf(key)).update(text).digest().subarray(0, nonceBytes);
      const cipher = createCipheriv(algorithm, secretOf(key), nonce);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return key.id + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
    },

    async open(text) {
      const bytes = Buffer.from(text.slice(keyIdLength), "base64url");
      if (bytes.length <= nonceBytes + tagBytes) return null;
      const [key] = await keys.find(text.slice(0, keyIdLength));
      const sealed = key && decipher(secretOf(key), bytes);
      return sealed && sealed.until * hourMs > clock.now() ? sealed.value : null;
    },
  };
}

function decipher(secret: Buffer, bytes: Buffer): Sealed | null {
  const opening = createDecipheriv(algorithm, secret, bytes.subarray(0, nonceBytes));
  opening.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
  try {
    const text = Buffer.concat([opening.update(bytes.subarray(nonceBytes + tagBytes)), opening.final()]);
    return JSON.parse(text.toString()) as Sealed;
  } catch {
    return null;
  }
}
