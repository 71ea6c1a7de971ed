import type { Credentials, Instance } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loginLink } from "../../admin/accounts.ts";
import { loginProviders } from "../../oidc/provider-settings.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const school = { id: "school", name: "School", issuer: "https://id.school.example", client_id: "miscord" };
let server: TestServer;
/** The login link that the command line prints. */
let link: string;

const guest = () => new TestClient(server.url);
const body = { username: "ivy", email: "ivy@example.org", password: "correct horse battery" };

beforeAll(async () => {
  server = await startTestServer({
    publicUrl: "https://chat.example.org",
    hasPasswordLogin: false,
    oidcProviders: loginProviders.parse(JSON.stringify([school])),
  });
  const claimed = { ...body, claim_token: new URL(server.claimUrl!).hash.slice(1) };
  // The claim link makes the first administrator, who has no provider yet.
  await guest().post("/api/auth/register", claimed);
  link = /\/continue#(\S+)/.exec(await loginLink(server.config, "ivy"))![1]!;
});
afterAll(() => server.cleanup());

test("an instance of providers alone refuses passwords", async () => {
  expect((await guest().get<Instance>("/api/instance")).login).toMatchObject({ password: false });
  const other = { ...body, username: "joe" };
  expect(await guest().request("POST", "/api/auth/register", { body: other })).toMatchObject({
    code: "registration_closed",
  });
  const new_password = "another good one";
  const refusals = await Promise.all([
    guest().request("POST", "/api/auth/login", { body }),
    guest().request("POST", "/api/auth/login", { body: new URLSearchParams(body) }),
    guest().request("POST", "/api/auth/reset", { body: { token: "any", new_password } }),
    guest().request("POST", "/api/auth/recover", { body: { username: "ivy", recovery_code: "any", new_password } }),
  ]);
  expect(refusals.map(({ code }) => code)).toEqual(["forbidden", "forbidden", "forbidden", "forbidden"]);
});

test("the command line lets its administrator in, once", async () => {
  const enter = () => guest().request<Credentials>("POST", "/api/auth/login", { body: { link } });
  expect((await enter()).body.user).toMatchObject({ username: "ivy", is_admin: true });
  expect((await enter()).code).toBe("invalid_credentials");
});
