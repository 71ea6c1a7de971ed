import { request } from "node:http";
import { importLimits, type InstanceImport, type ServerState } from "@miscord/protocol";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { makeAdministrator } from "../../admin/accounts.ts";
import { jsonMessage } from "../../admin/discord/testing/write-export.ts";
import { withStore } from "../../admin/open-store.ts";
import {
  countsOf,
  importOf,
  runImport,
  sendBytes,
  writtenFile,
  type ExportPlace,
} from "../../domain/imports/testing/upload-export.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const base = "/api/instance/imports";
let server: TestServer;
let admin: TestClient;
let other: TestClient;
let member: TestClient;
let guildId = 90_000;
let messageId = 900_000;

beforeAll(async () => {
  server = await startTestServer();
  admin = await TestClient.register(server.url, "admin");
  other = await TestClient.register(server.url, "other");
  member = await TestClient.register(server.url, "member");
  for (const name of ["admin", "other"]) await makeAdministrator(server.config, name);
});
afterEach(async () => {
  const { imports } = await admin.get<{ imports: InstanceImport[] }>(base);
  for (const { id, status } of imports)
    if (!["done", "cancelled"].includes(status)) await admin.delete(`${base}/${id}`);
});
afterAll(() => server.cleanup());

const nextId = () => String((messageId += 1));
const text = (content: string) => jsonMessage(nextId(), { content });
const written = (messages: readonly unknown[], { guild = String((guildId += 1)), ...place }: ExportPlace = {}) =>
  writtenFile(messages, { guild, ...place });

test("the server survives parts that are cut off, of anybody and at any moment", async () => {
  const { id } = await admin.post<InstanceImport>(base);
  await admin.post(`${base}/${id}/files`, { files: [{ path: "a.bin", size: importLimits.partBytes }] });
  for (const client of [member, admin])
    for (const at of [0, 7])
      for (const [bytes, ms] of [
        [1, 0],
        [1_000_000, 0],
        [1_000_000, 20],
        [importLimits.partBytes, 20],
      ] as const)
        await cutOff(client, `${base}/${id}/bytes?at=${at}`, bytes, ms);
  expect((await importOf(admin, id)).files).toMatchObject({ received: 0 });
});

/** Announces a part, sends some of it, and closes the connection without reading an answer. */
async function cutOff(client: TestClient, path: string, bytes: number, ms: number): Promise<void> {
  const sending = request(client.url + path, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${client.token}`,
      "content-type": "application/octet-stream",
      "content-length": importLimits.partBytes + 1,
    },
  });
  sending.on("error", () => {});
  const closed = new Promise((resolve) => sending.on("close", resolve));
  sending.write(Buffer.alloc(bytes), () => setTimeout(() => sending.destroy(), ms));
  setTimeout(() => sending.destroy(), 200);
  await closed;
}

test("what members say about files is refused before it is read", async () => {
  const { id } = await admin.post<InstanceImport>(base);
  const statuses = await Promise.all(
    [member, admin].map(async ({ url, token }) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const answer = await fetch(`${url}${base}/${id}/files`, { method: "POST", headers, body: "{" });
      return answer.status;
    }),
  );
  expect(statuses).toEqual([403, 400]);
});

test("a large part that does not come next is answered too", async () => {
  const { id } = await admin.post<InstanceImport>(base);
  const part = Buffer.alloc(importLimits.partBytes);
  await admin.post(`${base}/${id}/files`, { files: [{ path: "a.bin", size: part.length }] });
  for (let times = 0; times < 4; times += 1) {
    const answer = await sendBytes(admin, id, 0, part);
    expect([answer.status, await answer.json()]).toEqual([200, { received: part.length }]);
  }
});

test("an export that holds ids of another server's channels and threads adds nothing to them", async () => {
  const guild = String((guildId += 1));
  const [channel, thread, category] = [{ id: `${guild}1` }, `${guild}2`, `${guild}3`];
  const aside = { id: thread, type: "GuildPublicThread", name: "aside", categoryId: channel.id, category: "general" };
  const talk = { ...channel, category: "Talk", categoryId: category };
  const ofBoth = (from: string, of: string) => [
    written([text(from)], { guild: of, channel: talk }),
    written([text(from)], { guild: of, path: "aside.json", channel: aside }),
  ];
  const { server_id: serverId } = await runImport(admin, ofBoth("mine", guild));
  const before = await admin.get<ServerState>(`/api/servers/${serverId}`);
  const { report, server_id: theirs } = await runImport(other, ofBoth("theirs", String((guildId += 1))));
  expect(countsOf(report!.made)).toEqual({ servers: 1 });
  expect(countsOf(report!.lost)).toMatchObject({ goneChannels: expect.any(Number) as number });
  expect((await other.get<ServerState>(`/api/servers/${theirs}`)).channels).toEqual([]);
  expect(await admin.get<ServerState>(`/api/servers/${serverId}`)).toEqual(before);
});

test("the import of an administrator who has deleted the account is shown, and others end it", async () => {
  const leaver = await TestClient.register(server.url, "leaver");
  await makeAdministrator(server.config, "leaver");
  const { id } = await leaver.post<InstanceImport>(base);
  const nameless = { deleted_at: Date.now(), username: "deleted:1" };
  await withStore(server.config, ({ db }) =>
    db.updateTable("users").set(nameless).where("username", "=", "leaver").execute(),
  );
  expect(await importOf(admin, id)).toMatchObject({ status: "uploading", created_by: { username: "deleted:1" } });
  expect(await admin.request("DELETE", `${base}/${id}`)).toMatchObject({ status: 200, body: { status: "cancelled" } });
});

test("a message that names more emoji and roles than a database takes values is imported", async () => {
  const emoji = Array.from({ length: 40_000 }, (_, number) => `<:ab:${number}>`).join("");
  const roles = Array.from({ length: 1_200 }, (_, number) => ({
    id: `77${number}`,
    name: "r",
    position: number < 1_197 ? 1 : 2,
  }));
  const by = (ids: typeof roles) => ({ author: { id: "88001", name: "many", roles: ids } });
  // The last message comes in a step of its own, and names the roles of the first behind all others.
  const messages = [
    ...Array.from({ length: 50 }, () => jsonMessage(nextId(), { content: "first", ...by(roles.slice(-3)) })),
    jsonMessage(nextId(), { content: emoji, ...by(roles) }),
  ];
  const { report } = await runImport(admin, [written(messages)]);
  expect(countsOf(report!.made)).toMatchObject({ messages: 51, roles: 250 });
  expect(countsOf(report!.lost)).toMatchObject({ longMessages: 1, roles: 950 });
});

test("hostile JSON ends its file and nothing else", async () => {
  const guild = String((guildId += 1));
  const fine = written([text("fine")], { guild });
  const deep = { path: "deep.json", bytes: Buffer.from("[".repeat(100_000)) };
  const cut = written([text("cut")], { guild, path: "cut.json", channel: { id: `${guild}2`, name: "cut" } });
  const { report } = await runImport(admin, [deep, { ...cut, bytes: cut.bytes.subarray(0, -10) }, fine]);
  expect(countsOf(report!.lost)).toEqual({ noExport: 1, cutFiles: 1 });
  expect(countsOf(report!.made)).toMatchObject({ messages: 2 });
});
