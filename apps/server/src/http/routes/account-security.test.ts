import type { AccountSecurity, AuthenticatorSecret, Credentials, RecoveryCodes, ResetLink } from "@miscord/protocol";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Writable } from "node:stream";
import { Secret, TOTP } from "otpauth";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient, type Answer } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
const newPassword = "a quite different one";
const publicUrl = "https://chat.example.org";
const minuteMs = 60_000;

const clock = new ManualClock(Date.now());
/** What the server logged, at its most talkative. */
let logged = "";
/** Everything that must never be stored or logged as it is. */
const secrets: string[] = [];
let server: TestServer;
let admin: TestClient;

beforeAll(async () => {
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged += chunk.toString();
      done();
    },
  });
  server = await startTestServer({ publicUrl }, { clock, logger: pino({ level: "trace" }, stream) });
  const claim_token = new URL(server.claimUrl!).hash.slice(1);
  admin = await TestClient.register(server.url, "admin", { claim_token });
});
afterAll(() => server.cleanup());

const guest = () => new TestClient(server.url);
const post = (path: string, body: unknown, client = guest()) =>
  client.request<{ error: { details?: { ticket: string; methods: string[] } } }>("POST", path, { body });
const logIn = (username: string, secret = password) => post("/api/auth/login", { username, password: secret });
const recover = (username: string, recovery_code: string, client = guest()) =>
  post("/api/auth/recover", { username, recovery_code, new_password: newPassword }, client);
const reset = (token: string, new_password = newPassword) => post("/api/auth/reset", { token, new_password });
const isLoggedIn = async (client: TestClient) => (await client.request("GET", "/api/auth/me")).status === 200;

async function codesOf(client: TestClient): Promise<string[]> {
  const { recovery_codes: codes } = await client.post<RecoveryCodes>("/api/auth/recovery-codes");
  secrets.push(...codes);
  return codes;
}

async function linkFor(username: string): Promise<string> {
  await admin.refresh();
  await post("/api/auth/confirm", { password }, admin);
  const { token } = await admin.post<ResetLink>("/api/admin/reset-links", { username });
  secrets.push(token);
  return token;
}

/** The ticket of a login whose password was right. */
async function ticketOf(username: string): Promise<string> {
  const answer = await logIn(username);
  expect(answer).toMatchObject({ status: 403, code: "second_factor_required" });
  const { ticket } = answer.body.error.details!;
  secrets.push(ticket);
  return ticket;
}

const finish = (ticket: string, code: string) => post("/api/auth/login", { ticket, code });
const wrongCode = { status: 401, code: "invalid_credentials" };

/** A user with an authenticator app. `code()` is a fresh one: the clock moves on to the next half minute. */
async function withAuthenticator(username: string) {
  const client = await TestClient.register(server.url, username);
  const { secret, uri } = await client.post<AuthenticatorSecret>("/api/auth/authenticator");
  expect(uri).toContain(`secret=${secret}`);
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const code = () => {
    clock.leap(30_000);
    return totp.generate({ timestamp: clock.now() });
  };
  const answer = await client.request<RecoveryCodes>("PUT", "/api/auth/authenticator", { body: { code: code() } });
  expect(answer.status).toBe(200);
  secrets.push(...answer.body.recovery_codes);
  return { client, code, recoveryCodes: answer.body.recovery_codes };
}

describe("a recovery code", () => {
  test("sets a new password once, ends all sessions, and is one of ten that are shown once", async () => {
    const client = await TestClient.register(server.url, "lost");
    const away = await TestClient.logIn(server.url, "lost");
    const codes = await codesOf(client);
    expect(new Set(codes).size).toBe(10);
    const byHand = codes[0]!.toUpperCase().replaceAll("-", " ");
    expect((await recover("LOST", byHand)).status).toBe(204);
    expect([await isLoggedIn(client), await isLoggedIn(away)]).toEqual([false, false]);
    expect((await away.refresh()).status).toBe(401);
    expect((await logIn("lost")).status).toBe(401);
    expect((await logIn("lost", newPassword)).status).toBe(200);
    expect(await recover("lost", codes[0]!)).toMatchObject(wrongCode);
    const security = await (await login("lost", newPassword)).get<AccountSecurity>("/api/auth/security");
    expect(security.recovery_codes_left).toBe(9);
    expect(JSON.stringify(security)).not.toContain(codes[1]);
  });

  test("of another account, a made-up one and one of a missing account get the same answer", async () => {
    const [one, other] = [await TestClient.register(server.url, "r1"), await TestClient.register(server.url, "r2")];
    const [codes] = [await codesOf(one), await codesOf(other)];
    const answers = [
      await recover("r2", codes[0]!),
      await recover("r2", "0000-0000-0000-0000"),
      await recover("nobody-at-all", codes[0]!),
    ];
    for (const answer of answers) expect(answer).toMatchObject(wrongCode);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await isLoggedIn(other)).toBe(true);
  });

  test("is void once new ones are made, and works for one of two who use it at once", async () => {
    const client = await TestClient.register(server.url, "renewed");
    const [old] = await codesOf(client);
    const [fresh] = await codesOf(client);
    expect(await recover("renewed", old!)).toMatchObject(wrongCode);
    const both = await Promise.all([recover("renewed", fresh!), recover("renewed", fresh!)]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 401]));
  });
});

describe("a reset link", () => {
  test("takes away the recovery codes that the password was enough for, and no others", async () => {
    // By whoever knows the password: the owner's are void since then.
    const thief = await TestClient.register(server.url, "codes-made");
    const codes = await codesOf(thief);
    expect((await reset(await linkFor("codes-made"))).status).toBe(200);
    expect(await recover("codes-made", codes[0]!)).toMatchObject(wrongCode);
    const security = await (await login("codes-made", newPassword)).get<AccountSecurity>("/api/auth/security");
    expect(security.recovery_codes_left).toBe(0);

    const { recoveryCodes } = await withAuthenticator("codes-kept");
    expect((await reset(await linkFor("codes-kept"), password)).status).toBe(200);
    expect((await finish(await ticketOf("codes-kept"), recoveryCodes[0]!)).status).toBe(200);
  });

  test("is made by administrators only, and sets a new password once", async () => {
    const client = await TestClient.register(server.url, "linked");
    expect(await post("/api/admin/reset-links", { username: "linked" }, client)).toMatchObject({ status: 403 });
    expect(await post("/api/admin/reset-links", { username: "no-such" }, admin)).toMatchObject({ status: 404 });
    const token = await linkFor("linked");
    const both = await Promise.all([reset(token), reset(token, "of the second one")]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 401]));
    expect(await isLoggedIn(client)).toBe(false);
    expect((await client.refresh()).status).toBe(401);
    expect(await reset(token)).toMatchObject(wrongCode);
  });

  test("ends after an hour, with the next one, and with a changed password", async () => {
    const client = await TestClient.register(server.url, "linked2");
    const late = await linkFor("linked2");
    clock.leap(60 * minuteMs + 1);
    expect(await reset(late)).toMatchObject(wrongCode);
    await client.refresh();
    const replaced = await linkFor("linked2");
    const changed = await linkFor("linked2");
    await client.post("/api/auth/password", { current_password: password, new_password: newPassword });
    for (const token of [replaced, changed, "made-up"]) expect(await reset(token)).toMatchObject(wrongCode);
  });
});

describe("an authenticator app", () => {
  test("asks for one code after the password, which works once", async () => {
    const { client, code } = await withAuthenticator("app1");
    expect(await client.request("POST", "/api/auth/authenticator")).toMatchObject({ status: 409, code: "conflict" });
    expect(await logIn("app1", "wrong password")).toMatchObject(wrongCode);
    const ticket = await ticketOf("app1");
    const now = code();
    const entered = await post("/api/auth/login", { ticket, code: `${now.slice(0, 3)} ${now.slice(3)}` });
    expect(entered.status).toBe(200);
    // The ticket is used, and so is the code, with another ticket too.
    expect(await finish(ticket, code())).toMatchObject({ status: 401, code: "unauthorized" });
    expect(await finish(await ticketOf("app1"), now)).toMatchObject(wrongCode);
  });

  test("refuses a code of before the one used last, and a code for another account", async () => {
    const [one, other] = [await withAuthenticator("app2"), await withAuthenticator("app3")];
    const earlier = one.code();
    const later = one.code();
    expect((await finish(await ticketOf("app2"), later)).status).toBe(200);
    const ticket = await ticketOf("app2");
    for (const code of [earlier, other.code(), other.recoveryCodes[0]!]) {
      expect(await finish(ticket, code)).toMatchObject(wrongCode);
    }
    clock.leap(5 * minuteMs);
    expect(await finish(ticket, one.code())).toMatchObject({ code: "unauthorized" });
  });

  test("is replaced by a recovery code, once; the ticket of one password is void after another", async () => {
    const { client, recoveryCodes } = await withAuthenticator("app4");
    expect((await finish(await ticketOf("app4"), recoveryCodes[0]!)).status).toBe(200);
    expect(await finish(await ticketOf("app4"), recoveryCodes[0]!)).toMatchObject(wrongCode);
    const ticket = await ticketOf("app4");
    await client.post("/api/auth/password", { current_password: password, new_password: newPassword });
    expect(await finish(ticket, recoveryCodes[1]!)).toMatchObject({ code: "unauthorized" });
  });

  test("stays asked for after the password was recovered", async () => {
    const { recoveryCodes } = await withAuthenticator("app5");
    expect((await recover("app5", recoveryCodes[0]!)).status).toBe(204);
    expect(await logIn("app5", newPassword)).toMatchObject({ code: "second_factor_required" });
  });

  test("is not guessed: after six wrong codes the right one waits too, but a recovery code does not", async () => {
    const { code, recoveryCodes } = await withAuthenticator("app6");
    const tickets = [await ticketOf("app6"), await ticketOf("app6")];
    for (let guess = 0; guess < 6; guess += 1) await finish(tickets[guess % 2]!, "000000");
    const refused = await finish(tickets[0]!, code());
    expect(refused).toMatchObject({ status: 429, code: "rate_limited" });
    expect((await finish(await ticketOf("app6"), recoveryCodes[0]!)).status).toBe(200);
    clock.leap(2 * minuteMs);
    expect((await finish(tickets[0]!, code())).status).toBe(200);
  });

  test("ends the sessions that began without it, and refuses a login by form without a ticket", async () => {
    await TestClient.register(server.url, "app7");
    const form = () => new URLSearchParams({ username: "app7", password });
    const legacy = guest();
    legacy.token = (await legacy.request<Credentials>("POST", "/api/auth/login", { body: form() })).body.access_token;
    const client = await login("app7");
    const { secret } = await client.post<AuthenticatorSecret>("/api/auth/authenticator");
    // Not asked for before its first code.
    expect((await logIn("app7")).status).toBe(200);
    expect((await client.request("PUT", "/api/auth/authenticator", { body: { code: "000000" } })).status).toBe(401);
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() });
    await client.put("/api/auth/authenticator", { code });
    expect([await isLoggedIn(client), await isLoggedIn(legacy)]).toEqual([true, false]);
    const refused: Answer<object> = await guest().request("POST", "/api/auth/login", { body: form() });
    expect(refused).toMatchObject({ status: 403, code: "second_factor_required" });
    expect(JSON.stringify(refused.body)).not.toContain("ticket");
    expect(await finish(await ticketOf("app7"), code)).toMatchObject(wrongCode);
  });
});

describe("a proof of who somebody is", () => {
  test("is asked for ten minutes after the login, before what cannot be undone", async () => {
    const client = await TestClient.register(server.url, "prover");
    const home = await client.createServer();
    clock.leap(10 * minuteMs);
    await admin.refresh();
    const dangerous = [
      () => admin.request("PUT", `/api/accounts/${client.me.id}/disabled`),
      () => client.request("POST", "/api/auth/recovery-codes"),
      () => client.request("POST", "/api/auth/authenticator"),
      () => client.request("DELETE", "/api/auth/authenticator"),
      () => client.request("POST", "/api/auth/passkeys/options"),
      () => client.request("DELETE", "/api/auth/passkeys/x"),
      () => client.request("DELETE", `/api/servers/${home.id}`),
      () => post("/api/admin/reset-links", { username: "prover" }, admin),
    ];
    for (const act of dangerous) expect(await act()).toMatchObject({ status: 403, code: "confirmation_required" });
    expect(await post("/api/auth/confirm", { password: "wrong" }, client)).toMatchObject(wrongCode);
    expect(await post("/api/auth/confirm", { password, code: "1" }, client)).toMatchObject({ status: 400 });
    expect(await dangerous.at(-2)!()).toMatchObject({ code: "confirmation_required" });
    expect((await post("/api/auth/confirm", { password }, client)).status).toBe(204);
    // Of this session only.
    expect((await client.request("DELETE", `/api/servers/${home.id}`)).status).toBe(204);
  });

  test("is the second factor where there is one: a stolen session with the password cannot switch it off", async () => {
    const { client, code } = await withAuthenticator("prover2");
    clock.leap(10 * minuteMs);
    await client.refresh();
    expect(await post("/api/auth/confirm", { password }, client)).toMatchObject({ status: 403, code: "forbidden" });
    expect(await client.request("DELETE", "/api/auth/authenticator")).toMatchObject({ code: "confirmation_required" });
    expect((await post("/api/auth/confirm", { code: code() }, client)).status).toBe(204);
    const begun = guest();
    const entered = await finish(await ticketOf("prover2"), code());
    begun.token = (entered.body as unknown as Credentials).access_token;
    await client.delete("/api/auth/authenticator");
    expect([await isLoggedIn(client), await isLoggedIn(begun)]).toEqual([true, false]);
    expect((await logIn("prover2")).status).toBe(200);
  });
});

test("a page of another origin can neither recover, reset, ask for a challenge nor finish a login", async () => {
  const headers = { origin: "https://evil.example" };
  for (const path of ["recover", "reset", "passkey-options", "login"]) {
    const answer = await guest().request("POST", `/api/auth/${path}`, { headers, body: {} });
    expect(answer).toMatchObject({ status: 403, code: "forbidden" });
  }
});

test("no recovery code, ticket or link is in the logs or the data folder", () => {
  const files = readdirSync(server.config.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString("latin1"));
  const stored = [logged, ...files];
  expect(stored.some((text) => text.includes("prover2"))).toBe(true);
  expect(secrets.length).toBeGreaterThan(50);
  expect(secrets.filter((secret) => stored.some((text) => text.includes(secret)))).toEqual([]);
});

async function login(username: string, secret = password): Promise<TestClient> {
  const client = guest();
  const body = { username, password: secret };
  const answer = await client.request<Credentials>("POST", "/api/auth/login", { body });
  client.token = answer.body.access_token;
  return client;
}
