import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import type { RecoveryCodes, ServerState, WebhookWithToken } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

const newPassword = "a quite different one";
/** Longer than a body may take before its sender is asked for again. */
const lateMs = 1_100;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.cleanup());

/** A request whose sender the server has let in, and waits for the body of. */
async function begin(client: TestClient, method: string, path: string, body: string): Promise<() => Promise<number>> {
  const headers = {
    authorization: `Bearer ${client.token}`,
    "content-type": "application/json",
    "content-length": body.length,
    expect: "100-continue",
  };
  const sent: ClientRequest = httpRequest(server.url + path, { method, headers });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  sent.flushHeaders();
  await once(sent, "continue");
  // What the server has read for the request comes before what it reads for a later one.
  await client.get("/api/auth/me");
  return async () => {
    sent.end(body);
    const [answer] = await answered;
    answer.resume();
    return answer.statusCode!;
  };
}

test("what a session began before a recovery lets nobody in after it", async () => {
  const thief = await TestClient.register(server.url, "recovered");
  const { recovery_codes: codes } = await thief.post<RecoveryCodes>("/api/auth/recovery-codes");
  const renew = await begin(thief, "POST", "/api/auth/recovery-codes", "{}");
  const bot = await begin(thief, "POST", "/api/bots", JSON.stringify({ username: "robot" }));
  const address = await begin(thief, "PUT", "/api/auth/email", JSON.stringify({ email: "thief@example.org" }));
  const recovery = { username: "recovered", recovery_code: codes[0], new_password: newPassword };
  expect((await thief.request("POST", "/api/auth/recover", { body: recovery })).status).toBe(204);
  expect([await renew(), await bot(), await address()]).toEqual([401, 401, 401]);
  const next = { username: "recovered", recovery_code: codes[1], new_password: newPassword };
  expect((await thief.request("POST", "/api/auth/recover", { body: next })).status).toBe(204);
});

test("a body that is late is nobody's once its session has ended, nor its webhook's token been replaced", async () => {
  const client = await TestClient.register(server.url, "slow");
  const home = await client.createServer();
  const channelId = home.channels[0]!.id;
  const { id, token } = await client.post<WebhookWithToken>(`/api/channels/${channelId}/webhooks`, { name: "hook" });
  const hook = await begin(
    client,
    "POST",
    `/api/webhooks/${id}/${token}?wait=true`,
    JSON.stringify({ content: "old" }),
  );
  const rename = await begin(client, "PATCH", `/api/servers/${home.id}`, JSON.stringify({ name: "Renamed" }));
  const other = await TestClient.logIn(server.url, "slow");
  await other.request("PUT", `/api/webhooks/${id}/token`);
  await client.request("POST", "/api/auth/logout");
  await new Promise((resolve) => setTimeout(resolve, lateMs));
  expect([await hook(), await rename()]).toEqual([404, 401]);
  expect((await other.get<ServerState>(`/api/servers/${home.id}`)).name).toBe("Home");
});

test("a late body of a session that goes on is accepted", async () => {
  const client = await TestClient.register(server.url, "patient");
  const end = await begin(client, "POST", "/api/servers", JSON.stringify({ name: "Slowly" }));
  await new Promise((resolve) => setTimeout(resolve, lateMs));
  expect(await end()).toBe(201);
});
