import type { AuditLog, AutomodDryRun, AutomodRule, History, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OldClient } from "../../gateway/legacy/testing/old-client.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { TestClient } from "../../testing/test-client.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";

const dayMs = 86_400_000;
const clock = new ManualClock();
const words = (...list: string[]) => ({ kind: "words", words: list });
const message = "That word is not welcome here.";

let server: TestServer;
let owner: TestClient;
/** Manages the server. */
let manager: TestClient;
let member: TestClient;
let home: ServerState;
let general: number;
let crew: Role;

beforeAll(async () => {
  server = await startTestServer({ accessTokenTtlMs: 365 * dayMs, sessionTtlMs: 365 * dayMs }, { clock });
  owner = await TestClient.register(server.url, "owner");
  manager = await TestClient.register(server.url, "manager");
  member = await TestClient.register(server.url, "member");
});
afterAll(() => server.cleanup());

beforeEach(async () => {
  home = await owner.createServer();
  general = home.channels[0]!.id;
  const code = await owner.invite(home.id);
  for (const client of [manager, member]) await client.join(code);
  const fields = { name: "crew", permissions: bitsOf("manageGuild") };
  crew = await owner.post<Role>(`/api/servers/${home.id}/roles`, fields);
  await owner.put(`/api/servers/${home.id}/members/${manager.me.id}/roles/${crew.id}`);
});

const rulesPath = () => `/api/servers/${home.id}/automod/rules`;
const addRule = (fields: Record<string, unknown> = {}, client = manager) =>
  client.post<AutomodRule>(rulesPath(), {
    name: "Words",
    message,
    trigger: words("слон"),
    actions: { block: true },
    ...fields,
  });
const say = async (client: TestClient, content: string, channelId = general) => {
  const path = `/api/channels/${channelId}/messages`;
  const answer = await client.request<{ error?: { message: string } }>("POST", path, { body: { content } });
  return answer.status === 201 ? "sent" : `${answer.status} ${answer.code} ${answer.body.error?.message}`;
};
const texts = async (channelId = general) =>
  (await owner.get<History>(`/api/channels/${channelId}/messages`)).messages.map(({ content }) => content);
const blocked = `403 automod_blocked ${message}`;

const moderators = () => {
  const fields = { name: "moderators", permissions: bitsOf("moderateMembers", "manageMessages") };
  return owner.post<Role>(`/api/servers/${home.id}/roles`, fields);
};

describe("a rule that blocks", () => {
  test("refuses messages and edits with its reason, from the next message on, and not those of who manages the server", async () => {
    expect(await say(member, "слоны идут")).toBe("sent");
    const rule = await addRule();
    expect(await say(member, "и с л о н, и слоном")).toBe(blocked);
    const { id } = await member.send(general, "кот");
    expect(await member.request("PATCH", `/api/messages/${id}`, { body: { content: "слон" } })).toMatchObject({
      status: 403,
      code: "automod_blocked",
    });
    for (const client of [owner, manager]) expect(await say(client, "слон")).toBe("sent");
    expect(await texts()).toEqual(["слоны идут", "кот", "слон", "слон"]);
    await manager.patch(`/api/automod/rules/${rule.id}`, { trigger: words("кот") });
    expect([await say(member, "слон"), await say(member, "кот")]).toEqual(["sent", blocked]);
    await manager.patch(`/api/automod/rules/${rule.id}`, { enabled: false });
    expect(await say(member, "кот")).toBe("sent");
    await manager.patch(`/api/automod/rules/${rule.id}`, { enabled: true });
    expect(await say(member, "кот")).toBe(blocked);
    await manager.delete(`/api/automod/rules/${rule.id}`);
    expect(await say(member, "кот")).toBe("sent");
  });

  test("reads the title of a new post as its text", async () => {
    await addRule();
    const { id } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, {
      name: "help",
      type: "forum",
    });
    const create = (name: string) =>
      member.request("POST", `/api/channels/${id}/posts`, { body: { name, content: "see the title" } });
    expect((await create("слон")).code).toBe("automod_blocked");
    expect((await create("кот")).status).toBe(201);
    expect((await owner.get<{ posts: unknown[] }>(`/api/channels/${id}/posts`)).posts).toHaveLength(1);
  });

  test("leaves exempt roles and channels, other servers and private messages alone", async () => {
    const friends = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name: "friends" });
    const rule = await addRule({ exempt_channel_ids: [general] });
    expect(await say(member, "слон")).toBe("sent");
    await manager.patch(`/api/automod/rules/${rule.id}`, { exempt_channel_ids: [], exempt_role_ids: [friends.id] });
    expect(await say(member, "слон")).toBe(blocked);
    await owner.put(`/api/servers/${home.id}/members/${member.me.id}/roles/${friends.id}`);
    expect(await say(member, "слон")).toBe("sent");
    await owner.delete(`/api/servers/${home.id}/members/${member.me.id}/roles/${friends.id}`);
    const own = await member.createServer();
    expect(await say(member, "слон", own.channels[0]!.id)).toBe("sent");
    const dm = await member.post<{ id: number }>("/api/dms", { user_ids: [owner.me.id] });
    expect(await say(member, "слон", dm.id)).toBe("sent");
  });

  test("holds for sockets of version 1 too", async () => {
    await addRule();
    const socket = await OldClient.connect(server.url, `/ws/legacy/chat/${general}`, member.token!);
    socket.send({ type: "message", text_channel_id: general, content: "сл0н", nonce: "a" });
    expect(await socket.next("error")).toMatchObject({ code: "automod_blocked", message });
    await socket.close();
  });

  test("counts what was sent before in all channels of the server, also within one transaction", async () => {
    const second = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "second" });
    await addRule({ trigger: { kind: "repeats", times: 3, window_s: 60, in_message: 50 } });
    const answers = await Promise.all([say(member, "купи слона"), say(member, "Купи слона!", second.id)]);
    expect(answers).toEqual(["sent", "sent"]);
    expect(await say(member, "купи  слона")).toBe(blocked);
    const atOnce = await Promise.all([1, 2, 3, 4].map(() => say(member, "купи кота")));
    expect(atOnce.toSorted()).toEqual([blocked, blocked, "sent", "sent"]);
    clock.advance(61_000);
    expect(await say(member, "купи слона")).toBe("sent");
  });

  test("counts forwarded messages, and the answers of polls, as it reads them", async () => {
    const source = await owner.send(general, "купи слона");
    await addRule({ trigger: { kind: "repeats", times: 3, window_s: 60, in_message: 50 } });
    const forward = async () => {
      const body = { channel_id: general };
      return (await member.request("POST", `/api/messages/${source.id}/forward`, { body })).code;
    };
    expect([await forward(), await forward(), await forward()]).toEqual([undefined, undefined, "automod_blocked"]);
    const ask = async (content: string) => {
      const body = { content, poll: { answers: ["кот", "слон"] } };
      return (await member.request("POST", `/api/channels/${general}/messages`, { body })).code;
    };
    expect([await ask("кто?"), await ask("кто?"), await ask("кто?")]).toEqual([
      undefined,
      undefined,
      "automod_blocked",
    ]);
  });

  test("keeps whoever has such a name from writing until they change it", async () => {
    await member.patch("/api/auth/me", { display_name: "М а г а з и н" });
    await addRule({ trigger: words("магазин"), checks_names: true });
    expect(await say(member, "привет")).toBe(blocked);
    await member.patch("/api/auth/me", { display_name: "Миша" });
    expect(await say(member, "привет")).toBe("sent");
  });

  test("refuses a nickname and a display name when they are set, tells the channel for alerts, and spares who is exempt", async () => {
    const { id: alerts } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "alerts" });
    const actions = { block: true, alert_channel_id: alerts };
    const rule = await addRule({ trigger: words("слон"), checks_names: true, actions }, owner);
    const nickname = async (client: TestClient, name: string) => {
      const path = `/api/servers/${home.id}/members/${client.me.id}/nickname`;
      const answer = await client.request<{ error?: { message: string } }>("PUT", path, { body: { nickname: name } });
      return answer.status === 204 ? "set" : `${answer.status} ${answer.code} ${answer.body.error?.message}`;
    };
    expect(await nickname(member, "С_Л_О_Н")).toBe(blocked);
    const profile = { body: { display_name: "Большой слон" } };
    const refused = await member.request<{ error: { message: string } }>("PATCH", "/api/auth/me", profile);
    expect([refused.code, refused.body.error.message]).toEqual(["automod_blocked", `${home.name}: ${message}`]);
    expect((await member.get<{ display_name: string }>("/api/auth/me")).display_name).not.toContain("слон");
    const told = await texts(alerts);
    expect(told).toHaveLength(2);
    expect(told[0]).toContain("С_Л_О_Н");
    expect(told[0]).not.toContain("#");
    expect([await nickname(member, "кот"), await nickname(manager, "слон")]).toEqual(["set", "set"]);
    await owner.patch(`/api/automod/rules/${rule.id}`, { exempt_role_ids: [home.everyone_role_id] });
    expect(await nickname(member, "слон")).toBe("set");
  });
});

describe("a rule that does not block", () => {
  test("deletes what was sent, times its author out and tells a channel what it was, but not of a hidden channel", async () => {
    const { id: alerts } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "alerts" });
    const { id: hidden } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "hidden" });
    const actions = { delete: true, alert_channel_id: alerts, timeout_s: 600 };
    const rule = await addRule({ actions }, owner);
    expect(await say(member, "```слон```")).toBe("sent");
    expect(await texts()).toEqual([]);
    const [alert] = await texts(alerts);
    for (const part of ["AutoMod", "Words", "member", "#general", "10 min", "```слон```"])
      expect(alert).toContain(part);
    expect(await say(member, "кот")).toContain("403 forbidden");
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log?action=automod_timeout`);
    expect(entries).toMatchObject([{ user: { id: member.me.id }, subject: "Words" }]);

    await owner.put(`/api/servers/${home.id}/members/${member.me.id}/timeout`, { until: null });
    const override = { type: "role", allow: 0, deny: bitsOf("viewChannel") };
    await owner.put(`/api/channels/${hidden}/overrides/${home.everyone_role_id}`, override);
    const seeing = { type: "member", allow: bitsOf("viewChannel"), deny: 0 };
    await owner.put(`/api/channels/${hidden}/overrides/${member.me.id}`, seeing);
    await owner.patch(`/api/automod/rules/${rule.id}`, { actions: { block: true, alert_channel_id: alerts } });
    expect(await say(member, "слон", hidden)).toBe(blocked);
    const told = (await texts(alerts)).at(-1)!;
    expect(told).toContain("member");
    expect(told).not.toMatch(/hidden|слон/);

    await owner.put(`/api/servers/${home.id}/members/${member.me.id}/roles/${(await moderators()).id}`);
    await owner.patch(`/api/automod/rules/${rule.id}`, { actions });
    expect(await say(member, "слон")).toBe("sent");
    expect(await texts()).toEqual([]);
    expect((await texts(alerts)).at(-1)).not.toContain("min");
    expect(await say(member, "кот")).toBe("sent");
  });
});

describe("the rules", () => {
  test("tell those who manage the server, and nobody else, that they were changed", async () => {
    const socketOf = ({ token }: TestClient) =>
      new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${token}`);
    const [managers, members] = [socketOf(manager), socketOf(member)];
    await Promise.all([managers, members].map((socket) => socket.next("connection_established")));
    await addRule({}, owner);
    expect(await managers.next("automod_rules_changed")).toEqual({ type: "automod_rules_changed", server_id: home.id });
    members.send({ type: "join_channel", channel_id: general });
    await members.next("channel_synced");
    expect(members.all("automod_rules_changed")).toEqual([]);
    for (const { ws } of [managers, members]) ws.terminate();
  });

  test("are seen and changed by those who manage the server only, and each change is in the audit log", async () => {
    const rule = await addRule();
    expect(await owner.get(rulesPath())).toEqual({ rules: [rule] });
    const body = { name: "x", message: "x", trigger: words("x"), actions: {} };
    for (const [method, path] of [
      ["GET", rulesPath()],
      ["POST", rulesPath()],
      ["POST", `/api/servers/${home.id}/automod/dry-run`],
      ["PATCH", `/api/automod/rules/${rule.id}`],
      ["DELETE", `/api/automod/rules/${rule.id}`],
    ] as const) {
      const sent = path.endsWith("dry-run") ? { rule: body } : body;
      expect(await member.request(method, path, { body: method === "GET" ? undefined : sent })).toMatchObject({
        status: 403,
      });
    }
    await manager.patch(`/api/automod/rules/${rule.id}`, { trigger: words("кот", "слон"), enabled: false });
    await manager.delete(`/api/automod/rules/${rule.id}`);
    const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log`);
    expect(entries.slice(0, 3)).toMatchObject([
      { action: "automod_rule_delete", subject: "Words" },
      {
        action: "automod_rule_update",
        changes: [
          { field: "enabled", before: true, after: false },
          { field: "trigger", after: "words (words: кот, слон; allowed: ; forms: true)" },
        ],
      },
      { action: "automod_rule_create", actor: { id: manager.me.id } },
    ]);
  });

  test("do nothing that who makes or changes them may not do", async () => {
    const { id: news } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "news" });
    const quiet = { type: "role", allow: 0, deny: bitsOf("sendMessages") };
    await owner.put(`/api/channels/${news}/overrides/${home.everyone_role_id}`, quiet);
    const body = { name: "x", message: "x", trigger: words("x") };
    const make = async (actions: object) =>
      (await manager.request("POST", rulesPath(), { body: { ...body, actions } })).status;
    const doing = [{ timeout_s: 60 }, { delete: true }, { block: true, alert_channel_id: news }];
    expect(await Promise.all(doing.map(make))).toEqual([403, 403, 400]);
    const { id } = await addRule({ actions: { timeout_s: 60 } }, owner);
    const rename = async () =>
      (await manager.request("PATCH", `/api/automod/rules/${id}`, { body: { name: "y" } })).status;
    expect(await rename()).toBe(403);
    await owner.put(`/api/servers/${home.id}/members/${manager.me.id}/roles/${(await moderators()).id}`);
    expect([await rename(), await make({ timeout_s: 60, delete: true })]).toEqual([200, 201]);
  });

  test("name no channel that their reader does not see, and keep it when the reader changes something else", async () => {
    const { id: hidden } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "hidden" });
    const override = { type: "role", allow: 0, deny: bitsOf("viewChannel") };
    await owner.put(`/api/channels/${hidden}/overrides/${home.everyone_role_id}`, override);
    const actions = { block: true, delete: false, alert_channel_id: hidden, timeout_s: 0 };
    const { id } = await addRule({ actions, exempt_channel_ids: [hidden] }, owner);
    const { rules } = await manager.get<{ rules: AutomodRule[] }>(rulesPath());
    expect(rules).toMatchObject([{ actions: { alert_channel_id: null }, exempt_channel_ids: [] }]);
    const { id: _id, server_id: _serverId, ...fields } = rules[0]!;
    await manager.patch(`/api/automod/rules/${id}`, { ...fields, name: "Renamed", exempt_channel_ids: [general] });
    expect(await owner.get(rulesPath())).toMatchObject({
      rules: [{ name: "Renamed", actions, exempt_channel_ids: [general, hidden] }],
    });
    const aimed = { name: "x", message: "x", trigger: words("x"), actions };
    expect(await manager.request("POST", rulesPath(), { body: aimed })).toMatchObject({ status: 400 });
  });
});

test("a dry run shows last week's messages that would have met the rule, where its reader sees them, page by page", async () => {
  const { id: hidden } = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "hidden" });
  await Promise.all(Array.from({ length: 30 }, (_, index) => owner.send(general, `слон ${index}`)));
  await Promise.all([say(member, "кот"), owner.send(hidden, "слон в тени")]);
  const unseen = { type: "role", allow: 0, deny: bitsOf("viewChannel") };
  await owner.put(`/api/channels/${hidden}/overrides/${home.everyone_role_id}`, unseen);
  const path = `/api/servers/${home.id}/automod/dry-run`;
  const rule = { name: "x", message: "x", trigger: words("слон"), actions: { block: true } };
  const contents: string[] = [];
  let [checked, cursor] = [0, undefined as string | undefined];
  // On a busy machine a page has few messages, but goes on by one, or by one channel, at least.
  for (let page = 0; page < 40 && cursor !== null; page += 1) {
    const found = await manager.post<AutomodDryRun>(path, { rule, ...(cursor && { cursor }) });
    contents.push(...found.hits.map((hit) => hit.message.content.slice(hit.match!.start, hit.match!.end)));
    [checked, cursor] = [checked + found.checked, found.cursor as string];
  }
  expect(contents).toEqual(Array.from({ length: 30 }, () => "слон"));
  expect([checked, (await texts()).length]).toEqual([31, 31]);

  clock.leap(8 * dayMs);
  await say(member, "слон вернулся");
  const hits = [{ message: { content: "слон вернулся" } }];
  expect(await manager.post(path, { rule })).toMatchObject({ hits, checked: 1, cursor: null });
});
