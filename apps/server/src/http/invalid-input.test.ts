import type { ServerState, WebhookWithToken } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "../testing/test-client.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";

type Call = [method: string, path: string, body?: unknown];

let server: TestServer;
let owner: TestClient;
let home: ServerState;

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
  home = await owner.createServer();
});
afterAll(() => server.cleanup());

describe("invalid input:", () => {
  const bad: [string, () => Call][] = [
    ["an id that is not a number", () => ["GET", "/api/servers/abc"]],
    ["an id above the largest integer", () => ["GET", "/api/servers/99999999999999999999"]],
    ["a name that is too long", () => ["POST", "/api/servers", { name: "x".repeat(81) }]],
    ["a name of blanks", () => ["POST", "/api/servers", { name: "   " }]],
    ["a name with control characters", () => ["POST", "/api/servers", { name: "x\0y" }]],
    ["an invite code with control characters", () => ["GET", "/api/invites/x%00y"]],
    ["no body", () => ["POST", "/api/servers"]],
    ["a list as body", () => ["POST", "/api/servers", []]],
    ["an unknown channel type", () => ["POST", `/api/servers/${home.id}/channels`, { name: "x", type: "video" }]],
    ["a negative position", () => ["PUT", `/api/channels/${home.channels[0]!.id}/read`, { seq: -1 }]],
    ["an invite that expires too soon", () => ["POST", `/api/servers/${home.id}/invites`, { expires_in: 1 }]],
    ["a number as content", () => ["POST", `/api/channels/${home.channels[0]!.id}/messages`, { content: 1 }]],
    ["a page size of zero", () => ["GET", `/api/channels/${home.channels[0]!.id}/messages?limit=0`]],
    ["a notification id that is not a number", () => ["GET", "/api/notifications?before=x"]],
    ["notification ids that are not numbers", () => ["POST", "/api/notifications/read", { ids: ["x"] }]],
  ];
  test.each(bad)("%s is refused with a reason", async (_name, call) => {
    const [method, path, body] = call();
    const answer = await owner.request<{ error: { message: string } }>(method, path, { body });
    expect(answer).toMatchObject({ status: 400, code: "invalid_request" });
    expect(answer.body.error.message).not.toBe("");
  });

  test("an empty body that is called JSON counts as no body, whatever the method", async () => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${owner.token}` };
    const send = async (method: string, path: string, body: string) => {
      const response = await fetch(server.url + path, { method, headers, body });
      const answer = (await response.json().catch(() => null)) as { error?: { code: string } } | null;
      return [response.status, answer?.error?.code];
    };
    for (const body of ["", " \r\n"]) {
      expect((await send("POST", `/api/servers/${home.id}/invites`, body))[0]).toBe(201);
      // A field that is needed is missing, which is the caller's mistake but no malformed request.
      expect(await send("POST", "/api/servers", body)).toEqual([400, "invalid_request"]);
      expect(await send("PATCH", `/api/servers/${home.id}`, body)).toEqual([400, "invalid_request"]);
      expect(await send("DELETE", "/api/auth/sessions/none", body)).toEqual([404, "not_found"]);
    }
  });

  test("JSON that is nested too deeply is refused before it is read, also in the field of a form", async () => {
    const nested = (depth: number) => `{"name":"a","x":${"[".repeat(depth - 1)}"]"${"]".repeat(depth - 1)}}`;
    const headers = { "content-type": "application/json", authorization: `Bearer ${owner.token}` };
    const create = (body: string) => fetch(`${server.url}/api/servers`, { method: "POST", headers, body });
    expect((await create(nested(16))).status).toBe(201);
    for (const depth of [17, 30_000]) {
      const refused = await create(nested(depth));
      expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: "malformed" } }]);
    }
    const path = `/api/channels/${home.channels[0]!.id}/webhooks`;
    const { id, token } = await owner.post<WebhookWithToken>(path, { name: "hook" });
    const form = (depth: number) => {
      const body = new URLSearchParams({ payload: nested(depth).replace("{", '{"text":"a",') });
      return fetch(`${server.url}/api/webhooks/${id}/${token}/slack`, { method: "POST", body });
    };
    expect((await form(16)).status).toBe(204);
    expect(await (await form(17)).text()).toContain("nested too deeply");
  });

  test("a body that is not JSON or too large is refused", async () => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${owner.token}` };
    const post = (body: string) => fetch(`${server.url}/api/servers`, { method: "POST", headers, body });
    const broken = await post("{");
    expect([broken.status, await broken.json()]).toMatchObject([400, { error: { code: "malformed" } }]);
    const huge = await post(JSON.stringify({ name: "x".repeat(100_000) }));
    expect([huge.status, await huge.json()]).toMatchObject([413, { error: { code: "too_large" } }]);
    const poison = await post('{"name":"x","__proto__":{"isAdmin":true}}');
    expect(poison.status).toBe(400);
  });

  test("a form where JSON is expected is refused with 415", async () => {
    const body = new URLSearchParams({ name: "x" });
    expect(await owner.request("POST", "/api/servers", { body })).toMatchObject({ status: 415 });
  });

  test("an unknown path is answered with not_found", async () => {
    expect(await owner.request("GET", "/api/nothing")).toMatchObject({ status: 404, code: "not_found" });
    expect(await owner.request("PUT", "/api/servers")).toMatchObject({ status: 404, code: "not_found" });
  });
});
