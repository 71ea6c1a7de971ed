import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AutomodRule } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { databaseName } from "../../data-folder.ts";
import type { Store } from "../../store/contract.ts";
import { openSqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

/** What opens a post is committed once this has resolved. */
let opening: Promise<void> = Promise.resolve();
let onOpening = () => {};

function holdOpening(store: Store): Store {
  const { log } = store;
  const commit: typeof log.commit = async (command) => {
    if (command.kind === "send" && command.opensPost) {
      onOpening();
      await opening;
    }
    return log.commit(command);
  };
  return { ...store, log: { ...log, commit } };
}

let folder: string;
let store: Store;
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "miscord-titles-"));
  store = await openSqliteStore({ file: join(folder, databaseName) });
  server = await startTestServer({}, { store: holdOpening(store) });
});
afterAll(async () => {
  await server.cleanup();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a rule that blocks reads the names of threads, and those that threads and posts are given later", async () => {
  const owner = await TestClient.register(server.url, "owner");
  const member = await TestClient.register(server.url, "member");
  const home = await owner.createServer();
  const general = home.channels[0]!.id;
  await member.join(await owner.invite(home.id));
  const rule = await owner.post<AutomodRule>(`/api/servers/${home.id}/automod/rules`, {
    name: "Words",
    message: "That word is not welcome here.",
    trigger: { kind: "words", words: ["слон"] },
    actions: { block: true },
  });
  const inChannel = (name: string) =>
    member.request<{ id: number }>("POST", `/api/channels/${general}/threads`, { body: { name } });
  expect(await inChannel("слон")).toMatchObject({ status: 403, code: "automod_blocked" });
  const { body: thread } = await inChannel("кот");
  const { id: forumId } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, {
    name: "help",
    type: "forum",
  });
  const post = await member.post<{ id: number }>(`/api/channels/${forumId}/posts`, { name: "кот", content: "текст" });
  const renamed = async (id: number, name: string) =>
    (await member.request("PATCH", `/api/channels/${id}`, { body: { name } })).code;
  for (const { id } of [thread, post]) {
    expect(await renamed(id, "с л о н")).toBe("automod_blocked");
    expect((await owner.get<{ name: string }>(`/api/channels/${id}`)).name).toBe("кот");
    expect(await renamed(id, "котик")).toBeUndefined();
  }
  await owner.patch(`/api/automod/rules/${rule.id}`, { exempt_channel_ids: [general] });
  expect((await inChannel("слон")).status).toBe(201);
  expect([await renamed(thread.id, "слон"), await renamed(post.id, "слон")]).toEqual([undefined, "automod_blocked"]);
});

test("nobody sees the title of a post before its first message was accepted with it", async () => {
  const [owner, author, reader] = [
    await TestClient.register(server.url, "keeper"),
    await TestClient.register(server.url, "poster"),
    await TestClient.register(server.url, "onlooker"),
  ];
  const home = await owner.createServer();
  const code = await owner.invite(home.id);
  for (const client of [author, reader]) await client.join(code);
  await owner.post(`/api/servers/${home.id}/automod/rules`, {
    name: "Words",
    message: "That word is not welcome here.",
    trigger: { kind: "words", words: ["слон"] },
    actions: { block: true },
  });
  const forum = { name: "help", type: "forum" };
  const { id: forumId } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, forum);
  const { id: before } = await author.post<{ id: number }>(`/api/channels/${forumId}/posts`, {
    name: "кот",
    content: "текст",
  });
  const { promise, resolve: release } = Promise.withResolvers<void>();
  opening = promise;
  const reached = new Promise<void>((resolve) => (onOpening = resolve));
  const refused = author.request("POST", `/api/channels/${forumId}/posts`, {
    body: { name: "слон", content: "текст" },
  });
  await reached;
  // Ids rise by one.
  const id = before + 1;
  const ways: [method: string, path: string, body?: unknown][] = [
    ["GET", `/api/channels/${id}`],
    ["GET", `/api/channels/${id}/messages`],
    ["PUT", `/api/channels/${id}/follow`],
    ["PATCH", `/api/channels/${id}`, { archived: true }],
    ["PATCH", `/api/channels/${id}`, { archived: "no" }],
    ["DELETE", `/api/channels/${id}`],
    ["PUT", `/api/me/drafts/${id}`, { text: "x" }],
    ["PUT", `/api/me/notification-levels/channel:${id}`, { level: "all" }],
    ["POST", `/api/channels/${id}/messages`, { content: "x" }],
    ["POST", `/api/channels/${id}/scheduled`, { content: "x", send_at: "2100-01-01T00:00:00Z" }],
  ];
  try {
    for (const client of [reader, owner, author]) {
      for (const list of ["threads", "threads?archived=true", "posts"]) {
        const seen = await client.get(`/api/channels/${forumId}/${list}`);
        expect([list, JSON.stringify(seen).includes("слон")]).toEqual([list, false]);
      }
      expect(JSON.stringify(await client.get(`/api/servers/${home.id}`))).not.toContain("слон");
      for (const [method, path, body] of ways) {
        const { status, code: because } = await client.request(method, path, { body });
        expect([method, path, status, because]).toEqual([method, path, 404, "not_found"]);
      }
    }
  } finally {
    release();
  }
  expect(await refused).toMatchObject({ status: 403, code: "automod_blocked" });
  expect(await owner.request("GET", `/api/channels/${id}`)).toMatchObject({ status: 404 });
});
