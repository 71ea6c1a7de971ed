import type { AuditLog, Channel, Posts, SearchResult, ServerState, ThreadState } from "@miscord/protocol";
import { bitsOf, type PermissionName } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const clock = new ManualClock();
let server: TestServer;
let owner: TestClient;
let author: TestClient;
let reader: TestClient;
let home: ServerState;
let forum: Channel;

beforeAll(async () => {
  const dayMs = 86_400_000;
  server = await startTestServer({ accessTokenTtlMs: 365 * dayMs, sessionTtlMs: 365 * dayMs }, { clock });
  owner = await TestClient.register(server.url, "owner");
  author = await TestClient.register(server.url, "author");
  reader = await TestClient.register(server.url, "reader");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  home = await owner.createServer();
  const code = await owner.invite(home.id);
  await author.join(code);
  await reader.join(code);
  forum = await owner.post<Channel>(`/api/servers/${home.id}/channels`, { name: "help", type: "forum" });
  const tags = [
    { name: "bug", emoji: "🐞", moderated: false },
    { name: "solved", emoji: null, moderated: true },
  ];
  forum = await owner.patch<Channel>(`/api/channels/${forum.id}`, { forum: { tags } });
});

const postsPath = () => `/api/channels/${forum.id}/posts`;
const create = (client: TestClient, fields: Record<string, unknown> = {}) =>
  client.post<ThreadState>(postsPath(), { name: "It breaks", content: "when **I** click", ...fields });
const list = (client: TestClient, query = "") => client.get<Posts>(postsPath() + query);
const namesIn = ({ posts }: Posts) => posts.map(({ name }) => name);
async function refusal(client: TestClient, method: string, path: string, body?: unknown) {
  const answer = await client.request(method, path, { body });
  return [answer.status, answer.code];
}
const deny = (...names: PermissionName[]) =>
  owner.put(`/api/channels/${forum.id}/overrides/${home.everyone_role_id}`, {
    type: "role",
    allow: 0,
    deny: bitsOf(...names),
  });

describe("a post", () => {
  test("is created with its first message, followed by its author, and listed with what others show of it", async () => {
    const post = await create(author, { tags: [1] });
    expect(post).toMatchObject({
      type: "thread",
      parent_id: forum.id,
      tags: [1],
      is_following: true,
      last_message_seq: 1,
    });
    const { posts, pinned, cursor } = await list(reader);
    expect([pinned, cursor]).toEqual([[], null]);
    expect(posts).toMatchObject([
      { id: post.id, name: "It breaks", excerpt: "when I click", read_seq: 0, is_following: false, tags: [1] },
    ]);
    expect(posts[0]!.author).toMatchObject({ id: author.me.id, display_name: "author" });
    const { messages } = await reader.get<{ messages: { id: number }[] }>(`/api/channels/${post.id}/messages`);
    await reader.send(post.id, "me too");
    await author.delete(`/api/messages/${messages[0]!.id}`);
    expect((await list(reader)).posts).toMatchObject([{ excerpt: "", last_message_seq: 2, is_following: true }]);
  });

  test("leaves nothing behind when its first message is refused", async () => {
    expect(await refusal(author, "POST", postsPath(), { name: "empty", content: " " })).toEqual([
      400,
      "invalid_request",
    ]);
    const foreign = { name: "file", content: "", attachments: [987_654] };
    expect(await refusal(author, "POST", postsPath(), foreign)).toEqual([400, "invalid_request"]);
    expect((await list(owner)).posts).toEqual([]);
  });

  test("takes the right to write in the forum, and a reply that to write in threads", async () => {
    await deny("sendMessagesInThreads");
    const post = await create(author);
    expect(await refusal(author, "POST", `/api/channels/${post.id}/messages`, { content: "x" })).toEqual([
      403,
      "forbidden",
    ]);
    await deny("sendMessages");
    expect(await refusal(author, "POST", postsPath(), { name: "x", content: "x" })).toEqual([403, "forbidden"]);
    await reader.send(post.id, "a reply");
    await deny("viewChannel");
    expect(await refusal(author, "POST", postsPath(), { name: "x", content: "x" })).toEqual([404, "not_found"]);
    expect(await refusal(author, "GET", postsPath())).toEqual([404, "not_found"]);
    expect(await refusal(author, "PATCH", `/api/channels/${post.id}`, { tags: [] })).toEqual([404, "not_found"]);
  });

  test("is not in text channels, and messages and threads are not in forums", async () => {
    const text = home.channels[0]!.id;
    const invalid = [400, "invalid_request"];
    expect(await refusal(author, "POST", `/api/channels/${text}/posts`, { name: "x", content: "x" })).toEqual(invalid);
    expect(await refusal(author, "GET", `/api/channels/${text}/posts`)).toEqual(invalid);
    expect(await refusal(author, "POST", `/api/channels/${forum.id}/messages`, { content: "x" })).toEqual(invalid);
    expect(await refusal(author, "POST", `/api/channels/${forum.id}/threads`, { name: "x" })).toEqual(invalid);
    expect(await refusal(owner, "PATCH", `/api/channels/${text}`, { forum: { requires_tag: true } })).toEqual(invalid);
    const thread = await author.post<ThreadState>(`/api/channels/${text}/threads`, { name: "aside" });
    expect(await refusal(owner, "PATCH", `/api/channels/${thread.id}`, { pinned: true })).toEqual(invalid);
  });

  test("has moderated tags only from those who manage threads, known ones, and one where that is required", async () => {
    expect(await refusal(author, "POST", postsPath(), { name: "x", content: "x", tags: [2] })).toEqual([
      403,
      "forbidden",
    ]);
    expect(await refusal(owner, "POST", postsPath(), { name: "x", content: "x", tags: [9] })).toEqual([
      400,
      "invalid_request",
    ]);
    await owner.patch(`/api/channels/${forum.id}`, { forum: { requires_tag: true } });
    expect(await refusal(author, "POST", postsPath(), { name: "x", content: "x" })).toEqual([400, "invalid_request"]);
    const post = await create(author, { tags: [1] });
    const path = `/api/channels/${post.id}`;
    expect(await refusal(author, "PATCH", path, { tags: [1, 2] })).toEqual([403, "forbidden"]);
    expect(await refusal(reader, "PATCH", path, { name: "mine" })).toEqual([403, "forbidden"]);
    expect(await owner.patch<ThreadState>(path, { tags: [2] })).toMatchObject({ tags: [2] });
    expect(await refusal(author, "PATCH", path, { tags: [1] })).toEqual([403, "forbidden"]);
    expect(await author.patch<ThreadState>(path, { name: "Fixed", tags: [1, 2] })).toMatchObject({ name: "Fixed" });
  });

  test("is at the top while a moderator pins it, which the audit log keeps with changed tags", async () => {
    const first = await create(author, { name: "first" });
    await create(author, { name: "second" });
    const path = `/api/channels/${first.id}`;
    expect(await refusal(author, "PATCH", path, { pinned: true })).toEqual([403, "forbidden"]);
    await owner.patch(path, { pinned: true, tags: [1, 2] });
    const page = await list(reader);
    expect([page.pinned.map(({ name }) => name), namesIn(page)]).toEqual([["first"], ["second"]]);
    await owner.patch(path, { pinned: false });
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=thread_update`);
    expect(entries.map(({ changes }) => changes)).toEqual([
      [{ field: "pinned", before: true, after: false }],
      [
        { field: "tags", before: "", after: "bug, solved" },
        { field: "pinned", before: false, after: true },
      ],
    ]);
    for (let count = 0; count < 5; count += 1) {
      const { id } = await create(owner, { name: `pinned ${count}` });
      await owner.patch(`/api/channels/${id}`, { pinned: true });
    }
    expect(await refusal(owner, "PATCH", path, { pinned: true })).toEqual([422, "limit_reached"]);
  });

  test("waits for slow mode, which a refused one does not begin", async () => {
    await owner.patch(`/api/channels/${forum.id}`, { slow_mode_s: 60 });
    expect(await refusal(author, "POST", postsPath(), { name: "x", content: " " })).toEqual([400, "invalid_request"]);
    const post = await create(author);
    const refused = await author.request("POST", postsPath(), { body: { name: "x", content: "x" } });
    expect([refused.status, refused.code, refused.headers.get("retry-after")]).toEqual([429, "rate_limited", "60"]);
    await author.send(post.id, "a reply is not slowed");
    await create(owner);
    await create(owner);
    clock.advance(60_000);
    await create(author);
  });

  test("is found by its messages in the search of its forum", async () => {
    const post = await create(author, { content: "the flux capacitor hums" });
    const search = () => {
      // The indexer follows the log by timers.
      clock.advance(1_000);
      return reader.get<SearchResult>(`/api/search?q=capacitor&channel_id=${forum.id}`);
    };
    await expect.poll(async () => (await search()).hits).toMatchObject([{ channel_id: post.id }]);
  });
});

describe("the list of posts", () => {
  test("comes in pages by activity or the newest first, filtered by tags, archived ones too", async () => {
    for (const name of ["one", "two", "three", "four"]) {
      await create(author, { name, tags: name === "two" || name === "four" ? [1] : [] });
      clock.advance(1_000);
    }
    const all = await list(reader);
    expect(namesIn(all)).toEqual(["four", "three", "two", "one"]);
    await reader.send(all.posts[3]!.id, "still?");
    await author.patch(`/api/channels/${all.posts[0]!.id}`, { archived: true });
    const first = await list(reader, "?limit=3");
    expect(namesIn(first)).toEqual(["one", "four", "three"]);
    expect(first.posts[1]).toMatchObject({ archived: true });
    expect(namesIn(await list(reader, `?limit=3&cursor=${first.cursor}`))).toEqual(["two"]);
    const newest = await list(reader, "?order=newest&limit=2");
    expect(namesIn(newest)).toEqual(["four", "three"]);
    expect(namesIn(await list(reader, `?order=newest&limit=2&cursor=${newest.cursor}`))).toEqual(["two", "one"]);
    expect(namesIn(await list(reader, "?tags=1"))).toEqual(["four", "two"]);
    await owner.patch(`/api/channels/${forum.id}`, { forum: { order: "newest" } });
    expect(namesIn(await list(reader))).toEqual(["four", "three", "two", "one"]);
  });

  test("is without posts of people whom the reader hides", async () => {
    await create(author);
    await reader.put(`/api/me/blocks/${author.me.id}`);
    expect((await list(reader)).posts).toEqual([]);
    expect((await list(owner)).posts).toHaveLength(1);
    await reader.delete(`/api/me/blocks/${author.me.id}`);
  });
});

describe("the tags of a forum", () => {
  const path = () => `/api/channels/${forum.id}`;
  const bug = { id: 1, name: "bug", emoji: "🐞", moderated: false };

  test("are changed by those who manage the channel; one that is removed goes from its posts, and its id does not come back", async () => {
    const post = await create(author, { tags: [1] });
    expect(await refusal(author, "PATCH", path(), { forum: { tags: [] } })).toEqual([403, "forbidden"]);
    const changed = await owner.patch<Channel>(path(), { forum: { tags: [{ ...bug, id: 2 }] } });
    expect(changed.forum?.tags).toEqual([{ ...bug, id: 2 }]);
    expect(await author.get<ThreadState>(`/api/channels/${post.id}`)).toMatchObject({ tags: [] });
    const { id: _id, ...fresh } = bug;
    const again = await owner.patch<Channel>(path(), { forum: { tags: [{ ...bug, id: 2, name: "x" }, fresh] } });
    expect(again.forum?.tags.map(({ id }) => id)).toEqual([2, 3]);
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=channel_update`);
    expect(entries[1]?.changes).toEqual([{ field: "tags", before: "🐞 bug, solved*", after: "🐞 bug" }]);
    const { channels } = await reader.get<ServerState>(`/api/servers/${home.id}`);
    expect(channels.find(({ id }) => id === forum.id)?.forum).toEqual(again.forum);
  });

  test.each([
    ["one that is not there", [{ ...bug, id: 9 }]],
    ["one twice", [bug, { ...bug, name: "other" }]],
    ["two of one name", [bug, { name: "Bug", emoji: null, moderated: false }]],
    ["one without a name", [{ name: " ", emoji: null, moderated: false }]],
    ["an emoji that is none", [{ name: "x", emoji: "bug", moderated: false }]],
    ["too many", Array.from({ length: 21 }, (_, at) => ({ name: `tag ${at}`, emoji: null, moderated: false }))],
  ])("are refused with %s", async (_name, tags) => {
    expect(await refusal(owner, "PATCH", path(), { forum: { tags } })).toEqual([400, "invalid_request"]);
  });
});
