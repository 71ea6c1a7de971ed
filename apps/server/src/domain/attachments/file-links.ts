import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";

/**
 * Permissions to read one file as one user, for pages of version 1: their pictures send neither a header nor our
 * cookie. They travel in the address, so they open nothing else and expire; the user's rights are looked up at each
 * request all the same.
 */
export interface FileLinks {
  /** The same for an hour, so that browsers find the picture in their cache. */
  sign(attachmentId: number, userId: number): string;
  /** The user; throws `unauthorized` for anything that was not signed for this file, or has expired. */
  verify(attachmentId: number, token: string): number;
}

const hourMs = 3_600_000;
const tokenPattern = /^([0-9a-z]{1,11})\.([0-9a-z]{1,11})\.([\w-]{43})$/;

/** Signs at once, as the delivery of frames needs it; with a key derived for this alone. */
export function createFileLinks(secret: Uint8Array, clock: Clock, ttlMs: number): FileLinks {
  const key = Buffer.from(hkdfSync("sha256", secret, "", "miscord file links", 32));
  const mac = (attachmentId: number, userId: number, expiresAt: number) =>
    createHmac("sha256", key).update(`${attachmentId}.${userId}.${expiresAt}`).digest();
  return {
    sign(attachmentId, userId) {
      const expiresAt = Math.ceil((clock.now() + ttlMs) / hourMs) * hourMs;
      const signature = mac(attachmentId, userId, expiresAt).toString("base64url");
      return `${userId.toString(36)}.${expiresAt.toString(36)}.${signature}`;
    },

    verify(attachmentId, token) {
      const [, user = "", expiry = "", signature = ""] = tokenPattern.exec(token) ?? [];
      const [userId, expiresAt] = [Number.parseInt(user, 36), Number.parseInt(expiry, 36)];
      const given = Buffer.from(signature, "base64url");
      const expected = mac(attachmentId, userId, expiresAt);
      const isSigned = given.length === expected.length && timingSafeEqual(given, expected);
      if (isSigned && expiresAt > clock.now()) return userId;
      throw new AppError("unauthorized", "The link to this file is not valid or has expired.");
    },
  };
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
