import type { AutomodRule } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
beforeAll(async () => void (server = await startTestServer()));
afterAll(() => server.cleanup());

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
