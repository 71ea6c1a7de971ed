import type { AuditLog, History, Role, ServerState, Webhook, WebhookWithToken } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OldClient } from "../../gateway/legacy/testing/old-client.ts";
import { publicAddresses } from "../../outgoing/address-rules.ts";
import { TestClient } from "../../testing/test-client.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

let server: TestServer;
let owner: TestClient;
let maker: TestClient;
let member: TestClient;
let home: ServerState;
let general: number;
let makers: Role;
let hook: WebhookWithToken;
let path: string;
const anyone = () => new TestClient(server.url);

beforeAll(async () => {
  // Nothing of the internet is called.
  server = await startTestServer({}, { pages: { ...publicAddresses, resolve: async () => [] } });
  owner = await TestClient.register(server.url, "owner");
  maker = await TestClient.register(server.url, "maker");
  member = await TestClient.register(server.url, "member");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  home = await owner.createServer();
  general = home.channels[0]!.id;
  const code = await owner.invite(home.id);
  for (const client of [maker, member]) await client.join(code);
  const fields = { name: "makers", permissions: bitsOf("manageWebhooks") };
  makers = await owner.post<Role>(`/api/servers/${home.id}/roles`, fields);
  await owner.put(`/api/servers/${home.id}/members/${maker.me.id}/roles/${makers.id}`);
  hook = await maker.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "Builds" });
  path = `/api/webhooks/${hook.id}/${hook.token}`;
});

const post = (body: unknown, at = path, headers: Record<string, string> = {}) =>
  anyone().request<Record<string, unknown>>("POST", at, { body, headers });
const messages = async (client = member) => (await client.get<History>(`/api/channels/${general}/messages`)).messages;
const last = async () => (await messages()).at(-1)!;

describe("what Discord's documentation shows", () => {
  test("a message with content, name and picture is shown under that name, and answered with 204", async () => {
    const body = { username: "Webhook", avatar_url: "https://i.imgur.com/4M34hi2.png", content: "Text of message" };
    const answer = await post(body, `/api/v10/webhooks/${hook.id}/${hook.token}`);
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expect(answer.headers.get("x-ratelimit-limit")).toBe("5");
    expect(answer.headers.get("x-ratelimit-remaining")).toBe("4");
    expect(Number(answer.headers.get("x-ratelimit-reset-after"))).toBeGreaterThan(0);
    const { author, content } = await last();
    expect({ author, content }).toMatchObject({
      content: "Text of message",
      author: { id: hook.id, display_name: "Webhook", avatar_url: null, is_webhook: true },
    });
  });

  test("embeds with all of their parts arrive, and with wait=true the message is answered in Discord's shape", async () => {
    const embed = {
      title: "Hello, Embed!",
      description: "This is an *embedded* message.",
      url: "https://example.org/page",
      color: 15_258_703,
      timestamp: "2026-11-29T12:00:00.000Z",
      author: { name: "Birdie", url: "https://www.reddit.com/r/cats/", icon_url: "https://i.imgur.com/R66g1Pe.jpg" },
      fields: [{ name: "Text", value: "More text", inline: true }],
      thumbnail: { url: "https://example.org/thumb.png" },
      image: { url: "https://example.org/pic.png" },
      footer: { text: "Woah! So cool!", icon_url: "https://i.imgur.com/fKL31aD.jpg" },
    };
    const answer = await post({ content: null, embeds: [embed], tts: false, attachments: [] }, `${path}?wait=true`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      type: 0,
      content: "",
      channel_id: String(general),
      webhook_id: String(hook.id),
      author: { bot: true, id: String(hook.id), username: "Builds", discriminator: "0000" },
      embeds: [{ type: "rich", title: "Hello, Embed!" }],
      mentions: [],
    });
    const { embeds } = await last();
    const { author, footer, ...rest } = embed;
    expect(embeds).toEqual([
      { ...rest, author: { name: author.name, url: author.url }, footer: { text: footer.text } },
    ]);
    expect(JSON.stringify(embeds)).not.toContain("icon_url");
  });

  test("a poll is asked, with the text before its question, and flags keep pages from being previewed", async () => {
    const poll = {
      question: { text: "Which tree?" },
      answers: [{ poll_media: { text: "Oak" } }, { poll_media: { text: "Birch", emoji: { name: "🌳" } } }],
      duration: 2,
      allow_multiselect: true,
      layout_type: 1,
    };
    const { status, body } = await post({ content: "Vote", poll, flags: 4 }, `${path}?wait=true`);
    expect([status, body]).toMatchObject([200, { poll: { answers: [{ answer_id: 1 }, {}], allow_multiselect: true } }]);
    const { content, poll: asked } = await last();
    expect([content, asked]).toMatchObject([
      "Vote\nWhich tree?",
      { answers: [{ text: "Oak", votes: 0 }, { text: "🌳 Birch" }], multiple: true, anonymous: false },
    ]);
    expect(Date.parse(asked!.ends_at!) - Date.now()).toBeGreaterThan(7_000_000);
    expect((await post({ poll: { ...poll, answers: [poll.answers[0], poll.answers[0]] } })).status).toBe(400);
    expect((await post({ poll: { question: { text: "Alone?" }, answers: poll.answers } })).status).toBe(204);
  });

  test("a form with payload_json and files keeps the files", async () => {
    const form = new FormData();
    form.set(
      "payload_json",
      JSON.stringify({ content: "Log of the build", embeds: [{ image: { url: "attachment://a.png" } }] }),
    );
    form.set("files[0]", new Blob(["all is well"], { type: "text/plain" }), "build.log");
    const answer = await post(form, `${path}?wait=true`);
    expect(answer.body).toMatchObject({
      content: "Log of the build",
      attachments: [{ filename: "build.log", size: 11 }],
    });
    expect((await last()).attachments).toMatchObject([{ filename: "build.log" }]);
    expect(await last()).not.toHaveProperty("embeds");
  });

  test("a form with the field content alone is a message", async () => {
    const form = new FormData();
    form.set("content", "from a form");
    expect((await post(form)).status).toBe(204);
    expect((await last()).content).toBe("from a form");
  });

  test("its message is read, edited and deleted with the token, and no other message is", async () => {
    const { body } = await post({ content: "first" }, `${path}?wait=true`);
    const own = `${path}/messages/${String(body["id"])}`;
    const edited = await anyone().request("PATCH", own, { body: { content: "second", embeds: [{ title: "E" }] } });
    expect(edited.body).toMatchObject({ content: "second", embeds: [{ title: "E" }] });
    expect(await anyone().get(own)).toMatchObject({ content: "second" });
    expect((await last()).is_edited).toBe(true);
    const { id } = await member.send(general, "a person's");
    for (const method of ["GET", "PATCH", "DELETE"]) {
      const options = method === "PATCH" ? { body: { content: "x" } } : {};
      const answer = await anyone().request<{ code: number }>(method, `${path}/messages/${id}`, options);
      expect([method, answer.status]).toEqual([method, 404]);
    }
    expect((await anyone().request("DELETE", own)).status).toBe(204);
    expect((await messages()).map(({ content }) => content)).toEqual(["a person's"]);
  });

  test("the webhook is read, renamed and deleted with its token", async () => {
    expect(await anyone().get(path)).toMatchObject({ id: String(hook.id), type: 1, name: "Builds", avatar: null });
    expect(await anyone().patch(path, { name: "Deploys", avatar: null })).toMatchObject({ name: "Deploys" });
    expect((await anyone().request("DELETE", path)).status).toBe(204);
    expect((await post({ content: "x" })).status).toBe(404);
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log`);
    expect(entries.map(({ action }) => action).slice(0, 3)).toEqual([
      "webhook_delete",
      "webhook_update",
      "webhook_create",
    ]);
  });

  test("thread_id writes into a thread of the channel, and into no other channel", async () => {
    const thread = await owner.post<{ id: number }>(`/api/channels/${general}/threads`, { name: "Builds" });
    expect((await post({ content: "in the thread" }, `${path}?thread_id=${thread.id}`)).status).toBe(204);
    const inThread = await owner.get<History>(`/api/channels/${thread.id}/messages`);
    expect(inThread.messages.map(({ content }) => content)).toEqual(["in the thread"]);
    const other = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "other" });
    for (const id of [other.id, general, 999_999]) {
      expect((await post({ content: "x" }, `${path}?thread_id=${id}`)).status).toBe(404);
    }
    expect(await messages()).toEqual([]);
  });

  test("faults are answered as Discord does", async () => {
    const empty = await post({ content: "" });
    expect([empty.status, empty.body["code"]]).toEqual([400, 50_035]);
    const long = await post({ embeds: [{ title: "x".repeat(257) }] });
    expect(long.body).toMatchObject({ code: 50_035, errors: { embeds: { 0: { title: { _errors: [{}] } } } } });
    const total = await post({ embeds: Array.from({ length: 2 }, () => ({ description: "x".repeat(4_000) })) });
    expect(total.status).toBe(400);
    for (const url of ["javascript:alert(1)", "data:text/html,x", "ftp://example.org"]) {
      expect((await post({ embeds: [{ title: "x", url }] })).status).toBe(400);
    }
    for (const at of [`/api/webhooks/${hook.id}/${hook.token}x`, `/api/webhooks/999999/${hook.token}`]) {
      const unknown = await post({ content: "x" }, at);
      expect([unknown.status, unknown.body]).toEqual([404, { message: "Unknown Webhook", code: 10_015 }]);
    }
    expect(await messages()).toEqual([]);
  });
});

describe("mentions", () => {
  const text = () => `@everyone @member <@${owner.me.id}> <@&${makers.id}>`;

  test("reach whom allowed_mentions allow, and everyone only by the right of its maker", async () => {
    await owner.request("PATCH", `/api/roles/${makers.id}`, { body: { mentionable: true } });
    const sent = async (allowed?: unknown) => {
      await post({ content: text(), ...(allowed !== undefined && { allowed_mentions: allowed }) });
      const { mentions, mentions_everyone, mention_roles = [] } = await last();
      return { users: mentions, everyone: mentions_everyone, roles: mention_roles };
    };
    const both = [owner.me.id, member.me.id].toSorted((a, b) => a - b);
    expect(await sent()).toEqual({ users: both, everyone: false, roles: [makers.id] });
    expect((await last()).content).toContain("@owner");
    expect(await sent({ parse: [] })).toEqual({ users: [], everyone: false, roles: [] });
    expect(await sent({ parse: ["roles"], users: [String(member.me.id)] })).toEqual({
      users: [member.me.id],
      everyone: false,
      roles: [makers.id],
    });
    const permissions = bitsOf("manageWebhooks", "mentionEveryone");
    await owner.request("PATCH", `/api/roles/${makers.id}`, { body: { permissions } });
    expect((await sent()).everyone).toBe(true);
    expect((await sent({ parse: ["users"] })).everyone).toBe(false);
  });
});

describe("who may", () => {
  const of = (client: TestClient) => client.request<{ webhooks: Webhook[] }>("GET", `/api/servers/${home.id}/webhooks`);

  test("members without the permission see and change no webhook; its list shows no token", async () => {
    expect((await of(member)).body.webhooks).toEqual([]);
    const call = (method: string, at: string, body?: unknown) =>
      member.request(method, at, body === undefined ? {} : { body });
    expect((await call("POST", `/api/channels/${general}/webhooks`, { name: "x" })).code).toBe("forbidden");
    expect((await call("PATCH", `/api/webhooks/${hook.id}`, { name: "x" })).code).toBe("forbidden");
    expect((await call("PUT", `/api/webhooks/${hook.id}/token`)).code).toBe("forbidden");
    expect((await call("DELETE", `/api/webhooks/${hook.id}`)).code).toBe("forbidden");
    const { body } = await of(maker);
    expect(body.webhooks).toMatchObject([{ id: hook.id, name: "Builds", works: true, last_used_at: null }]);
    expect(JSON.stringify(body)).not.toContain(hook.token);
    // Nobody sees the webhook as an account.
    expect((await owner.request("POST", "/api/me/friends", { body: { username: `webhook:${hook.id}` } })).code).toBe(
      "not_found",
    );
    expect((await owner.request("PUT", `/api/me/blocks/${hook.id}`)).status).toBe(404);
  });

  test("a webhook writes while its maker may manage webhooks there, and again once somebody takes it over", async () => {
    await owner.request("DELETE", `/api/servers/${home.id}/members/${maker.me.id}/roles/${makers.id}`);
    expect((await post({ content: "x" })).status).toBe(404);
    expect((await of(owner)).body.webhooks).toMatchObject([{ works: false, creator: { id: maker.me.id } }]);
    await owner.patch(`/api/webhooks/${hook.id}`, { take_over: true });
    expect((await post({ content: "again" })).status).toBe(204);
    expect((await of(owner)).body.webhooks).toMatchObject([{ works: true, creator: { id: owner.me.id } }]);
  });

  test("it is renamed, moved, given another address, and dies with its channel", async () => {
    const other = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "other" });
    await maker.patch(`/api/webhooks/${hook.id}`, { name: "New", channel_id: other.id });
    await post({ content: "moved" });
    const moved = await owner.get<History>(`/api/channels/${other.id}/messages`);
    expect(moved.messages).toMatchObject([{ content: "moved", author: { display_name: "New" } }]);
    const { token } = (await maker.request<WebhookWithToken>("PUT", `/api/webhooks/${hook.id}/token`)).body;
    expect((await post({ content: "old" })).status).toBe(404);
    expect((await post({ content: "new" }, `/api/webhooks/${hook.id}/${token}`)).status).toBe(204);
    await owner.request("DELETE", `/api/channels/${other.id}`);
    expect((await post({ content: "x" }, `/api/webhooks/${hook.id}/${token}`)).status).toBe(404);
    expect((await of(owner)).body.webhooks).toEqual([]);
    const foreign = await maker.createServer();
    const back = await maker.post<WebhookWithToken>(`/api/channels/${general}/webhooks`, { name: "x" });
    const across = { body: { channel_id: foreign.channels[0]!.id } };
    expect((await maker.request("PATCH", `/api/webhooks/${back.id}`, across)).code).toBe("not_found");
  });

  test("a channel that somebody does not see hides its webhooks, and a channel has at most fifteen", async () => {
    const deny = { type: "role", allow: 0, deny: bitsOf("viewChannel") };
    await owner.put(`/api/channels/${general}/overrides/${makers.id}`, deny);
    expect((await of(maker)).body.webhooks).toEqual([]);
    expect((await maker.request("DELETE", `/api/webhooks/${hook.id}`)).code).toBe("not_found");
    for (let count = 1; count < 15; count += 1) await owner.post(`/api/channels/${general}/webhooks`, { name: "x" });
    const more = await owner.request("POST", `/api/channels/${general}/webhooks`, { body: { name: "x" } });
    expect(more.code).toBe("limit_reached");
  });

  test("the database holds no token", async () => {
    const { readFile, readdir } = await import("node:fs/promises");
    const files = (await readdir(server.config.dataDir)).filter((name) => name.includes("miscord"));
    for (const name of files) {
      expect((await readFile(`${server.config.dataDir}/${name}`)).includes(hook.token)).toBe(false);
    }
  });
});

test("members see it live, with the name and embeds, and version 1 as a text under the webhook's name", async () => {
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${member.token}`);
  await socket.next("connection_established");
  await socket.join(general);
  const old = await OldClient.connect(server.url, `/ws/legacy/chat/${general}`, member.token!);
  await post({ content: "text", username: "Robo", embeds: [{ title: "T", description: "D" }] });
  const { data } = await socket.next("new_message");
  expect(data).toMatchObject({ author: { display_name: "Robo", is_webhook: true }, embeds: [{ title: "T" }] });
  expect(data).toEqual(await last());
  expect((await old.next("new_message"))["data"]).toMatchObject({
    content: "text\n\nT\nD",
    author: { username: "Robo", display_name: "Robo" },
  });
  await old.close();
  socket.ws.terminate();
});

test("more than ten at once wait, and are told how long", async () => {
  const answers = await Promise.all(Array.from({ length: 14 }, () => post({ content: "x" })));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(3);
  expect(refused[0]!.body).toMatchObject({ message: "You are being rate limited.", global: false });
  expect(refused[0]!.body["retry_after"]).toBeGreaterThan(0);
  expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
});
