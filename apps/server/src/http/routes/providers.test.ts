import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import type {
  AccountPage,
  AccountSecurity,
  AuthenticatorSecret,
  Credentials,
  Instance,
  InstanceLog,
  Member,
  Me,
  ProviderRedirect,
  Role,
} from "@miscord/protocol";
import { Secret, TOTP } from "otpauth";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { GroupRule } from "../../domain/ports.ts";
import { OpenidService, ServiceVisitor } from "../../testing/openid-service.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import {
  begin,
  callback,
  comeBack,
  finish,
  landing,
  newcomer,
  publicUrl,
  visit,
} from "../../testing/provider-visits.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

/** Behind that of the provider, whatever the tests advance it by. */
const clock = new ManualClock(Date.now() - 3_600_000);
/** What groups give; a test adds to it. */
const rules: GroupRule[] = [{ group: "staff", administrator: true }];
const issuers = { permitsLoopbackHttp: true };
let service: OpenidService;
let server: TestServer;
/** Claims to be `service` in its document, at another address. */
let impostor: { url: string; close(): void };
let logged = "";

beforeAll(async () => {
  service = await OpenidService.start(publicUrl + callback);
  const copy = createServer((_request, response) => {
    const { issuer } = service;
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }),
    );
  });
  await new Promise<void>((resolve) => copy.listen(0, "127.0.0.1", resolve));
  impostor = { url: `http://127.0.0.1:${(copy.address() as AddressInfo).port}`, close: () => copy.close() };
  const oidcProviders = [
    service.settings({ groups: rules }),
    service.settings({ id: "impostor", issuer: impostor.url }),
    service.settings({ id: "plain", issuer: "http://localhost:1" }),
    {
      id: "vk",
      name: "VK ID",
      kind: "vk" as const,
      client_id: "any",
      groups: [],
      groups_claim: "groups",
      second_factor: false,
    },
  ];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  const logger = pino({ level: "trace" }, stream);
  server = await startTestServer({ publicUrl, oidcProviders }, { clock, logger, issuers });
});
afterAll(async () => {
  await server.cleanup();
  await service.close();
  impostor.close();
});

const guest = () => new TestClient(server.url);

const security = (client: TestClient) => client.get<AccountSecurity>("/api/auth/security");

test("somebody new chooses a name, and is known from then on", async () => {
  service.people.set("s-1", { preferred_username: "Ada Lovelace", name: "Ada L.", email: "ada@school.example" });
  expect((await guest().get<Instance>("/api/instance")).login).toMatchObject({
    password: true,
    providers: [{ id: "school", name: "School" }, {}, {}, {}],
  });
  // The same address as an account has here makes nobody that account.
  const same = await TestClient.register(server.url, "Ada_Lovelace", { email: "ada@school.example" });
  const ada = guest();
  expect(await visit(ada, "s-1")).toBe("/continue");
  const suggestion = { status: "new", username: "Ada_Lovelace2", display_name: "Ada L.", email: "ada@school.example" };
  expect((await finish(ada)).body).toMatchObject(suggestion);
  const take = (username: string) =>
    ada.request<Credentials>("POST", "/api/auth/visit/register", { body: { username } });
  expect(await take("ada_lovelace")).toMatchObject({ code: "username_taken" });
  expect(await take("аda_lovelace")).toMatchObject({ code: "username_taken" });
  const made = await take("countess");
  expect(made).toMatchObject({ status: 201, body: { user: { username: "countess" } } });
  expect(made.body.user.id).not.toBe(same.me.id);

  const again = guest();
  await visit(again, "s-1");
  expect((await finish(again)).body.user).toMatchObject({ id: made.body.user.id });
  // Nobody logs in to it with a password, not even an empty one.
  for (const password of ["", " ", "correct horse battery"]) {
    const body = { username: "countess", password };
    expect((await guest().request("POST", "/api/auth/login", { body })).status).toBeGreaterThanOrEqual(400);
  }
});

test("a state and a code work once, and only in the browser that began", async () => {
  const [ann, thief] = [guest(), guest()];
  const back = await new ServiceVisitor().visit(await begin(ann), "s-ann");
  await begin(thief);
  // The code of another person's visit, their state or a state of nobody: nobody is logged in.
  expect(landing(await comeBack(thief, back))).toContain("problem=visit");
  expect(landing(await comeBack(guest(), back))).toContain("problem=visit");
  const forged = new URL(back);
  forged.searchParams.set("state", "made-up");
  expect(landing(await comeBack(ann, forged))).toContain("problem=visit");
  // At the address of another provider, as in a mix-up.
  expect(landing(await comeBack(ann, back, "/api/auth/providers/impostor/callback"))).toContain("problem=visit");
  expect(landing(await comeBack(ann, back))).toBe("/continue");
  expect(landing(await comeBack(ann, back))).toContain("problem=visit");

  // The same code with a state of the thief's own: PKCE and the service refuse it, used or not.
  const unused = await new ServiceVisitor().visit(await begin(guest()), "s-ann");
  for (const code of [back, unused].map((url) => url.searchParams.get("code")!)) {
    const injected = await new ServiceVisitor().visit(await begin(thief), "s-thief");
    injected.searchParams.set("code", code);
    expect(landing(await comeBack(thief, injected))).toContain("problem=refused");
  }
  // Another issuer in the answer, and a person who said no.
  const other = await new ServiceVisitor().visit(await begin(thief), "s-thief");
  other.searchParams.set("iss", impostor.url);
  expect(landing(await comeBack(thief, other))).toContain("problem=refused");
  expect(await visit(thief, "")).toContain("problem=denied");
  expect(await finish(thief)).toMatchObject({ status: 401 });
  const { url } = await thief.post<ProviderRedirect>("/api/auth/providers/vk");
  const no = new URL(`${publicUrl}?error=access_denied&state=${new URL(url).searchParams.get("state")}`);
  expect(landing(await comeBack(thief, no, "/api/auth/providers/vk/callback"))).toContain("problem=denied");

  // What was proved is used up by the login.
  expect((await finish(ann)).body.status).toBe("new");
  const body = { username: "ann_once" };
  const proof = ann.cookies.get("miscord_visit")!;
  expect((await ann.request("POST", "/api/auth/visit/register", { body })).status).toBe(201);
  ann.cookies.set("miscord_visit", proof);
  const second = { body: { username: "ann_twice" } };
  expect(await ann.request("POST", "/api/auth/visit/register", second)).toMatchObject({ status: 401 });
});

test("what is asked of a provider has PKCE, a nonce and the public address, and its cookie is for this browser", async () => {
  const answer = await guest().request<ProviderRedirect>("POST", "/api/auth/providers/school");
  const { searchParams: asked, origin } = new URL(answer.body.url);
  expect(origin).toBe(service.issuer);
  expect(Object.fromEntries(asked)).toMatchObject({
    redirect_uri: publicUrl + callback,
    code_challenge_method: "S256",
    response_type: "code",
  });
  for (const name of ["state", "nonce", "code_challenge"]) expect(asked.get(name)!.length).toBeGreaterThan(40);
  expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^miscord_visit=.*HttpOnly.*SameSite=Lax/)]);
  // The service takes no visit without it.
  asked.delete("code_challenge");
  const refused = await new ServiceVisitor().visit(`${service.issuer}/auth?${asked}`, "s-1");
  expect(refused.searchParams.get("error")).toBe("invalid_request");
  const foreign = { headers: { origin: "https://evil.example" } };
  for (const path of ["providers/school", "visit/finish", "visit/register"]) {
    expect(await guest().request("POST", `/api/auth/${path}`, foreign)).toMatchObject({ status: 403 });
  }
});

test("a provider that lies about its issuer, is not on https or does not answer is told plainly", async () => {
  const ask = (id: string) => guest().request("POST", `/api/auth/providers/${id}`);
  expect(await ask("impostor")).toMatchObject({
    code: "unavailable",
    body: { error: { details: { fault: "refused" } } },
  });
  expect(await ask("plain")).toMatchObject({ body: { error: { details: { fault: "unreachable" } } } });
  expect(await ask("nowhere")).toMatchObject({ status: 404 });
  // Its document is kept, so that only the login itself needs it; what fails is not asked again at once.
  const client = guest();
  const back = await new ServiceVisitor().visit(await begin(client), "s-1");
  service.isAnswering = false;
  const answer = comeBack(client, back);
  expect((await ask("school")).status).toBe(200);
  expect(landing(await answer)).toContain("problem=unreachable");
  service.isAnswering = true;
  expect(logged).toContain("a login provider failed");
});

test("a login is linked after proof only, and never the last way in is taken", async () => {
  const bob = await TestClient.register(server.url, "bob");
  const eve = await TestClient.register(server.url, "eve");
  await visit(bob, "s-bob", { purpose: "link" });
  // What one session began, no other ends, not even with its cookie.
  eve.cookies.set("miscord_visit", bob.cookies.get("miscord_visit")!);
  expect(await eve.request("POST", "/api/auth/visit/link")).toMatchObject({ status: 401 });
  expect(await guest().request("POST", "/api/auth/visit/link")).toMatchObject({ status: 401 });
  await bob.post("/api/auth/visit/link");
  expect(await security(bob)).toMatchObject({ password: true, identities: [{ provider: "school" }] });
  // A token alone does not link, when its bearer has proved nothing for long.
  clock.advance(11 * 60_000);
  await visit(eve, "s-eve");
  expect(await eve.request("POST", "/api/auth/visit/link")).toMatchObject({ code: "confirmation_required" });
  const toLink = { body: { purpose: "link" } };
  const refused = await eve.request("POST", "/api/auth/providers/school/visit", toLink);
  expect(refused).toMatchObject({ code: "confirmation_required" });
  // The proof counts from when the visit began, however long it takes.
  await eve.post("/api/auth/confirm", { password: "correct horse battery" });
  clock.advance(6 * 60_000);
  await eve.refresh();
  await visit(eve, "s-eve", { purpose: "link" });
  clock.advance(6 * 60_000);
  await eve.post("/api/auth/visit/link");
  await eve.post("/api/auth/confirm", { password: "correct horse battery" });
  await visit(eve, "s-bob", { purpose: "link" });
  expect(await eve.request("POST", "/api/auth/visit/link")).toMatchObject({ code: "conflict" });

  const cleo = await newcomer(server.url, "s-cleo");
  const [only] = (await security(cleo)).identities;
  const unlink = () => cleo.request("DELETE", `/api/auth/identities/${only!.id}`);
  expect(await unlink()).toMatchObject({ code: "conflict" });
  expect((await eve.request("DELETE", `/api/auth/identities/${only!.id}`)).status).toBe(404);
  await cleo.post("/api/auth/password", { current_password: "", new_password: "another good one" });
  expect(await unlink()).toMatchObject({ status: 204 });
  await visit(cleo, "s-cleo");
  expect((await finish(cleo)).body.status).toBe("new");
});

test("an account without a password proves who it is by a new login at the provider", async () => {
  const at = new ServiceVisitor();
  const dora = guest();
  await visit(dora, "s-dora", { at });
  const made = await dora.request<Credentials>("POST", "/api/auth/visit/register", { body: { username: "dora" } });
  dora.token = made.body.access_token;
  clock.advance(11 * 60_000);
  await dora.refresh();
  const codes = () => dora.request("POST", "/api/auth/recovery-codes");
  expect(await codes()).toMatchObject({ body: { error: { details: { methods: ["provider"] } } } });
  // A login of another person there proves nothing; nor does one for logging in.
  await visit(dora, "s-other", { purpose: "confirm" });
  expect(await dora.request("POST", "/api/auth/visit/confirm")).toMatchObject({ code: "invalid_credentials" });
  await visit(dora, "s-dora", { at });
  expect(await dora.request("POST", "/api/auth/visit/confirm")).toMatchObject({ code: "unauthorized" });
  const url = await begin(dora, "confirm");
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({ prompt: "login", max_age: "0" });
  expect((await codes()).status).toBe(403);
  await comeBack(dora, await at.visit(url, "s-dora"));
  await dora.post("/api/auth/visit/confirm");
  expect((await codes()).status).toBe(201);
});

test("a second factor of the account is still asked for", async () => {
  const fay = await newcomer(server.url, "s-fay");
  const { secret } = await fay.post<AuthenticatorSecret>("/api/auth/authenticator");
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  await fay.put("/api/auth/authenticator", { code: totp.generate({ timestamp: clock.now() }) });
  const again = guest();
  await visit(again, "s-fay");
  const refused = await finish(again);
  expect(refused).toMatchObject({ code: "second_factor_required" });
  const { ticket } = (refused.body as unknown as { error: { details: { ticket: string } } }).error.details;
  const body = { ticket, code: totp.generate({ timestamp: clock.now() + 30_000 }) };
  expect((await again.request("POST", "/api/auth/login", { body })).status).toBe(200);
});

test("groups make administrators and roles, and take them again, but not from the last administrator", async () => {
  service.people.set("s-gus", { groups: ["staff"] });
  service.people.set("s-hal", { groups: ["staff"] });
  const gus = await newcomer(server.url, "s-gus");
  const hal = await newcomer(server.url, "s-hal");
  expect([gus.me.is_admin, hal.me.is_admin]).toEqual([true, true]);
  service.people.set("s-gus", {});
  service.people.set("s-hal", { groups: ["guests"] });
  for (const [name, isAdmin] of [
    ["s-gus", false],
    ["s-hal", true],
  ] as const) {
    const client = guest();
    await visit(client, name);
    await finish(client);
    expect(await client.get<Me>("/api/auth/me")).toMatchObject({ is_admin: isAdmin });
  }
  const { entries } = await hal.get<InstanceLog>("/api/instance/log?limit=1");
  expect(entries).toMatchObject([
    { action: "administrator_remove", user: { username: "s-gus" }, actor: { id: gus.me.id } },
  ]);

  // Roles of a server in which they are a member, and of no other.
  const { id } = await hal.createServer();
  const role = await hal.post<Role>(`/api/servers/${id}/roles`, { name: "Pupils" });
  rules.push({ group: "pupils", role: role.id });
  service.people.set("s-gus", { groups: ["pupils"] });
  const roleIds = async () => {
    const client = guest();
    await visit(client, "s-gus");
    await finish(client);
    const { members } = await hal.get<{ members: Member[] }>(`/api/servers/${id}/members`);
    return members.find((member) => member.id === gus.me.id)?.role_ids;
  };
  expect(await roleIds()).toBeUndefined();
  await gus.join(await hal.invite(id));
  expect(await roleIds()).toEqual([role.id]);
  service.people.set("s-gus", { groups: [] });
  expect(await roleIds()).toEqual([]);

  // Nobody administers who has yet to be accepted.
  const setMode = (registration: string) => hal.patch("/api/instance/settings", { registration });
  await setMode("approval");
  service.people.set("s-ike", { groups: ["staff"] });
  const ike = guest();
  await visit(ike, "s-ike");
  const body = { username: "ike_waits", reason: "I work here." };
  expect(await ike.request("POST", "/api/auth/visit/register", { body })).toMatchObject({ status: 202 });
  await setMode("open");
  await visit(ike, "s-ike");
  expect(await finish(ike)).toMatchObject({ code: "approval_pending" });
  const { accounts } = await hal.get<AccountPage>("/api/accounts?search=ike_waits");
  expect(accounts).toMatchObject([{ is_admin: false }]);
});

test("no code, token or secret is in the log", () => {
  expect(logged).toContain("/api/auth/providers/:provider/callback");
  expect(logged).not.toContain(service.clientSecret);
  expect(logged).not.toMatch(/[?&](?:code|state)=/);
});
