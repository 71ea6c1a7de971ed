import { createHmac, timingSafeEqual } from "node:crypto";
import { SignJWT } from "jose";
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
  /** Resolves once it is known whether there is a key for the token, which may take a second; `verify` does not wait then. */
  prepare(token: string): Promise<void>;
  /** Throws `unauthorized` for anything that is not a valid token for this use. */
  verify(use: TokenUse, token: string): Promise<TokenClaims>;
}

const algorithm = "HS256";
const issuer = "miscord";
/** Headers that are not parsed again: all tokens of a key have the same one. */
const headersAtMost = 100;

/** A token in the compact form of RFC 7515, with the key that its header names; undefined before keys had ids. */
interface Parsed {
  readonly keyId: string | undefined;
  /** Header and claims, as they were signed. */
  readonly signed: string;
  readonly claims: string;
  readonly signature: string;
}

export function createAccessTokens(keys: SigningKeys, clock: Clock): AccessTokens {
  /** By header. */
  const keyIds = new Map<string, string | undefined>();

  function keyIdOf(header: string): string | undefined {
    if (keyIds.has(header)) return keyIds.get(header);
    const { alg, kid, crit } = parseObject(header);
    // Any JSON: an object in the id's place may not even be comparable with a text.
    if (alg !== algorithm || crit !== undefined || (kid !== undefined && typeof kid !== "string")) throw invalid();
    if (keyIds.size >= headersAtMost) keyIds.delete(keyIds.keys().next().value!);
    keyIds.set(header, kid);
    return kid;
  }

  function parse(token: string): Parsed {
    const [header = "", claims = "", signature = "", ...more] = token.split(".", 4);
    if (more.length > 0) throw invalid();
    return { keyId: keyIdOf(header), signed: `${header}.${claims}`, claims, signature };
  }

  /** Of claims that were signed with a key of this instance. */
  function checked(use: TokenUse, { iss, aud, sub, sid, exp }: Record<string, unknown>): TokenClaims {
    if (iss !== issuer || aud !== use) throw invalid();
    if (typeof sub !== "string" || typeof sid !== "string" || typeof exp !== "number") throw invalid();
    const expiresAt = exp * 1_000;
    if (expiresAt <= clock.now()) throw invalid();
    return { userId: Number(sub), sessionId: sid, expiresAt };
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
        .sign(key.secret);
    },

    async prepare(token) {
      await keys.find(parse(token).keyId);
    },

    async verify(use, token) {
      const parsed = parse(token);
      const found = await keys.find(parsed.keyId);
      if (!found.some((key) => isSignedBy(key, parsed))) throw invalid();
      return checked(use, parseObject(parsed.claims));
    },
  };
}

/**
 * In this thread: Web Crypto, and so jose, hands each token to another thread, which costs ten times as much as the digest
 * and a tenth of what a connection does.
 */
function isSignedBy({ secret }: SigningKey, { signed, signature }: Parsed): boolean {
  const expected = Buffer.from(createHmac("sha256", secret).update(signed).digest("base64url"));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parseObject(base64url: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(base64url, "base64url").toString());
  } catch (cause) {
    throw invalid(cause);
  }
  if (typeof value !== "object" || value === null) throw invalid();
  return value as Record<string, unknown>;
}

function invalid(cause?: unknown): AppError {
  return new AppError("unauthorized", "The token is not valid or has expired.", { cause });
}
