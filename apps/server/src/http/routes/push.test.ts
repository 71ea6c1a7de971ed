import type { DmState, Inbox, PushState, ServerState } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { publicAddresses } from "../../outgoing/address-rules.ts";
import { TestPushService, type TestBrowser } from "../../testing/push-service.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let service: TestPushService;
let server: TestServer;
let anna: TestClient;
let boris: TestClient;
let home: ServerState;
let general: number;
let laptop: TestBrowser;
let count = 0;

beforeAll(async () => {
  service = await TestPushService.start();
  server = await startTestServer({}, { push: service.rules });
});
afterAll(async () => {
  await server.cleanup();
  await service.close();
});

beforeEach(async () => {
  count += 1;
  anna = await TestClient.register(server.url, `anna${count}`, { display_name: "Anna" });
  boris = await TestClient.register(server.url, `boris${count}`);
  home = await anna.createServer();
  general = home.channels[0]!.id;
  await boris.join(await anna.invite(home.id));
  service.publicKey = (await boris.get<PushState>("/api/push")).public_key;
  laptop = await device(boris);
});

async function device(client: TestClient, more: object = {}): Promise<TestBrowser> {
  const browser = service.browser();
  await client.put("/api/push/subscription", { ...browser.subscription, ...more });
  return browser;
}

const devices = async (client: TestClient) => (await client.get<PushState>("/api/push")).devices;
const rings = ({ received }: TestBrowser) => received.filter(({ type }) => type === "ring");
const named = (text: string) => `@${boris.me.username} ${text}`;

describe("a push", () => {
  test("of a mention is encrypted for the browser, and closed on all devices once read on one", async () => {
    const phone = await device(await TestClient.logIn(server.url, boris.me.username), {
      is_mobile: true,
      locale: "ru",
    });
    const message = await anna.send(general, named("look **here**"));
    await expect.poll(() => rings(laptop)).toHaveLength(1);
    await expect.poll(() => rings(phone)).toHaveLength(1);
    expect(laptop.received[0]).toMatchObject({
      tag: `channel-${general}`,
      title: "Anna mentioned you in #general",
      body: named("look here"),
      path: `/channels/${home.id}/${general}/${message.id}`,
      badge: 1,
      silent: true,
    });
    expect(phone.received[0]).toMatchObject({ title: "Anna упоминает вас в #general", silent: false });
    await boris.put(`/api/channels/${general}/read`, { seq: message.seq });
    for (const browser of [laptop, phone]) {
      await expect
        .poll(() => browser.received.at(-1))
        .toEqual({ type: "close", close: [`channel-${general}`], badge: 0 });
      // A device that was off gets the latter only.
      expect(browser.headers[1]!["topic"]).toBe(browser.headers[0]!["topic"]);
    }
    expect(laptop.headers[0]!["topic"]).not.toBe(phone.headers[0]!["topic"]);
  });

  test("of a direct message names its author, without the text if the device says so, and opens the conversation", async () => {
    await device(boris, { with_text: false }).then((browser) => (laptop = browser));
    const dm = await anna.post<DmState>("/api/dms", { user_ids: [boris.me.id] });
    await anna.send(dm.id, "between us");
    await expect.poll(() => rings(laptop)).toHaveLength(1);
    expect(laptop.received[0]).toMatchObject({ title: "Anna", body: "", path: `/dms/${dm.id}`, badge: 1 });
    expect(JSON.stringify(laptop.received)).not.toContain("between us");
  });

  test("has buttons that reply, mark as read and mute, for who has its secret, and once", async () => {
    const message = await anna.send(general, named("well?"));
    await expect.poll(() => rings(laptop)).toHaveLength(1);
    const { act, actions } = laptop.received[0]!;
    expect(actions!.map(({ action }) => action)).toEqual(["read", "reply", "mute"]);
    const nobody = new TestClient(server.url);
    const perform = async (body: object) => (await nobody.request("POST", "/api/push/act", { body })).status;
    const reply = { ...act, action: "reply", content: "on my way" };
    expect(await perform({ ...reply, secret: "guessed" })).toBe(404);
    expect(await perform(reply)).toBe(204);
    expect(await perform(reply)).toBe(404);
    const { messages } = await anna.get<{ messages: { content: string; author: { id: number } }[] }>(
      `/api/channels/${general}/messages`,
    );
    expect(messages.at(-1)).toMatchObject({ content: "on my way", author: { id: boris.me.id } });
    expect((await boris.get<Inbox>("/api/notifications")).unread).toBe(0);

    await anna.send(general, named("and now?"));
    await expect.poll(() => rings(laptop)).toHaveLength(2);
    const next = rings(laptop)[1]!;
    expect(next.version).toBeGreaterThan(message.id);
    expect(await perform({ ...next.act, action: "mute" })).toBe(204);
    const [channel] = (await boris.get<ServerState>(`/api/servers/${home.id}`)).channels;
    expect(channel!.notifications!.muted_until).not.toBeNull();
  });
});

describe("a device", () => {
  test("is forgotten with its session, and by a push service that does not know it", async () => {
    const second = await TestClient.logIn(server.url, boris.me.username);
    const phone = await device(second, { is_mobile: true });
    expect(await devices(boris)).toMatchObject([{ is_current: false }, { is_current: true, state: "new" }]);
    await second.request("POST", "/api/auth/logout");
    expect(await devices(boris)).toMatchObject([{ is_current: true }]);
    await anna.send(general, named("gone"));
    await expect.poll(() => rings(laptop)).toHaveLength(1);
    expect(phone.received).toEqual([]);
    laptop.answer = 410;
    await anna.send(general, named("gone, too"));
    await expect.poll(() => devices(boris)).toEqual([]);
  });

  test("shows its state after a test, and is subscribed by one session at a time", async () => {
    const refused = await device(await TestClient.logIn(server.url, boris.me.username));
    refused.answer = 500;
    const { devices: tested } = await boris.post<PushState>("/api/push/test");
    expect(tested.map(({ state, last_status }) => [state, last_status])).toEqual(
      expect.arrayContaining([
        ["working", 201],
        ["failing", 500],
      ]),
    );
    expect(laptop.received).toMatchObject([{ type: "ring", tag: "test" }]);
    await anna.put("/api/push/subscription", laptop.subscription);
    expect(await devices(boris)).toHaveLength(1);
    expect(await devices(anna)).toMatchObject([{ service: "push.example" }]);
    await anna.delete("/api/push/subscription");
    expect(await devices(anna)).toEqual([]);
  });
});

test("the address of a push service is refused unless it is an https address in the public internet", async () => {
  const refused = [
    "http://push.example/x",
    "https://me:password@push.example/x",
    "https://127.0.0.2/x",
    "https://push.example:22/x",
    "no address",
  ];
  // Resolves to 127.0.0.2, which only this test's rules call private.
  for (const endpoint of [...refused, "https://other.example/x"]) {
    const body = { ...laptop.subscription, endpoint };
    const answer = await boris.request("PUT", "/api/push/subscription", { body });
    expect([endpoint, answer.status, answer.code]).toEqual([endpoint, 400, "invalid_request"]);
  }
  const far = ["142.250.74.10", "2a00:1450:4001::200a"];
  const near = ["10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.64.0.1", "0.0.0.0"];
  const others = [
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "::7f00:1",
    "4000::1",
    "x",
  ];
  expect([...far, ...near, ...others].filter((address) => publicAddresses.isPermitted(address))).toEqual(far);
  expect(["", "22", "8443"].filter((port) => publicAddresses.isPermittedPort(port))).toEqual([""]);
});

test("the key of the instance is the same after a restart", async () => {
  const before = (await boris.get<PushState>("/api/push")).public_key;
  await server.restart();
  expect((await boris.get<PushState>("/api/push")).public_key).toBe(before);
  await anna.send(general, named("after the restart"));
  await expect.poll(() => rings(laptop)).toHaveLength(1);
});
