import { createHmac } from "node:crypto";

/**
 * Credentials of coturn's REST scheme (`use-auth-secret`): the shared secret signs a username that holds its expiry
 * time. The user id in the username shows the operator in coturn's log which user causes which traffic.
 */
export function turnCredentials(secret: string, userId: number, expiresAtMs: number) {
  const username = `${Math.floor(expiresAtMs / 1_000)}:${userId}`;
  return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
}
