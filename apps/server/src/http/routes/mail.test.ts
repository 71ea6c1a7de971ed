import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AccountMail, AuthenticatorSecret, Instance, RecoveryCodes } from "@miscord/protocol";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mailLogin } from "../../testing/mail-server.ts";
import { openMailWorld, publicUrl, tokenIn, type MailWorld } from "../../testing/mail-world.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer } from "../../testing/test-server.ts";

const password = "correct horse battery";
const newPassword = "a quite different one";
const hourMs = 3_600_000;
const broken = { status: 401, code: "invalid_credentials" };

/** Everything that must never be stored or logged as it is. */
const secrets: string[] = [];
let world: MailWorld;

beforeAll(async () => {
  world = await openMailWorld();
});
afterAll(() => world.cleanup());

const guest = () => new TestClient(world.server.url);
const post = (path: string, body: unknown, client = guest()) => client.request("POST", path, { body });
const confirm = (client: TestClient, token: string) => post("/api/auth/email/confirm", { token }, client);
const askReset = (email: string) => post("/api/auth/reset-mail", { email });
const reset = (token: string) => post("/api/auth/reset", { token, new_password: newPassword });
const stateOf = (client: TestClient) => client.get<AccountMail>("/api/auth/email");
const isLoggedIn = async (client: TestClient) => (await client.request("GET", "/api/auth/me")).status === 200;

async function linkTo(address: string, number?: number): Promise<string> {
  const token = tokenIn(await world.mailTo(address, number));
  secrets.push(token);
  return token;
}

describe("an address", () => {
  test("is confirmed by the link that the registration sends, once and by its own account only", async () => {
    const anna = await TestClient.register(world.server.url, "anna", { locale: "ru" });
    const boris = await TestClient.register(world.server.url, "boris");
    expect(await stateOf(anna)).toMatchObject({ confirmed: false, pending: "anna@example.org", digest: false });
    const mail = await world.mailTo("anna@example.org");
    expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail.text).toContain("Здравствуйте, anna!");
    const token = await linkTo("anna@example.org");
    expect(await confirm(guest(), token)).toMatchObject({ status: 401, code: "unauthorized" });
    expect(await confirm(boris, token)).toMatchObject(broken);
    expect(await confirm(boris, "made-up")).toMatchObject(broken);
    const both = await Promise.all([confirm(anna, token), confirm(anna, token)]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 401]));
    expect(await stateOf(anna)).toMatchObject({ email: "anna@example.org", confirmed: true, pending: null });
    expect(await stateOf(boris)).toMatchObject({ confirmed: false });
  });

  test("is not confirmed by a link older than a day, nor by one that went to another address", async () => {
    const client = await TestClient.register(world.server.url, "late");
    const late = await linkTo("late@example.org");
    await post("/api/auth/confirm", { password }, client);
    await client.put("/api/auth/email", { email: "late@example.org" });
    const replaced = await linkTo("late@example.org", 2);
    await client.put("/api/auth/email", { email: "other@example.org" });
    for (const token of [late, replaced]) expect(await confirm(client, token)).toMatchObject(broken);
    const expired = await linkTo("other@example.org");
    world.clock.leap(24 * hourMs);
    await client.refresh();
    expect(await confirm(client, expired)).toMatchObject(broken);
    expect(await stateOf(client)).toMatchObject({ confirmed: false, pending: "other@example.org" });
  });

  test("that somebody asked for who knew the password is not confirmed once it was changed", async () => {
    const client = await world.confirmed("robbed");
    await client.put("/api/auth/email", { email: "thief@example.org" });
    const token = await linkTo("thief@example.org");
    await client.post("/api/auth/password", { current_password: password, new_password: newPassword });
    expect(await confirm(client, token)).toMatchObject(broken);
    expect(await stateOf(client)).toMatchObject({ email: "robbed@example.org", confirmed: true, pending: null });
  });

  test("that is changed is confirmed at the new place, told to the former one, and ends the links that went there", async () => {
    const client = await world.confirmed("mover");
    await askReset("MOVER@example.org");
    const former = await linkTo("mover@example.org", 2);
    await client.put("/api/auth/email", { email: "moved@example.org", locale: "en" });
    expect(await stateOf(client)).toMatchObject({ email: "mover@example.org", confirmed: true });
    expect(await confirm(client, await linkTo("moved@example.org"))).toMatchObject({ status: 200 });
    expect((await world.mailTo("mover@example.org", 3)).text).toContain("no longer belongs to your account");
    expect(await reset(former)).toMatchObject(broken);
    await askReset("mover@example.org");
    await client.delete("/api/auth/email");
    await askReset("moved@example.org");
    expect((await world.mailTo("moved@example.org", 2)).text).toContain("no longer belongs to your account");
    await world.settled();
    expect(world.smtp.received.filter(({ to }) => to.includes("mover@example.org"))).toHaveLength(3);
    expect(world.smtp.received.filter(({ to }) => to.includes("moved@example.org"))).toHaveLength(2);
  });

  test("cannot be changed, nor notices switched off, without a fresh proof of who asks", async () => {
    const client = await world.confirmed("prover");
    world.clock.leap(11 * 60_000);
    const asked = { status: 403, code: "confirmation_required" };
    const own = "/api/auth/email";
    expect(await client.request("PUT", own, { body: { email: "x@example.org" } })).toMatchObject(asked);
    expect(await client.request("DELETE", own)).toMatchObject(asked);
    expect(await client.request("PATCH", own, { body: { notices: false } })).toMatchObject(asked);
    expect(await client.patch(own, { digest: true })).toMatchObject({ notices: true, digest: true });
  });

  test("with another header, a second address or a name in it is refused, and no mail leaves", async () => {
    const client = await TestClient.register(world.server.url, "injector", { email: undefined });
    const bad = [
      "a@example.org\r\nBcc: b@example.org",
      "a@example.org\nSubject: x",
      "a@example.org, b@example.org",
      '"b@example.org" <a@example.org>',
      "a@example.org%0d%0aBcc:b@example.org",
    ];
    for (const email of bad) {
      expect(await client.request("PUT", "/api/auth/email", { body: { email } })).toMatchObject({ status: 400 });
      expect(await askReset(email)).toMatchObject({ status: 400 });
    }
    await world.settled();
    expect(world.smtp.received.filter(({ to }) => to.some((address) => /^[ab]@/.test(address)))).toEqual([]);
  });
});

describe("a reset by mail", () => {
  test("gets the same answer for every address, and a mail goes to confirmed ones only", async () => {
    await world.confirmed("known");
    await TestClient.register(world.server.url, "unconfirmed");
    const answers = [];
    for (const name of ["known", "unconfirmed", "nobody"]) {
      const { status, body, headers } = await askReset(`${name}@example.org`);
      answers.push(JSON.stringify({ status, body, headers: [...headers.keys()] }));
    }
    expect(new Set(answers)).toHaveLength(1);
    await world.mailTo("known@example.org", 2);
    await world.settled();
    const count = (name: string) => world.smtp.received.filter(({ to }) => to.includes(`${name}@example.org`)).length;
    expect(["known", "unconfirmed", "nobody"].map(count)).toEqual([2, 1, 0]);
  });

  test("sets a password once within an hour, ends all sessions, still asks for the second factor, and is told of", async () => {
    const client = await world.confirmed("forgetful");
    const { secret } = await client.post<AuthenticatorSecret>("/api/auth/authenticator");
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: world.clock.now() });
    await client.put("/api/auth/authenticator", { code });
    expect((await world.mailTo("forgetful@example.org", 2)).text).toContain("an authenticator app");
    await askReset("forgetful@example.org");
    const late = await linkTo("forgetful@example.org", 3);
    world.clock.leap(hourMs);
    expect(await reset(late)).toMatchObject(broken);
    await askReset("forgetful@example.org");
    const token = await linkTo("forgetful@example.org", 4);
    // A link of one kind is none of the other.
    await client.refresh();
    expect(await confirm(client, token)).toMatchObject(broken);
    expect(await reset(token)).toMatchObject({ status: 200, body: { username: "forgetful" } });
    expect(await isLoggedIn(client)).toBe(false);
    expect((await client.refresh()).status).toBe(401);
    expect(await reset(token)).toMatchObject(broken);
    const logIn = (secret_: string) => post("/api/auth/login", { username: "forgetful", password: secret_ });
    expect(await logIn(password)).toMatchObject(broken);
    expect(await logIn(newPassword)).toMatchObject({ status: 403, code: "second_factor_required" });
    expect((await world.mailTo("forgetful@example.org", 5)).text).toContain("the password of your account was changed");
  });

  test("is limited by address, whoever asks and whether or not there is an account", async () => {
    for (const name of ["limited", "missing"]) {
      const statuses = [];
      for (let ask = 0; ask < 6; ask += 1) statuses.push((await askReset(`${name}@example.org`)).status);
      expect(statuses).toEqual([204, 204, 204, 204, 204, 429]);
    }
  });

  test("does not go to an address from before a recovery by code, which is told of it", async () => {
    const client = await world.confirmed("evicted");
    const { recovery_codes: codes } = await client.post<RecoveryCodes>("/api/auth/recovery-codes");
    const recovery = { username: "evicted", recovery_code: codes[0], new_password: password };
    expect(await post("/api/auth/recover", recovery)).toMatchObject({ status: 204 });
    const owner = await TestClient.logIn(world.server.url, "evicted");
    expect(await stateOf(owner)).toMatchObject({ email: "evicted@example.org", confirmed: false });
    expect((await world.mailTo("evicted@example.org", 3)).text).toContain("the password of your account was changed");
  });

  test("of a page of another origin is refused", async () => {
    const headers = { origin: "https://evil.example" };
    const body = { email: "known@example.org" };
    const answer = await guest().request("POST", "/api/auth/reset-mail", { headers, body });
    expect(answer).toMatchObject({ status: 403, code: "forbidden" });
  });
});

test("asking for many mails to one's own address is limited by account", async () => {
  const client = await TestClient.register(world.server.url, "eager", { email: undefined });
  const statuses = [];
  for (let ask = 0; ask < 6; ask += 1) {
    const body = { email: `eager${ask}@example.org` };
    statuses.push((await client.request("PUT", "/api/auth/email", { body })).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
});

test("notices that one user causes without end neither pile up nor keep others' mails waiting", async () => {
  const client = await world.confirmed("restless");
  await world.confirmed("patient");
  const renew = () => client.post("/api/auth/recovery-codes");
  const sent = () => world.smtp.received.filter(({ to }) => to.includes("restless@example.org")).length - 1;
  await world.settled();
  for (let time = 0; time < 30; time += 1) await renew();
  await world.mailTo("restless@example.org", 3);
  await world.settled();
  expect(sent()).toBeLessThan(6);
  for (let time = 3; time <= 10; time += 1) {
    await renew();
    await world.mailTo("restless@example.org", time + 1);
  }
  for (let time = 0; time < 5; time += 1) await renew();
  await new TestClient(world.server.url).post("/api/auth/reset-mail", { email: "patient@example.org" });
  await world.mailTo("patient@example.org", 2);
  expect(sent()).toBeLessThan(13);
});

test("no secret of a link, and no password of the mail server, is in the logs or the data folder", () => {
  const files = readdirSync(world.server.config.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString("latin1"));
  const stored = [world.logged(), ...files];
  expect(stored.some((text) => text.includes("forgetful@example.org"))).toBe(true);
  expect(secrets.length).toBeGreaterThan(5);
  const hidden = [...secrets, mailLogin.pass, encodeURIComponent(mailLogin.pass)];
  expect(hidden.filter((secret) => stored.some((text) => text.includes(secret)))).toEqual([]);
  expect(world.logged()).not.toContain("@example.org");
});

test("without a mail server an address is a note, nothing is offered, and no mail waits", async () => {
  const server = await startTestServer({ publicUrl });
  try {
    const client = await TestClient.register(server.url, "plain", { email: undefined });
    expect((await client.get<Instance>("/api/instance")).features).not.toContain("mail");
    expect(await stateOf(client)).toMatchObject({ available: false, email: "", confirmed: false, pending: null });
    await client.put("/api/auth/email", { email: "plain@example.org" });
    expect(await stateOf(client)).toMatchObject({ email: "plain@example.org", confirmed: false, pending: null });
    const body = { email: "plain@example.org" };
    const answer = await new TestClient(server.url).request("POST", "/api/auth/reset-mail", { body });
    expect(answer).toMatchObject({ status: 409, code: "conflict" });
  } finally {
    await server.cleanup();
  }
});
