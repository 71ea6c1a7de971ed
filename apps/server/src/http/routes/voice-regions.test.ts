import { limits, type AuditEntry, type Channel, type ServerState, type VoiceRegions } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { withStore } from "../../admin/open-store.ts";
import { addVoiceNode, listVoiceNodes, removeVoiceNode } from "../../admin/voice-nodes.ts";
import { deleteVoiceNode, insertVoiceNode } from "../../store/queries/voice-nodes.ts";
import { eventually } from "../../testing/eventually.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { linkVersion } from "../../voice/regions/link-messages.ts";

let server: TestServer;
let owner: TestClient;
let member: TestClient;
let home: ServerState;
let voice: Channel;
let token: string;

beforeAll(async () => {
  server = await startTestServer({ voicePort: 0, voiceAddresses: ["127.0.0.1"] });
  owner = await TestClient.register(server.url, "owner");
  member = await TestClient.register(server.url, "member");
  home = await owner.createServer();
  await member.join(await owner.invite(home.id));
  voice = await owner.post<Channel>(`/api/servers/${home.id}/channels`, { name: "Lounge", type: "voice" });
  token = /VOICE_NODE_TOKEN=(\S+)/.exec(await addVoiceNode(server.config, "ams"))![1]!;
});
afterAll(() => server.cleanup());

const regions = async () => (await member.get<VoiceRegions>("/api/voice/regions")).regions;
const setRegion = (client: TestClient, region: unknown, { id } = voice) =>
  client.request<Channel>("PATCH", `/api/channels/${id}`, { body: { region } });

test("there is nothing to choose from before a voice node is connected; then its address may be asked by pages", async () => {
  expect(await regions()).toEqual([]);
  expect((await fetch(`${server.url}/`)).headers.get("content-security-policy")).toMatch(/connect-src 'self'(;|$)/);
  const link = new WebSocket(`${server.url.replace("http", "ws")}/ws/voice-node`, {
    headers: { authorization: `Bearer ${token}` },
  });
  link.on("open", () => {
    link.send(JSON.stringify({ kind: "hello", link: linkVersion, version: "2", url: "https://ams.example.org" }));
    link.send(JSON.stringify({ kind: "ready", stunUrl: null }));
  });
  await eventually(async () =>
    expect(await regions()).toEqual([
      { name: "main", url: null, stun_url: null, is_own: true },
      { name: "ams", url: "https://ams.example.org", stun_url: null, is_own: false },
    ]),
  );
  const { headers } = await fetch(`${server.url}/`);
  expect(headers.get("content-security-policy")).toMatch(/connect-src 'self' https:\/\/ams\.example\.org(;|$)/);
  link.close();
  await eventually(async () => expect(await regions()).toEqual([]));
  expect((await new TestClient(server.url).request("GET", "/api/voice/regions")).code).toBe("unauthorized");
});

test.each(["https://a;sandbox", "https://*", "https://a'b,c", "https://x;script-src"])(
  "a voice node whose address says more than a host, %s, changes the policy of no page",
  async (url) => {
    const link = new WebSocket(`${server.url.replace("http", "ws")}/ws/voice-node`, {
      headers: { authorization: `Bearer ${token}` },
    });
    link.on("open", () => {
      link.send(JSON.stringify({ kind: "hello", link: linkVersion, version: "2", url }));
      link.send(JSON.stringify({ kind: "ready", stunUrl: null }));
    });
    await eventually(async () => expect(await regions()).toHaveLength(2));
    expect((await regions())[1]).toMatchObject({ name: "ams", url: null });
    const { status, headers } = await fetch(`${server.url}/health/live`);
    expect([status, headers.get("content-security-policy")]).toEqual([
      200,
      expect.stringMatching(/connect-src 'self'(;|$)/),
    ]);
    link.close();
    await eventually(async () => expect(await regions()).toEqual([]));
  },
);

test("pages of any origin may time how far away the instance is", async () => {
  const { status, headers } = await fetch(`${server.url}/region/ping`, {
    headers: { origin: "https://other.example" },
  });
  const named = ["access-control-allow-origin", "timing-allow-origin", "cache-control"].map((name) =>
    headers.get(name),
  );
  expect([status, ...named]).toEqual([204, "*", "*", "no-store"]);
});

test("whoever manages a voice channel sets its region, also one that is away, and the audit log says so", async () => {
  expect(voice.region).toBeNull();
  expect((await setRegion(owner, "ams")).body).toMatchObject({ region: "ams", is_encrypted: false });
  const shown = async () => {
    const { channels } = await member.get<ServerState>(`/api/servers/${home.id}`);
    return channels.find(({ id }) => id === voice.id);
  };
  expect(await shown()).toMatchObject({ region: "ams" });
  // Another change leaves it as it is.
  await owner.patch(`/api/channels/${voice.id}`, { name: "Bar" });
  expect(await shown()).toMatchObject({ region: "ams", name: "Bar" });
  expect((await setRegion(owner, "main")).body).toMatchObject({ region: "main" });
  expect((await setRegion(owner, null)).body).toMatchObject({ region: null });
  const { entries } = await owner.get<{ entries: AuditEntry[] }>(`/api/servers/${home.id}/audit-log`);
  const changes = entries.flatMap((entry) => entry.changes.filter(({ field }) => field === "region"));
  expect(changes).toEqual([
    { field: "region", before: "main", after: null },
    { field: "region", before: "ams", after: "main" },
    { field: "region", before: null, after: "ams" },
  ]);
});

test("a region that does not exist, a name that is none, and a channel without calls are refused; so are others", async () => {
  const names = ["tokyo", "Ams", "", "a".repeat(limits.regionNameLength + 1), "constructor", 7];
  const codes = await Promise.all(names.map(async (name) => (await setRegion(owner, name)).code));
  expect(codes).toEqual(names.map(() => "invalid_request"));
  expect(
    (
      await setRegion(
        owner,
        "ams",
        home.channels.find(({ type }) => type === "text"),
      )
    ).code,
  ).toBe("invalid_request");
  expect((await setRegion(member, "ams")).code).toBe("forbidden");
});

test("an operator adds voice nodes by names that are free, lists them without tokens, and removes them", async () => {
  const { config } = server;
  await expect(addVoiceNode(config, "ams")).rejects.toThrow("There is a voice node ams already.");
  await expect(addVoiceNode(config, "main")).rejects.toThrow("is the region of the instance itself");
  for (const name of ["", "Ams", "a b", "-a", "a".repeat(limits.regionNameLength + 1)]) {
    await expect(addVoiceNode(config, name)).rejects.toThrow("small letters, digits and dashes");
  }
  const listed = await listVoiceNodes(config);
  expect(listed).toMatch(/^ams +since \d{4}-/);
  expect(listed).not.toContain(token);
  const others = Array.from({ length: limits.regions - 2 }, (_, at) => `r${at}`);
  await withStore(config, async ({ db }) => {
    for (const name of others) await insertVoiceNode(db, { name, digest: name, created_at: 0 });
  });
  await expect(addVoiceNode(config, "more")).rejects.toThrow("no more are possible");
  await withStore(config, async ({ db }) => {
    for (const name of others) await deleteVoiceNode(db, name);
  });
  expect(await removeVoiceNode(config, "ams")).toContain("no longer valid");
  await expect(removeVoiceNode(config, "ams")).rejects.toThrow("There is no voice node ams.");
  expect(await listVoiceNodes(config)).toBe("There are no voice nodes.");
});
