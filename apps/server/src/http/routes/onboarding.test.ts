import type { AuditLog, Onboarding, OnboardingState, Role, ServerState } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer, type TestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";

let server: TestServer;
let owner: TestClient;
/** May manage the server and its roles; the role `crew` stands above `cats` and `dogs`. */
let editor: TestClient;
let newcomer: TestClient;
let home: ServerState;
let roles: Record<"cats" | "dogs" | "crew" | "boss", Role>;

beforeAll(async () => {
  server = await startTestServer();
  owner = await TestClient.register(server.url, "owner");
  editor = await TestClient.register(server.url, "editor");
  newcomer = await TestClient.register(server.url, "newcomer");
});
afterAll(() => server.cleanup());

const path = () => `/api/servers/${home.id}/onboarding`;

beforeEach(async () => {
  home = await owner.createServer();
  const made = {} as typeof roles;
  // Each new role is the lowest.
  for (const [name, permissions] of [
    ["boss", 0],
    ["crew", bitsOf("manageGuild", "manageRoles")],
    ["cats", bitsOf("sendMessages")],
    ["dogs", 0],
  ] as const) {
    made[name] = await owner.post<Role>(`/api/servers/${home.id}/roles`, { name, permissions });
  }
  roles = made;
  await editor.join(await owner.invite(home.id));
  await owner.put(`/api/servers/${home.id}/members/${editor.me.id}/roles/${roles.crew.id}`);
});

const answer = (id: number, text: string, role_ids: number[] = [], channel_ids: number[] = []) => ({
  id,
  text,
  role_ids,
  channel_ids,
});

function pets(fields: Partial<Onboarding["questions"][number]> = {}): Onboarding {
  const question = {
    id: 1,
    text: "Which pets?",
    many: true,
    required: false,
    answers: [
      answer(2, "Cats", [roles.cats.id], [home.channels[0]!.id]),
      answer(3, "Dogs", [roles.dogs.id]),
      answer(4, "None"),
    ],
    ...fields,
  };
  return {
    enabled: true,
    welcome: "Make yourself at home",
    channel_ids: [home.channels[0]!.id],
    questions: [question],
  };
}

async function refusal(client: TestClient, method: string, url: string, body: unknown) {
  const { status, code } = await client.request(method, url, { body });
  return [status, code];
}
const setUp = (body: Onboarding, client = owner) => client.put(path(), body);
const choose = (client: TestClient, ...answer_ids: number[]) =>
  client.request("PUT", `${path()}/answers`, { body: { answer_ids } });
const stateFor = (client: TestClient) => client.get<ServerState>(`/api/servers/${home.id}`);
const join = async (client: TestClient) => client.join(await owner.invite(home.id));
const forbidden = [403, "forbidden"];

test("a newcomer answers once, gets the roles, and may change the answers later", async () => {
  await setUp(pets());
  expect((await stateFor(editor)).onboarding_since).not.toBeNull();
  const joined = await join(newcomer);
  expect(joined).toMatchObject({ onboarded: false });
  expect(Date.parse(joined.joined_at)).toBeGreaterThanOrEqual(Date.parse(joined.onboarding_since!));
  const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${newcomer.token}`);
  await socket.next("connection_established");
  expect((await choose(newcomer, 2, 3)).status).toBe(204);
  await socket.next("onboarded");
  const both = [roles.cats.id, roles.dogs.id];
  expect(await socket.next("member_updated")).toMatchObject({ user_id: newcomer.me.id, role_ids: both });
  expect(await stateFor(newcomer)).toMatchObject({ onboarded: true, role_ids: both });
  expect((await choose(newcomer, 3)).status).toBe(204);
  expect((await stateFor(newcomer)).role_ids).toEqual([roles.dogs.id]);
  const { onboarding, answer_ids } = await newcomer.get<OnboardingState>(path());
  expect(answer_ids).toEqual([3]);
  expect(onboarding).toEqual(pets());
  const { entries } = await owner.get<AuditLog>(`/api/servers/${home.id}/audit-log`);
  expect(entries.map(({ action, actor }) => [action, actor.username])).toEqual(
    expect.arrayContaining([
      ["onboarding_update", "owner"],
      ["member_role_update", "newcomer"],
    ]),
  );
  socket.ws.terminate();
});

test("an answer is one of those offered, as many as a question takes; a required question cannot be skipped", async () => {
  await setUp(pets({ many: false, required: true }));
  await join(newcomer);
  for (const ids of [[], [2, 3], [99], [1]]) {
    expect((await choose(newcomer, ...ids)).code).toBe("invalid_request");
  }
  expect(await stateFor(newcomer)).toMatchObject({ onboarded: false, role_ids: [] });
  await setUp(pets({ required: false }));
  expect((await choose(newcomer)).status).toBe(204);
  expect(await stateFor(newcomer)).toMatchObject({ onboarded: true, role_ids: [] });
});

test("nobody offers a role that they could not give, or that is over others, but what was offered stays", async () => {
  const withRole = (roleId: number) => ({
    ...pets(),
    questions: [{ ...pets().questions[0]!, answers: [answer(9, "x", [roleId])] }],
  });
  const url = path();
  expect(await refusal(newcomer, "PUT", url, pets())).toEqual([404, "not_found"]);
  expect(await refusal(editor, "PUT", url, withRole(roles.boss.id))).toEqual(forbidden);
  expect(await refusal(editor, "PUT", url, withRole(roles.crew.id))).toEqual(forbidden);
  expect(await refusal(owner, "PUT", url, withRole(roles.crew.id))).toEqual(forbidden);
  expect(await refusal(owner, "PUT", url, withRole(home.everyone_role_id))).toEqual([400, "invalid_request"]);
  expect(await refusal(owner, "PUT", url, withRole(999_999))).toEqual([400, "invalid_request"]);
  // Below the editor's own, with a permission that the editor lacks: everybody is denied to write.
  await owner.patch(`/api/roles/${home.everyone_role_id}`, { permissions: bitsOf("viewChannel") });
  expect(await refusal(editor, "PUT", url, pets())).toEqual(forbidden);
  await setUp(withRole(roles.boss.id));
  // The editor changes the text of what the owner has offered, and cannot move the role to another answer.
  await setUp({ ...withRole(roles.boss.id), welcome: "Hello" }, editor);
  const moved = { ...withRole(roles.boss.id) };
  moved.questions = [{ ...moved.questions[0]!, answers: [answer(10, "y", [roles.boss.id])] }];
  expect(await refusal(editor, "PUT", url, moved)).toEqual(forbidden);
  // Nor switch on what was switched off.
  await setUp({ ...withRole(roles.boss.id), enabled: false });
  expect(await refusal(editor, "PUT", url, withRole(roles.boss.id))).toEqual(forbidden);
});

test("a role that has become powerful since, in the server or in a channel, is not given", async () => {
  await setUp(pets());
  await join(newcomer);
  await owner.patch(`/api/roles/${roles.cats.id}`, { permissions: bitsOf("kickMembers") });
  const override = { type: "role", allow: bitsOf("manageMessages"), deny: 0 };
  await owner.put(`/api/channels/${home.channels[0]!.id}/overrides/${roles.dogs.id}`, override);
  expect((await choose(newcomer, 2, 3)).status).toBe(204);
  expect(await stateFor(newcomer)).toMatchObject({ onboarded: true, role_ids: [] });
});

test("a role that somebody chose for themselves spares them neither the rules nor the wait; one that was given does", async () => {
  await setUp(pets());
  await owner.put(`/api/servers/${home.id}/verification`, { account_minutes: 0, member_minutes: 0, rules: "Be kind" });
  await join(newcomer);
  await choose(newcomer, 2);
  const own = await stateFor(newcomer);
  expect(own.role_ids).toEqual([roles.cats.id]);
  expect(own.roles.find(({ id }) => id === roles.cats.id)).toMatchObject({ offered: true });
  const url = `/api/channels/${home.channels[0]!.id}/messages`;
  const held = [403, "verification_required"];
  expect(await refusal(newcomer, "POST", url, { content: "x" })).toEqual(held);
  // Also once the role is not offered any more.
  await setUp({ ...pets(), questions: [] });
  expect(await refusal(newcomer, "POST", url, { content: "x" })).toEqual(held);
  await owner.put(`/api/servers/${home.id}/members/${newcomer.me.id}/roles/${roles.boss.id}`);
  expect(await refusal(newcomer, "POST", url, { content: "x" })).toEqual([201, undefined]);
});

test("who does not see a channel does not find it in the onboarding, and whoever edits it keeps it there", async () => {
  const hidden = await owner.post<{ id: number }>(`/api/servers/${home.id}/channels`, { name: "hidden", type: "text" });
  const view = bitsOf("viewChannel");
  const url = `/api/channels/${hidden.id}/overrides/${home.everyone_role_id}`;
  await owner.put(url, { type: "role", allow: 0, deny: view });
  const wanted = { ...pets(), channel_ids: [home.channels[0]!.id, hidden.id] };
  await setUp(wanted);
  const seen = (await editor.get<OnboardingState>(path())).onboarding;
  expect(JSON.stringify(seen)).not.toContain(`${hidden.id}]`);
  await setUp({ ...seen, welcome: "Changed" }, editor);
  const kept = (await owner.get<OnboardingState>(path())).onboarding;
  expect(kept).toMatchObject({ welcome: "Changed", channel_ids: wanted.channel_ids });
  expect(await refusal(editor, "PUT", path(), wanted)).toEqual([400, "invalid_request"]);
});

test("what is switched off is for those who manage the server, and asks nobody", async () => {
  await setUp({ ...pets(), enabled: false });
  const joined = await join(newcomer);
  expect(joined.onboarding_since).toBeNull();
  expect((await newcomer.get<OnboardingState>(path())).onboarding).toMatchObject({ enabled: false, questions: [] });
  expect((await editor.get<OnboardingState>(path())).onboarding.questions).toHaveLength(1);
  expect((await choose(newcomer, 2)).code).toBe("conflict");
});

test("too much, and an id twice, are refused", async () => {
  const [question] = pets().questions;
  const many = (count: number) => Array.from({ length: count }, (_, index) => answer(10 + index, `answer ${index}`));
  for (const questions of [
    Array.from({ length: 6 }, (_, index) => ({ ...question!, id: 100 + index, answers: [answer(200 + index, "x")] })),
    [{ ...question!, answers: many(11) }],
    [{ ...question!, answers: [] }],
    [{ ...question!, answers: [answer(1, "the id of the question")] }],
  ]) {
    expect(await refusal(owner, "PUT", path(), { ...pets(), questions })).toEqual([400, "invalid_request"]);
  }
});
