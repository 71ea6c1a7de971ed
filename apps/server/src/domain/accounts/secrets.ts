import { createHash, randomBytes } from "node:crypto";

/** 256 random bits in base64url, which fits into URLs and cookies. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** The form in which secrets are stored: a leaked database does not reveal them. Needs no salt at 256 bits. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
