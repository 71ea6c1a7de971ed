import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

const metricsToken = "a-token-for-the-operator";
const operator = { authorization: `Bearer ${metricsToken}` };

describe("POST /admin/shed", () => {
  let server: TestServer;
  let ann: TestClient;
  beforeAll(async () => {
    server = await startTestServer({ metricsToken });
    ann = await TestClient.register(server.url, "ann");
  });
  afterAll(() => server.cleanup());

  function shed(body: unknown, headers: Record<string, string> = operator): Promise<Response> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const json = { "content-type": "application/json", ...headers };
    return fetch(`${server.url}/admin/shed`, { method: "POST", headers: json, body: text });
  }

  async function connect(): Promise<TestSocket> {
    const socket = new TestSocket(`ws${server.url.slice(4)}/ws/main?token=${ann.token}`);
    await socket.next("connection_established");
    return socket;
  }

  test("closes that share of the sockets within the time it names, each after a hint when to come back", async () => {
    const sockets = await Promise.all(Array.from({ length: 8 }, connect));
    const response = await shed({ share: 0.5 });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ sockets: 4, within_ms: 3_000 });
    const startedAt = performance.now();
    const closed = new Set<TestSocket>();
    for (const socket of sockets) void socket.closed.then(() => closed.add(socket));
    await expect.poll(() => closed.size).toBe(4);
    for (const socket of closed) expect(await socket.closed).toEqual({ code: 1012, reason: "restart" });
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    for (const socket of sockets) {
      const hints = socket.all("server_draining");
      expect(hints).toHaveLength(closed.has(socket) ? 1 : 0);
      for (const hint of hints) expect(hint.reconnect_after_ms).toBeLessThanOrEqual(4_000);
    }
    const left = sockets.filter((socket) => !closed.has(socket));
    expect(left).toHaveLength(4);
    for (const socket of left) await socket.roundTrip();
    // The node goes on: clients may come back to it.
    const again = await connect();
    await Promise.all([...left, again].map((socket) => socket.close()));
  });

  test("is for the metrics token only, and not for a session or for this machine", async () => {
    const socket = await connect();
    const wrong: Record<string, string>[] = [
      {},
      { authorization: "Bearer wrong" },
      { authorization: `Bearer ${ann.token}` },
    ];
    for (const headers of wrong) {
      const response = await shed({ share: 1 }, headers);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: "forbidden" } });
    }
    await socket.roundTrip();
    await socket.close();
    const open = await startTestServer();
    try {
      const request = { method: "POST", headers: { "content-type": "application/json" }, body: '{"share":1}' };
      expect((await fetch(`${open.url}/admin/shed`, request)).status).toBe(403);
    } finally {
      await open.cleanup();
    }
  });

  test.each([{}, { share: 0 }, { share: -1 }, { share: 1.1 }, { share: "0.5" }, { share: null }, [], ""])(
    "refuses %j with 400",
    async (body) => {
      const response = await shed(body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: "invalid_request" } });
    },
  );

  test("refuses a body that is no JSON with 400", async () => {
    const response = await shed("{");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "malformed" } });
  });
});
