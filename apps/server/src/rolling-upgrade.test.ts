import { fileURLToPath } from "node:url";
import type { Message, ServerState } from "@miscord/protocol";
import { everydayPermissions, permissionBits } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPostgresStore } from "./store/postgres/open-postgres-store.ts";
import { eventually } from "./testing/eventually.ts";
import { startFleet, type Fleet } from "./testing/fleet.ts";
import { ManualClock } from "./testing/manual-clock.ts";
import { startPostgres } from "./testing/postgres.ts";
import { startServerProcess, type ServerProcess } from "./testing/server-process.ts";
import { TestClient } from "./testing/test-client.ts";
import { startTestServer } from "./testing/test-server.ts";
import { TestSocket } from "./testing/test-socket.ts";
import { version } from "./version.ts";

const formerVersion = fileURLToPath(new URL("./testing/former-version.ts", import.meta.url));
const nextVersion = fileURLToPath(new URL("./testing/next-version.ts", import.meta.url));

/** What reads and writes the tables of messages. */
async function doEverything(person: TestClient, channelId: number): Promise<void> {
  const nonce = crypto.randomUUID();
  const { id } = await person.send(channelId, "first", { nonce });
  expect((await person.send(channelId, "first", { nonce })).id).toBe(id);
  const file = await person.upload("text", "notes.txt", "text/plain");
  await person.send(channelId, "@ann @everyone", { reply_to_id: id, attachments: [file.body.id] });
  await person.patch(`/api/messages/${id}`, { content: "edited" });
  await person.put(`/api/messages/${id}/reactions/${encodeURIComponent("👍")}`);
  await person.put(`/api/channels/${channelId}/pins/${id}`);
  const poll = { answers: ["this", "that"], multiple: false, anonymous: false, duration_s: 3_600 };
  const asked = await person.send(channelId, "Which?", { poll });
  await person.put(`/api/messages/${asked.id}/vote`, { answers: [0] });
  const { id: forwardedId } = await person.post<Message>(`/api/messages/${id}/forward`, { channel_id: channelId });
  await person.delete(`/api/messages/${forwardedId}`);
  await person.delete(`/api/messages/${id}`);
  expect((await person.get<{ messages: Message[] }>(`/api/channels/${channelId}/messages`)).messages).not.toEqual([]);
}

describe("a node of the next version that starts beside one of this version", () => {
  let fleet: Fleet;
  let present: ServerProcess;
  let next: ServerProcess;
  let ann: TestClient;
  let bob: TestClient;
  let channelId: number;
  let sockets: readonly [atPresent: TestSocket, atNext: TestSocket];

  beforeAll(async () => {
    fleet = await startFleet(1);
    present = fleet.nodes[0]!;
    ann = await TestClient.register(present.url, "ann");
    const server = await ann.createServer();
    channelId = server.channels.find(({ type }) => type === "text")!.id;
    const atPresent = await enter(present, ann);
    // The log's connection prepares its statements.
    await doEverything(ann, channelId);
    next = await startServerProcess({ DATABASE_URL: fleet.databaseUrl, REDIS_URL: fleet.redis.url }, nextVersion);
    bob = await TestClient.register(next.url, "bob");
    await bob.join(await ann.invite(server.id));
    sockets = [atPresent, await enter(next, bob)];
  });
  afterAll(async () => {
    await next?.dispose();
    await fleet?.dispose();
  });

  async function enter({ url }: ServerProcess, { token }: TestClient): Promise<TestSocket> {
    const socket = new TestSocket(`ws${url.slice(4)}/ws/main?token=${token}`);
    await socket.next("connection_established");
    await socket.join(channelId);
    return socket;
  }

  test("they know of each other, and each says which version it is", async () => {
    const metrics = async ({ url }: ServerProcess) => (await fetch(`${url}/metrics?format=prometheus`)).text();
    for (const [node, its] of [
      [present, version],
      [next, "99.1.0"],
    ] as const) {
      await expect.poll(() => metrics(node)).toMatch(/^miscord_nodes 2$/m);
      expect(await metrics(node)).toContain(`miscord_info{version="${its}"`);
    }
  });

  test("the present one goes on with the changed database, and its clients were not disconnected", async () => {
    const [atPresent] = sockets;
    expect((await fetch(`${present.url}/health`)).status).toBe(200);
    await atPresent.roundTrip();
    // Every table has another column.
    await doEverything(ann, channelId);
    expect((await TestClient.register(present.url, "carol")).me.username).toBe("carol");
  });

  test("what people send at either of them reaches those at the other one, once and in order", async () => {
    const [atPresent, atNext] = sockets;
    for (let count = 1; count <= 5; count += 1) {
      await ann.send(channelId, `ann ${count}`);
      await bob.send(channelId, `bob ${count}`);
    }
    const isCounted = ({ data }: { data: Message }) => /^(ann|bob) \d$/.test(data.content);
    const seen = (socket: TestSocket) =>
      socket
        .all("new_message")
        .filter(isCounted)
        .map(({ data }) => data.content);
    for (const socket of sockets) await expect.poll(() => seen(socket)).toHaveLength(10);
    expect(seen(atPresent)).toEqual([1, 2, 3, 4, 5].flatMap((count) => [`ann ${count}`, `bob ${count}`]));
    expect(seen(atNext)).toEqual(seen(atPresent));
  });

  test("the present one that stops cannot start again, says why, and the next one goes on", async () => {
    expect(await present.stop()).toBe(0);
    await expect(present.start()).rejects.toThrow("The data was written by a newer version of Miscord (9999-next)");
    expect((await fetch(`${next.url}/health`)).status).toBe(200);
    await bob.send(channelId, "alone");
    await sockets[1].next("new_message", ({ data }) => data.content === "alone");
  });
});

test("in a server that a node of the version before has made during an upgrade, everybody can send polls after it, unless somebody has changed that", async () => {
  const postgres = await startPostgres();
  const databaseUrl = postgres.createDatabase();
  const former = await startServerProcess({ DATABASE_URL: databaseUrl }, formerVersion);
  const ann = await TestClient.register(former.url, "ann");
  const bob = await TestClient.register(former.url, "bob");
  const [untouched, changed] = [await ann.createServer("Untouched"), await ann.createServer("Changed")];
  await bob.join(await ann.invite(untouched.id));
  await former.dispose();
  const clock = new ManualClock(Date.now());
  const store = await openPostgresStore({ url: databaseUrl });
  const present = await startTestServer({}, { clock, store });
  try {
    const here = new TestClient(present.url);
    here.token = ann.token;
    const permissions = async ({ id, everyone_role_id }: ServerState) =>
      (await here.get<ServerState>(`/api/servers/${id}`)).roles.find((role) => role.id === everyone_role_id)!
        .permissions;
    const withoutPolls = everydayPermissions - permissionBits.sendPolls;
    expect([await permissions(untouched), await permissions(changed)]).toEqual([withoutPolls, withoutPolls]);
    for (const now of [everydayPermissions, withoutPolls])
      await here.patch(`/api/roles/${changed.everyone_role_id}`, { permissions: now });
    here.token = bob.token;
    const channelId = untouched.channels.find(({ type }) => type === "text")!.id;
    const body = { content: "Lunch?", poll: { answers: ["soup", "salad"] } };
    const ask = () => here.request("POST", `/api/channels/${channelId}/messages`, { body });
    expect(await ask()).toMatchObject({ status: 403 });
    clock.advance(10 * 60_000);
    await eventually(async () => expect(await ask()).toMatchObject({ status: 201 }));
    here.token = ann.token;
    expect([await permissions(untouched), await permissions(changed)]).toEqual([everydayPermissions, withoutPolls]);
  } finally {
    await present.cleanup();
    await store.close();
    postgres.dispose();
  }
});
