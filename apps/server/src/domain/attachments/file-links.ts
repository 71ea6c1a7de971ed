import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { SigningKey, SigningKeys } from "../accounts/signing-keys.ts";

/**
 * Permissions to read one file as one user, for pages of version 1: their pictures send neither a header nor our
 * cookie. They travel in the address, so they open nothing else and expire; the user's rights are looked up at each
 * request all the same.
 */
export interface FileLinks {
  /** The same for an hour, so that browsers find the picture in their cache. */
  sign(attachmentId: number, userId: number): string;
  /** The user. Rejects with `unauthorized` for anything that was not signed for this file, or has expired. */
  verify(attachmentId: number, token: string): Promise<number>;
}

const hourMs = 3_600_000;
/** Key id (missing in links from before keys had ids), user id, expiry and signature. */
const tokenPattern = /^(?:([\w-]{8})\.)?([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([\w-]{43})$/;

/** Signs at once, as the delivery of frames needs it; with keys derived for this alone. */
export function createFileLinks(keys: SigningKeys, clock: Clock, ttlMs: number): FileLinks {
  const derived = new WeakMap<SigningKey, Uint8Array>();
  const mac = (key: SigningKey, attachmentId: number, userId: number, expiresAt: number) => {
    const secret = derived.get(key) ?? deriveSecret(key);
    derived.set(key, secret);
    return createHmac("sha256", secret).update(`${attachmentId}.${userId}.${expiresAt}`).digest();
  };
  return {
    sign(attachmentId, userId) {
      const key = keys.current;
      const expiresAt = Math.ceil((clock.now() + ttlMs) / hourMs) * hourMs;
      const signature = mac(key, attachmentId, userId, expiresAt).toString("base64url");
      return `${key.id}.${userId.toString(36)}.${expiresAt.toString(36)}.${signature}`;
    },

    async verify(attachmentId, token) {
      const parts = tokenPattern.exec(token);
      if (!parts) throw invalid();
      const [, keyId, user = "", expiry = "", signature = ""] = parts;
      const [userId, expiresAt] = [Number.parseInt(user, 36), Number.parseInt(expiry, 36)];
      if (expiresAt <= clock.now()) throw invalid();
      const given = Buffer.from(signature, "base64url");
      for (const key of await keys.find(keyId)) {
        const expected = mac(key, attachmentId, userId, expiresAt);
        if (given.length === expected.length && timingSafeEqual(given, expected)) return userId;
      }
      throw invalid();
    },
  };
}

function deriveSecret({ secret }: SigningKey): Uint8Array {
  return Buffer.from(hkdfSync("sha256", secret, "", "miscord file links", 32));
}

function invalid(): AppError {
  return new AppError("unauthorized", "The link to this file is not valid or has expired.");
}

/** The answer for a client of version 1: each `file_url` in it, however deep, opens for this user. */
export function withFileLinks<Value>(links: FileLinks, userId: number, value: Value): Value {
  if (Array.isArray(value)) return value.map((entry: unknown) => withFileLinks(links, userId, entry)) as Value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, entry]) => [name, withFileLinks(links, userId, entry)] as const);
  const copy: Record<string, unknown> = Object.fromEntries(entries);
  const { id, file_url: url } = copy;
  if (typeof id === "number" && typeof url === "string") copy["file_url"] = `${url}?token=${links.sign(id, userId)}`;
  return copy as Value;
}
