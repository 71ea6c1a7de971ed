import { createHmac } from "node:crypto";
import { SignJWT, type JWTPayload } from "jose";
import { expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { createAccessTokens } from "./access-tokens.ts";
import { configuredKey } from "./signing-keys.ts";

const clock = new ManualClock();
const secret = Buffer.alloc(32, 7);
const keys = configuredKey(secret);
const tokens = createAccessTokens(keys, clock);
const nowS = Math.floor(clock.now() / 1_000);
const claims = { userId: 5, sessionId: "session", expiresAt: (nowS + 60) * 1_000 };
const valid: JWTPayload = { iss: "miscord", aud: "access", sub: "5", sid: "session", exp: nowS + 60 };

/** A token as jose signs it. */
function signed(
  payload: JWTPayload,
  { key = secret, ...header }: { key?: Buffer; alg?: string; kid?: string | undefined } = {},
) {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "HS256", kid: keys.current.id, ...header } as { alg: string })
    .sign(key);
}

/** A token with any parts, signed with the instance's key. */
function assembled(header: unknown, payload: unknown): string {
  const parts = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${parts}.${createHmac("sha256", secret).update(parts).digest("base64url")}`;
}

/** The code of the error, if any. */
const answer = (token: string, use: "access" | "files" = "access") =>
  tokens.verify(use, token).then(
    () => "accepted",
    (error: unknown) => (error as { code?: unknown }).code,
  );

test("a token is good for its use until it expires, with the key's id in it or, as in earlier ones, without", async () => {
  expect(await tokens.verify("access", await tokens.issue("access", claims))).toEqual(claims);
  expect(await tokens.verify("access", await signed(valid))).toEqual(claims);
  expect(await tokens.verify("access", await signed(valid, { kid: undefined }))).toEqual(claims);
  expect(await answer(await tokens.issue("access", claims), "files")).toBe("unauthorized");
  const expired = await tokens.issue("access", { ...claims, expiresAt: nowS * 1_000 });
  expect(await answer(expired)).toBe("unauthorized");
});

test("a token with another signature, algorithm or key is refused", async () => {
  const good = await signed(valid);
  const [header, payload, signature] = good.split(".") as [string, string, string];
  expect(await answer(await signed(valid, { key: Buffer.alloc(32, 8) }))).toBe("unauthorized");
  expect(await answer(await signed(valid, { key: Buffer.alloc(64, 7), alg: "HS512" }))).toBe("unauthorized");
  expect(await answer(await signed(valid, { kid: "12345678" }))).toBe("unauthorized");
  expect(await answer(assembled({ alg: "none", kid: keys.current.id }, valid))).toBe("unauthorized");
  expect(await answer(assembled({ alg: "HS256", kid: { toString: null } }, valid))).toBe("unauthorized");
  expect(await answer(assembled({ alg: "HS256", kid: keys.current.id, crit: ["b64"], b64: false }, valid))).toBe(
    "unauthorized",
  );
  expect(await answer(assembled(null, valid))).toBe("unauthorized");
  const unsigned = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  for (const token of [
    `${unsigned}.${payload}.`,
    `${header}.${payload}.`,
    `${header}.${payload}`,
    `${header}.${payload}.${signature.slice(1)}`,
    `${header}.${payload}.${signature}=`,
    `${header}.${payload}.${signature.slice(0, -1)}é`,
    `${good}.x`,
    `${header}.${payload.slice(1)}.${signature}`,
    "",
    "..",
    "a.b.c",
  ])
    expect(await answer(token), token).toBe("unauthorized");
});

test("signed claims that are not this instance's are refused", async () => {
  for (const change of [{ iss: "other" }, { aud: ["access"] }, { sub: 5 }, { sid: undefined }, { exp: undefined }])
    expect(await answer(assembled({ alg: "HS256", kid: keys.current.id }, { ...valid, ...change }))).toBe(
      "unauthorized",
    );
  expect(await answer(assembled({ alg: "HS256", kid: keys.current.id }, "claims"))).toBe("unauthorized");
});
