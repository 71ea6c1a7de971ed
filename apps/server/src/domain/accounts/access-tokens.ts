import { jwtVerify, SignJWT } from "jose";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";

/** `access` opens the API; `files` only reads attachments and is a cookie, because `<img>` cannot send a header. */
export type TokenUse = "access" | "files";

interface TokenClaims {
  userId: number;
  sessionId: string;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

/** Signs and verifies tokens. The caller has to check that the session has not ended. */
export interface AccessTokens {
  issue(use: TokenUse, claims: TokenClaims): Promise<string>;
  /** Throws `unauthorized` for anything that is not a valid token for this use. */
  verify(use: TokenUse, token: string): Promise<TokenClaims>;
}

const algorithm = "HS256";
const issuer = "miscord";

export async function createAccessTokens(secret: Uint8Array, clock: Clock): Promise<AccessTokens> {
  // Imported once: from raw bytes, jose would import the key again for every verification.
  const key = await crypto.subtle.importKey("raw", new Uint8Array(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
    "verify",
  ]);
  return {
    issue(use, { userId, sessionId, expiresAt }) {
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm })
        .setIssuer(issuer)
        .setAudience(use)
        .setSubject(String(userId))
        .setIssuedAt(Math.floor(clock.now() / 1_000))
        .setExpirationTime(Math.floor(expiresAt / 1_000))
        .sign(key);
    },

    async verify(use, token) {
      try {
        const { payload } = await jwtVerify<{ sid: string }>(token, key, {
          algorithms: [algorithm],
          issuer,
          audience: use,
          currentDate: new Date(clock.now()),
          requiredClaims: ["sub", "sid", "exp"],
        });
        return { userId: Number(payload.sub), sessionId: payload.sid, expiresAt: payload.exp! * 1_000 };
      } catch (cause) {
        throw new AppError("unauthorized", "The token is not valid or has expired.", { cause });
      }
    },
  };
}
