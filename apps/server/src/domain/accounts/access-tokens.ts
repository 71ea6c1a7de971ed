import { decodeProtectedHeader, jwtVerify, SignJWT } from "jose";
import type { Clock } from "../../clock.ts";
import { AppError } from "../../errors.ts";
import type { SigningKey, SigningKeys } from "./signing-keys.ts";

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

export function createAccessTokens(keys: SigningKeys, clock: Clock): AccessTokens {
  const imported = new WeakMap<SigningKey, Promise<CryptoKey>>();

  /** Imported once: from raw bytes, jose would import the key again for every verification. */
  function importKey(key: SigningKey): Promise<CryptoKey> {
    const known = imported.get(key);
    if (known) return known;
    const hmac = { name: "HMAC", hash: "SHA-256" };
    const importing = crypto.subtle.importKey("raw", new Uint8Array(key.secret), hmac, false, ["sign", "verify"]);
    imported.set(key, importing);
    return importing;
  }

  async function claimsOf(use: TokenUse, token: string, key: SigningKey): Promise<TokenClaims> {
    const { payload } = await jwtVerify<{ sid: string }>(token, await importKey(key), {
      algorithms: [algorithm],
      issuer,
      audience: use,
      currentDate: new Date(clock.now()),
      requiredClaims: ["sub", "sid", "exp"],
    });
    return { userId: Number(payload.sub), sessionId: payload.sid, expiresAt: payload.exp! * 1_000 };
  }

  return {
    async issue(use, { userId, sessionId, expiresAt }) {
      const key = keys.current;
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm, kid: key.id })
        .setIssuer(issuer)
        .setAudience(use)
        .setSubject(String(userId))
        .setIssuedAt(Math.floor(clock.now() / 1_000))
        .setExpirationTime(Math.floor(expiresAt / 1_000))
        .sign(await importKey(key));
    },

    async verify(use, token) {
      let cause: unknown;
      for (const key of await keys.find(keyIdOf(token))) {
        try {
          return await claimsOf(use, token, key);
        } catch (error) {
          cause = error;
        }
      }
      throw invalid(cause);
    },
  };
}

/** Undefined in tokens from before keys had ids. */
function keyIdOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch (cause) {
    throw invalid(cause);
  }
}

function invalid(cause: unknown): AppError {
  return new AppError("unauthorized", "The token is not valid or has expired.", { cause });
}
