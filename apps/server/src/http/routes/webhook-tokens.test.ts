import { once } from "node:events";
import { connect } from "node:net";
import type { AuditLog, History, Role, Webhook, WebhookWithToken } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { TestSite } from "../../testing/test-site.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
/** Manages webhooks, and nothing else. */
let maker: TestClient;
let homeId: number;
let general: number;
let hook: WebhookWithToken;
let path: string;

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
  maker = await TestClient.register(server.url, "maker");
  const home = await owner.createServer();
  homeId = home.id;
  general = home.channels[0]!.id;
  await maker.join(await owner.invite(homeId));
  const fields = { name: "makers", permissions: bitsOf("manageWebhooks") };
  const makers = await owner.post<Role>(`/api/servers/${homeId}/roles`, fields);
  await owner.put(`/api/servers/${homeId}/members/${maker.me.id}/roles/${makers.id}`);
  hook = await maker.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "Builds" });
  path = `/api/webhooks/${hook.id}/${hook.token}`;
});
afterAll(() => server.cleanup());

const post = (body: unknown, at = path) => new TestClient(server.url).request("POST", at, { body });

describe("bodies", () => {
  test("of another kind than a form with files are small, whoever sends them", async () => {
    const large = { content: "x", embeds: [], more: "x".repeat(400_000) };
    expect((await post(large)).status).toBe(413);
    expect((await post(new URLSearchParams({ payload: JSON.stringify(large) }))).status).toBe(413);
    expect((await owner.request("POST", "/api/attachments", { body: large })).code).toBe("too_large");
    const form = new FormData();
    form.set("payload_json", JSON.stringify({ content: "Log of the build" }));
    form.set("files[0]", new Blob(["x".repeat(400_000)]), "build.log");
    expect((await post(form)).status).toBe(204);
  });

  test("with many large fields are refused, as a body of that size would be", async () => {
    const form = new FormData();
    form.set("content", "hello");
    for (const name of ["a", "b", "c"]) {
      form.set(name, new Blob([`[${"[],".repeat(20_000)}0]`], { type: "application/json" }));
    }
    const text = await new Response(form).text();
    const boundary = text.slice(2, text.indexOf("\r\n"));
    // Fields and not files: without a name of their own.
    const body = text.replaceAll(/; filename="[^"]*"/g, "");
    const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
    const answer = await fetch(server.url + path, { method: "POST", body, headers });
    expect(answer.status).toBe(413);
  });

  test("may have their payload in a field that says what it is", async () => {
    const field = 'content-disposition: form-data; name="payload_json"\r\ncontent-type: application/json';
    const body = `--x\r\n${field}\r\n\r\n{"content":"from a field"}\r\n--x--\r\n`;
    const headers = { "content-type": "multipart/form-data; boundary=x" };
    expect((await fetch(server.url + path, { method: "POST", body, headers })).status).toBe(204);
    const { messages } = await owner.get<History>(`/api/channels/${general}/messages`);
    expect(messages.at(-1)).toMatchObject({ content: "from a field" });
  });

  test("are not read without the right token", async () => {
    const socket = connect(server.port, "127.0.0.1");
    const announced = "host: x\r\ncontent-type: application/json\r\ncontent-length: 50000";
    socket.write(`POST /api/webhooks/${hook.id}/wrong HTTP/1.1\r\n${announced}\r\n\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /);
    socket.destroy();
  });
});

test("whoever gives it another address writes by their own rights from then on, not by its maker's", async () => {
  const theirs = await owner.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "Theirs" });
  const { token } = (await maker.request<WebhookWithToken>("PUT", `/api/webhooks/${theirs.id}/token`)).body;
  await post({ content: "@everyone" }, `/api/webhooks/${theirs.id}/${token}`);
  const { messages } = await owner.get<History>(`/api/channels/${general}/messages`);
  expect(messages.at(-1)).toMatchObject({ content: "@everyone", mentions_everyone: false });
  const { webhooks } = await owner.get<{ webhooks: Webhook[] }>(`/api/servers/${homeId}/webhooks`);
  expect(webhooks.find(({ id }) => id === theirs.id)?.creator.id).toBe(maker.me.id);
  const { entries } = await owner.get<AuditLog>(`/api/servers/${homeId}/audit-log`);
  expect(entries[0]!.changes?.map(({ field }) => field)).toEqual(["token", "taken_over"]);
});

test("whoever has asked for its address writes by their own rights, whatever else is changed at that moment", async () => {
  const theirs = await owner.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "Theirs" });
  const at = `/api/webhooks/${theirs.id}`;
  const creators = new Set<number>();
  for (let round = 0; round < 10; round += 1) {
    await owner.request("PATCH", at, { body: { take_over: true } });
    const rename = (name: string) => maker.request("PATCH", at, { body: { name } });
    await Promise.all([rename("a"), rename("b"), maker.request("PUT", `${at}/token`), rename("c"), rename("d")]);
    const { webhooks } = await owner.get<{ webhooks: Webhook[] }>(`/api/servers/${homeId}/webhooks`);
    creators.add(webhooks.find(({ id }) => id === theirs.id)!.creator.id);
  }
  expect([...creators]).toEqual([maker.me.id]);
});

describe("all webhooks of one maker together", () => {
  const makeHooks = async (client: TestClient, servers: number, each: number) => {
    const paths: string[] = [];
    for (let count = 0; count < servers; count += 1) {
      const { channels } = await client.createServer();
      for (let one = 0; one < each; one += 1) {
        const { id, token } = await client.post<WebhookWithToken>(`/api/channels/${channels[0]!.id}/webhooks`, {
          name: "Builds",
        });
        paths.push(`/api/webhooks/${id}/${token}`);
      }
    }
    return paths;
  };

  test("write no more than those of one server, in however many servers they are", async () => {
    const paths = await makeHooks(await TestClient.register(server.url, "many"), 3, 4);
    const times = Array.from({ length: 10 }, () => paths).flat();
    const answers = await Promise.all(times.map((at) => new TestClient(server.url).request("GET", at)));
    expect(answers.map(({ status }) => status)).toContain(429);
  });

  test("have as many pages read for previews as a person has", async () => {
    const site = await TestSite.start();
    const reading = await startTestServer({}, { pages: site.rules });
    const ann = await TestClient.register(reading.url, "ann");
    const ben = await TestClient.register(reading.url, "ben");
    const pageOf = (path: string) => site.page(path, `<title>${path}</title>`);
    const send = async (client: TestClient, at: string, path: string) => {
      const content = [1, 2, 3].map((page) => pageOf(`${path}/${page}`)).join(" ");
      await client.request("POST", at, { body: { content } });
    };
    const hooks = await makeHooks(ann, 1, 5);
    for (const [hook, at] of hooks.entries()) {
      for (const time of [1, 2, 3]) await send(new TestClient(reading.url), at, `/ann/${hook}/${time}`);
    }
    const { channels } = await ben.createServer();
    await send(ben, `/api/channels/${channels[0]!.id}/messages`, "/ben");
    await eventually(async () => expect(site.asked).toContain("/ben/3"));
    // Fifteen at once, and some more with time.
    expect(site.asked.filter((path) => path.startsWith("/ann")).length).toBeLessThan(25);
    await reading.cleanup();
    await site.close();
  });

  test("have large bodies parsed less often than small ones", async () => {
    const [at] = await makeHooks(await TestClient.register(server.url, "large"), 1, 1);
    const body = { zen: "x".repeat(1_000_000) };
    const headers = { "x-github-event": "ping" };
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      statuses.push((await new TestClient(server.url).request("POST", `${at}/github`, { body, headers })).status);
    }
    expect(statuses[0]).toBe(204);
    expect(statuses).toContain(429);
  });
});
