import { createHmac } from "node:crypto";
import { digest } from "./secrets.ts";
import type { SigningKey, SigningKeys } from "./signing-keys.ts";

/**
 * Secrets of refresh tokens. Each follows from the one before and the instance's signing key, so that a browser that lost
 * an answer can be given the same successor once more, although only its digest is stored.
 */
export interface RefreshSecrets {
  next(sessionId: string, secret: string): string;
  /** The successor of `secret` with this digest; undefined when it was made with a key that is no longer valid. */
  again(sessionId: string, secret: string, successorHash: string): Promise<string | undefined>;
}

export function createRefreshSecrets(keys: SigningKeys): RefreshSecrets {
  return {
    next: (sessionId, secret) => successor(keys.current, sessionId, secret),
    async again(sessionId, secret, successorHash) {
      const possible = (await keys.find(undefined)).map((key) => successor(key, sessionId, secret));
      return possible.find((one) => digest(one) === successorHash);
    },
  };
}

function successor({ secret: key }: SigningKey, sessionId: string, secret: string): string {
  return createHmac("sha256", key).update(`refresh ${sessionId} ${secret}`).digest("base64url");
}
