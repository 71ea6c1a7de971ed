import { createHmac } from "node:crypto";

/**
 * Coturn's REST scheme (`use-auth-secret`): whoever holds the secret can mint a name that carries its own end.
 * The user's id in the name lets the operator see in coturn's log whose call costs what.
 */
export function turnCredentials(secret: string, userId: number, expiresAtMs: number) {
  const username = `${Math.floor(expiresAtMs / 1_000)}:${userId}`;
  return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
}
