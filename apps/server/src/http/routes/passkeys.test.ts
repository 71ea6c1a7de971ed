import type { AccountSecurity, Credentials, RecoveryCodes } from "@miscord/protocol";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SoftAuthenticator } from "../../testing/soft-authenticator.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const origin = "https://chat.example.org";
const wrongCode = { status: 401, code: "invalid_credentials" };
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ publicUrl: origin });
});
afterAll(() => server.cleanup());

const guest = () => new TestClient(server.url);
const post = (path: string, body: unknown, client = guest()) =>
  client.request<{ error: { details?: { ticket: string } } }>("POST", path, { body });
const logIn = (username: string) => post("/api/auth/login", { username, password: "correct horse battery" });

/** The ticket of a login whose password was right. */
async function ticketOf(username: string): Promise<string> {
  const answer = await logIn(username);
  expect(answer).toMatchObject({ status: 403, code: "second_factor_required" });
  return answer.body.error.details!.ticket;
}

const challengeOf = async (path: string, client = guest(), body: unknown = {}) =>
  (await client.post<{ challenge: string }>(path, body)).challenge;
const asked = (ticket?: string) => challengeOf("/api/auth/passkey-options", guest(), { ticket });

async function withPasskey(username: string) {
  const client = await TestClient.register(server.url, username);
  const key = new SoftAuthenticator("chat.example.org");
  const passkey = key.create({ origin, challenge: await challengeOf("/api/auth/passkeys/options", client) });
  const added = await post("/api/auth/passkeys", { passkey, name: "My phone" }, client);
  expect(added).toMatchObject({ status: 201, body: { passkey: { name: "My phone" } } });
  expect(await post("/api/auth/passkeys", { passkey, name: "again" }, client)).toMatchObject(wrongCode);
  return { client, key };
}

test("a passkey logs in alone, once a challenge, and only where its user was asked for", async () => {
  const { client, key } = await withPasskey("key1");
  const challenge = await asked();
  const passkey = key.get({ origin, challenge });
  const entered = await post("/api/auth/login", { passkey });
  expect(entered).toMatchObject({ status: 200, body: { user: { username: "key1" } } });
  const refused = [
    passkey,
    key.get({ origin, challenge }),
    key.get({ origin, challenge: "made-up" }),
    key.get({ origin: "https://evil.example", challenge: await asked() }),
    key.get({ origin, challenge: await asked(), isUserVerified: false }),
    new SoftAuthenticator("chat.example.org").get({ origin, challenge: await asked() }),
  ];
  for (const answer of refused) {
    expect(await post("/api/auth/login", { passkey: answer })).toMatchObject(wrongCode);
  }
  const { passkeys } = await client.get<AccountSecurity>("/api/auth/security");
  const theirs = guest();
  theirs.token = (entered.body as unknown as Credentials).access_token;
  await client.delete(`/api/auth/passkeys/${passkeys[0]!.id}`);
  expect(await theirs.request("GET", "/api/auth/me")).toMatchObject({ status: 401 });
  const late = key.get({ origin, challenge: await asked() });
  expect(await post("/api/auth/login", { passkey: late })).toMatchObject(wrongCode);
});

test("a passkey is the second step of its own account only", async () => {
  const [one, other] = [await withPasskey("key2"), await withPasskey("key3")];
  const ticket = await ticketOf("key2");
  const step = (passkey: unknown) => post("/api/auth/login", { ticket, passkey });
  const theirs = other.key.get({ origin, challenge: await asked() });
  expect(await step(theirs)).toMatchObject(wrongCode);
  const foreign = one.key.get({ origin, challenge: await asked(await ticketOf("key3")) });
  expect(await step(foreign)).toMatchObject(wrongCode);
  const own = one.key.get({ origin, challenge: await asked(ticket), isUserVerified: false });
  expect((await step(own)).status).toBe(200);
});

test("a passkey from before a recovery of the password does not log in alone any more", async () => {
  const { client, key } = await withPasskey("key7");
  const { recovery_codes: codes } = await client.post<RecoveryCodes>("/api/auth/recovery-codes");
  const body = { username: "key7", recovery_code: codes[0], new_password: "correct horse battery" };
  expect((await post("/api/auth/recover", body)).status).toBe(204);
  const alone = key.get({ origin, challenge: await asked() });
  expect(await post("/api/auth/login", { passkey: alone })).toMatchObject(wrongCode);
  const ticket = await ticketOf("key7");
  const second = key.get({ origin, challenge: await asked(ticket) });
  expect((await post("/api/auth/login", { ticket, passkey: second })).status).toBe(200);
});

test("a passkey is added only with a challenge of that user, and not at an address that is no name", async () => {
  const [one, other] = [await TestClient.register(server.url, "key4"), await TestClient.register(server.url, "key5")];
  const key = new SoftAuthenticator("chat.example.org");
  const challenge = await challengeOf("/api/auth/passkeys/options", other);
  const passkey = key.create({ origin, challenge });
  expect(await post("/api/auth/passkeys", { passkey, name: "x" }, one)).toMatchObject(wrongCode);
  expect(await post("/api/auth/passkeys", { passkey, name: "x" }, other)).toMatchObject(wrongCode);
  expect((await logIn("key5")).status).toBe(200);
  const nameless = await startTestServer();
  try {
    const client = await TestClient.register(nameless.url, "key6");
    expect(await post("/api/auth/passkeys/options", {}, client)).toMatchObject({ status: 409, code: "conflict" });
    expect(await client.get("/api/auth/security")).toMatchObject({ passkeys_possible: false });
    expect((await client.get<{ features: string[] }>("/api/instance")).features).not.toContain("passkeys");
  } finally {
    await nameless.cleanup();
  }
});

test("an address in the certificates of a new passkey is not called", async () => {
  const called: string[] = [];
  const inside = createServer((request, response) => {
    called.push(request.url!);
    response.end();
  }).listen(0, "127.0.0.1");
  await once(inside, "listening");
  try {
    const client = await TestClient.register(server.url, "key8");
    const challenge = await challengeOf("/api/auth/passkeys/options", client);
    const crlUrl = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/internal`;
    const passkey = new SoftAuthenticator("chat.example.org").createAttested({ origin, challenge }, crlUrl);
    const answer = await post("/api/auth/passkeys", { passkey, name: "My phone" }, client);
    expect(called).toEqual([]);
    expect(answer.status).toBe(201);
  } finally {
    inside.close();
  }
});
