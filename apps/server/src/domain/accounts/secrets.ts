import { createHash, randomBytes } from "node:crypto";

/** Enough bits that guessing is hopeless, in characters that fit into URLs and cookies. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** How secrets of full entropy are stored: a leaked database opens nothing. */
export function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
