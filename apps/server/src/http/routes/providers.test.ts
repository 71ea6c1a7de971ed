import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AccountSecurity, Credentials, Instance, Me, Newcomer, ProviderRedirect } from "@miscord/protocol";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OpenidService, ServiceVisitor } from "../../testing/openid-service.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { type Answer, TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const publicUrl = "https://chat.example.org";
const clock = new ManualClock(Date.now());
let service: OpenidService;
let server: TestServer;

beforeAll(async () => {
  service = await OpenidService.start(`${publicUrl}/api/auth/providers/school/callback`);
  server = await startTestServer(
    { publicUrl, loginProviders: [service.settings()] },
    { clock, issuers: { permitsLoopbackHttp: true } },
  );
});
afterAll(async () => {
  await server.cleanup();
  await service.close();
});

const guest = () => new TestClient(server.url);

/** Goes to the service as `name` and comes back, as a browser does. */
async function visit(
  client: TestClient,
  name: string,
  { purpose, at = new ServiceVisitor() }: { purpose?: "link" | "confirm"; at?: ServiceVisitor } = {},
): Promise<Answer<unknown>> {
  const path = `/api/auth/providers/school${purpose ? "/visit" : ""}`;
  const { url } = await client.post<ProviderRedirect>(path, purpose ? { purpose } : {});
  return comeBack(client, await at.visit(url, name));
}

const comeBack = (client: TestClient, { pathname, search }: URL) =>
  client.request("GET", pathname + search, { redirect: "manual" });

const finish = (client: TestClient) => client.request<Credentials & Newcomer>("POST", "/api/auth/visit/finish");

test("somebody new chooses a name, gets codes, and is known from then on", async () => {
  service.people.set("s-1", { preferred_username: "Ada Lovelace", name: "Ada L.", email: "ada@school.example" });
  expect(await guest().get<Instance>("/api/instance")).toMatchObject({
    login: { password: true, providers: [{ id: "school", name: "School" }] },
  });
  const ada = guest();
  const back = await visit(ada, "s-1");
  expect(back.status).toBe(303);
  expect(back.headers.get("location")).toBe("/continue");
  const outcome = await finish(ada);
  expect(outcome.body).toMatchObject({
    status: "new",
    username: "Ada_Lovelace",
    display_name: "Ada L.",
    email: "ada@school.example",
  });
  const made = await ada.request<Credentials>("POST", "/api/auth/visit/register", { body: { username: "ada" } });
  expect(made.status).toBe(201);

  const again = guest();
  await visit(again, "s-1");
  expect((await finish(again)).body.user).toMatchObject({ id: made.body.user.id, username: "ada" });
});
