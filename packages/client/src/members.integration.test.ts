import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { limits, type MainEvent } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bitsOf } from "@miscord/rights";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import { ApiError, automodCalls, heldBackIn, type MiscordClient, safetyCalls } from "./index.ts";
import { allConverge, ClientWorld, me, say, timelineOf, until } from "./testing/client-world.ts";

/** More than a client gets at once; `bench/large-server.ts` has 10,000. */
const many = 3_000;
const lastPage = many / limits.membersPage;

describe(`a server of ${many} members`, () => {
  let server: TestServer;
  let world: ClientWorld;
  let ann: MiscordClient;
  let bob: MiscordClient;
  let serverId: number;
  let channelId: number;
  const stateOf = (client: MiscordClient) => client.store.getState();
  const listOf = (client: MiscordClient) => stateOf(client).memberLists[serverId];
  const namesOn = (client: MiscordClient, page: number) =>
    listOf(client)?.pages[page]?.map((id) => stateOf(client).members[serverId]?.[id]?.display_name);

  beforeAll(async () => {
    server = await startTestServer();
    world = new ClientWorld({ urls: [server.url] });
  });
  beforeEach(async () => {
    if (ann) return;
    ann = await world.newcomer();
    const home = await ann.rest.createServer({ name: "Large" });
    serverId = home.id;
    channelId = home.channels[0]!.id;
    addMembers(join(server.config.dataDir, "miscord.db"), serverId);
    ann.reconnect({ force: true });
    await ann.openChannel(channelId);
    await until(() => stateOf(ann).servers[serverId]!.member_count === many + 1);
    bob = await world.newcomer();
    await bob.rest.joinInvite((await ann.rest.createInvite(serverId)).code);
    await until(() => stateOf(bob).servers[serverId] !== undefined);
  });
  afterAll(async () => {
    world.close();
    await server.cleanup();
  });

  test("is opened with a page of its members, and others come when they are scrolled to, searched or have written", async () => {
    const received = new Set<number>();
    const eve = await world.newcomer({ fetch: noting(received) });
    eve.on("event", (event) => noteMembers(event, received));
    await eve.rest.joinInvite((await ann.rest.createInvite(serverId)).code);
    await until(() => stateOf(eve).servers[serverId] !== undefined);
    await eve.openChannel(channelId);
    await eve.loadMembers(serverId);
    await until(() => namesOn(eve, 0)?.length === limits.membersPage && !namesOn(eve, 0)!.includes(undefined));
    expect(received.size).toBeLessThanOrEqual(200);
    expect(stateOf(eve).servers[serverId]!.member_count).toBe(many + 3);
    const offline = many + 3 - listOf(eve)!.groups[0]!.count;
    expect(listOf(eve)!.groups.at(-1)).toEqual({ id: "offline", count: offline });

    eve.watchMembers(serverId, [lastPage]);
    await until(() => namesOn(eve, lastPage)?.includes(`Member ${many - 1}`) ?? false);
    expect(Object.keys(listOf(eve)!.pages)).toEqual([`${lastPage}`]);

    expect((await eve.findMembers(serverId, "EMBER 277")).map(({ display_name: name }) => name)).toContain(
      "Member 2770",
    );
    expect(await eve.findMembers(serverId, "100%_\\")).toEqual([]);
    expect(await eve.findMembers(serverId, "")).toHaveLength(limits.membersFound);
    const recent = await eve.findNewcomers(serverId, new Date(Date.now() - 60_000));
    expect(recent.slice(0, 2).map(({ id }) => id)).toEqual([me(eve).id, me(bob).id]);
    await allConverge(eve, bob);
    eve.close();
  });

  test("tells what changes on the pages in sight, and nothing of the presence of others", async () => {
    await ann.loadMembers(serverId);
    bob.watchMembers(serverId, [lastPage / 2]);
    await until(() => namesOn(ann, 0)?.includes(me(bob).display_name) ?? false);
    await until(() => listOf(bob)?.pages[lastPage / 2] !== undefined);
    const heard: MainEvent[] = [];
    bob.on("event", (event) => heard.push(event));
    const online = listOf(ann)!.groups[0]!.count;
    ann.setStatus("dnd");
    await until(() => stateOf(ann).presence[me(ann).id] === "dnd");
    const role = await ann.rest.createRole(serverId, { name: "Crew", hoist: true });
    await ann.rest.giveRole(serverId, me(bob).id, role.id);
    await until(() => listOf(ann)!.groups[0]!.id === role.id);
    expect(listOf(ann)!.groups.slice(0, 2)).toEqual([
      { id: role.id, count: 1 },
      { id: "online", count: online - 1 },
    ]);
    expect(listOf(ann)!.pages[0]![0]).toBe(me(bob).id);
    const cid = await world.newcomer();
    await cid.rest.joinInvite((await ann.rest.createInvite(serverId)).code);
    await until(() => namesOn(ann, 0)!.includes(me(cid).display_name));
    await allConverge(ann, bob);
    expect(heard.filter(({ type }) => type === "user_status_changed")).toEqual([]);
    await cid.rest.leaveServer(serverId);
    await until(() => !namesOn(ann, 0)!.includes(me(cid).display_name));
    await allConverge(ann, bob);
    expect(stateOf(bob).members[serverId]![me(cid).id]).toBeUndefined();
  });

  test("a nickname is the name in one server: own, or by those who manage them and stand above", async () => {
    await ann.loadMembers(serverId);
    bob.knowMembers(serverId, [me(ann).id]);
    const bobId = me(bob).id;
    await bob.rest.setNickname(serverId, bobId, { nickname: "  Captain\u200b  Bob " });
    await until(() => stateOf(ann).members[serverId]?.[bobId]?.display_name === "Captain Bob");
    expect(stateOf(ann).members[serverId]![bobId]!.account_name).toBe(me(bob).display_name);
    expect((await ann.findMembers(serverId, "capt")).map(({ id }) => id)).toEqual([bobId]);
    await bob.rest.updateProfile({ display_name: "Robert" });
    await until(() => stateOf(ann).members[serverId]?.[bobId]?.account_name === "Robert");
    expect(stateOf(ann).members[serverId]![bobId]!.display_name).toBe("Captain Bob");
    await bob.openChannel(channelId);
    await say(bob, channelId, `@${me(ann).username} hello`);
    await until(() => stateOf(ann).inbox.notifications.at(0)?.actor.display_name === "Captain Bob");

    const refused = (nickname: string | null, whose = me(ann).id) =>
      expect(bob.rest.setNickname(serverId, whose, { nickname })).rejects.toMatchObject({ code: "forbidden" });
    await refused("Sailor");
    await expect(bob.rest.setNickname(serverId, bobId, { nickname: "\u200b" })).rejects.toMatchObject({
      code: "invalid_request",
    });
    const everyone = stateOf(ann).servers[serverId]!.roles[0]!;
    await ann.rest.updateRole(everyone.id, { permissions: everyone.permissions - bitsOf("changeNickname") });
    await refused("Admiral", bobId);
    const helper = await ann.rest.createRole(serverId, { name: "H", permissions: bitsOf("manageNicknames") });
    await ann.rest.giveRole(serverId, bobId, helper.id);
    await refused("Sailor");
    const [member] = await bob.findMembers(serverId, "member 1234");
    await bob.rest.setNickname(serverId, member!.id, { nickname: "Zorro" });
    expect(
      (await safetyCalls(ann.rest).auditLog(serverId, { action: "member_nickname_update" })).entries[0],
    ).toMatchObject({
      actor: { id: bobId },
      user: { id: member!.id },
      changes: [{ field: "nickname", before: null, after: "Zorro" }],
    });

    const trigger = { kind: "words" as const, words: ["captain"], allowed: [], forms: false };
    const rule = { name: "Ranks", trigger, message: "No ranks.", actions: { block: true }, checks_names: true };
    await automodCalls(ann.rest).createRule(serverId, rule);
    await expect(bob.rest.createMessage(channelId, { content: "ahoy" })).rejects.toMatchObject({
      code: "automod_blocked",
    });
    await bob.rest.setNickname(serverId, bobId, { nickname: null });
    await bob.rest.createMessage(channelId, { content: "ahoy" });
    await until(() => stateOf(ann).members[serverId]?.[bobId]?.display_name === "Robert");
    await allConverge(ann, bob);
  });

  test("who is new waits and accepts the rules before the first message; a role exempts", async () => {
    const dan = await world.newcomer();
    await dan.rest.joinInvite((await ann.rest.createInvite(serverId)).code);
    await until(() => stateOf(dan).servers[serverId] !== undefined);
    await dan.openChannel(channelId);
    const held = () => heldBackIn(stateOf(dan), serverId);
    const refusal = async () => {
      const error: unknown = await dan.rest
        .createMessage(channelId, { content: "hi" })
        .catch((thrown: unknown) => thrown);
      return error instanceof ApiError ? { code: error.code, waits: error.retryAfterMs !== null } : null;
    };
    const asks = (account_minutes: number, member_minutes: number, rules: string) =>
      safetyCalls(ann.rest).setVerification(serverId, { account_minutes, member_minutes, rules });
    expect(held()).toBeNull();
    const early = await say(dan, channelId, "early");
    await asks(0, 5, "Be kind.");
    await until(() => held() !== null);
    expect(held()).toEqual({ rules: true, until: Date.parse(stateOf(dan).servers[serverId]!.joined_at) + 300_000 });
    expect(await refusal()).toEqual({ code: "verification_required", waits: true });
    const thread = dan.rest.createThread(channelId, { name: "spam" });
    await expect(thread).rejects.toMatchObject({ code: "verification_required" });
    await expect(dan.rest.editMessage(early, "spam")).rejects.toMatchObject({
      code: "verification_required",
    });
    await dan.acceptRules(serverId);
    await until(() => held()?.rules === false);
    expect(await refusal()).toEqual({ code: "verification_required", waits: true });
    await asks(60, 0, "");
    await until(() => held()!.until! > Date.now() + 3_000_000);
    expect(await refusal()).toEqual({ code: "verification_required", waits: true });
    await allConverge(dan, ann);
    const role = await ann.rest.createRole(serverId, { name: "Known" });
    await ann.rest.giveRole(serverId, me(dan).id, role.id);
    await until(() => held() === null);
    expect(await refusal()).toBeNull();
    await ann.rest.takeRole(serverId, me(dan).id, role.id);
    await asks(0, 0, "Be kind, please.");
    await until(() => stateOf(dan).servers[serverId]!.verification?.rules === "Be kind, please.");
    expect([held(), await refusal()]).toEqual([null, null]);
    await asks(0, 0, "");
    await until(() => stateOf(dan).servers[serverId]!.verification === null);
    const { entries } = await safetyCalls(ann.rest).auditLog(serverId, { action: "server_update" });
    expect(entries.at(-1)!.changes).toContainEqual({ field: "rules", before: "", after: "Be kind." });
    await allConverge(dan, ann);
  });

  test("a client that is back shows the same pages as they are by then", async () => {
    await bob.openChannel(channelId);
    await bob.loadMembers(serverId);
    bob.watchMembers(serverId, [0]);
    bob.reconnect({ force: true });
    ann.setStatus("idle");
    await say(ann, channelId, "hello");
    await until(() => timelineOf(bob, channelId).messages.length > 0 && stateOf(bob).connection.ready);
    await until(() => stateOf(bob).presence[me(ann).id] === "idle");
    expect(listOf(bob)!.pages[0]).toHaveLength(limits.membersPage);
    await allConverge(ann, bob);
  });
});

/** Directly: through the interface this would take minutes. */
function addMembers(path: string, serverId: number): void {
  const db = new DatabaseSync(path);
  db.exec("begin");
  const user =
    db.prepare(`insert into users (username, username_key, username_skeleton, email, password_hash, display_name,
    display_name_key, avatar_color, is_admin, theme, status, created_at)
    values (?, ?, ?, ?, '', ?, ?, '#336699', 0, 'system', 'online', 0) returning id`);
  const member = db.prepare("insert into members (server_id, user_id, joined_at) values (?, ?, 0)");
  for (let n = 0; n < many; n += 1) {
    const name = `member${String(n).padStart(4, "0")}`;
    const shown = `Member ${String(n).padStart(4, "0")}`;
    const { id } = user.get(name, name, `${name}#`, `${name}@example.org`, shown, shown.toLowerCase()) as {
      id: number;
    };
    member.run(serverId, id);
  }
  db.exec("commit");
  db.close();
}

/** A `fetch` that notes the ids of the members in answers. */
function noting(received: Set<number>): typeof fetch {
  return async (input, init) => {
    const answer = await fetch(input, init);
    const body: unknown = await answer
      .clone()
      .json()
      .catch(() => null);
    if (body && typeof body === "object" && "members" in body)
      for (const { id } of body.members as { id: number }[]) received.add(id);
    return answer;
  };
}

function noteMembers(event: MainEvent, received: Set<number>): void {
  if (event.type === "user_status_changed") received.add(event.user_id);
  if (event.type === "member_joined") received.add(event.member.id);
  if (event.type === "member_list") for (const { id } of event.rows) received.add(id);
}
