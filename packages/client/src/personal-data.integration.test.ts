import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataExport } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryHub } from "../../../apps/server/src/bus/memory-hub.ts";
import { systemClock } from "../../../apps/server/src/clock.ts";
import { MemoryHub as ClusterHub } from "../../../apps/server/src/cluster/memory-hub.ts";
import { NetworkBus } from "../../../apps/server/src/bus/network-bus.ts";
import type { Store } from "../../../apps/server/src/store/contract.ts";
import { personalColumns } from "../../../apps/server/src/store/personal-columns.ts";
import { openSqliteStore } from "../../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import { askForAuthor } from "../../../apps/server/src/testing/ask-for-author.ts";
import { columnsWith, countRows, passTime, pictureFilesOf } from "../../../apps/server/src/testing/personal-traces.ts";
import { expectNoReturn, logInLate } from "../../../apps/server/src/testing/return-of-account.ts";
import { shareStore } from "../../../apps/server/src/testing/shared-store.ts";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import { dataCalls, securityCalls, type MiscordClient } from "./index.ts";
import { createCookieFetch } from "./testing.ts";
import { allConverge, ClientWorld, me, password, say, textsOf, timelineOf, until } from "./testing/client-world.ts";
import { refusalOf } from "./testing/refusal-of.ts";
import { expectBeside, writeBeside } from "./testing/written-beside.ts";
import { readZip } from "./testing/read-zip.ts";

const week = 7 * 24 * 3_600_000;
/** In everything that the two write and are called. */
const mark = "zebra";

let store: Store;
let folder: string;
let clusterHub: ClusterHub;
let nodes: TestServer[];
let world: ClientWorld;
/** Stays, and owns the server; the other two go, one with what they wrote. */
let bob: MiscordClient;
let leaver: MiscordClient;
let keeper: MiscordClient;
let serverId: number;
let channelId: number;
let dm: number;
/** Of all three, until the leaver leaves it. */
let group: number;
/** Hidden from all but the owner. */
let hiddenId: number;
const cookies = { leaver: createCookieFetch(), keeper: createCookieFetch() };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "miscord-data-"));
  mkdirSync(join(folder, "files"));
  store = await openSqliteStore({ file: join(folder, "test.db"), clock: systemClock });
  const hub = new MemoryHub(systemClock);
  clusterHub = new ClusterHub(systemClock);
  const viewOf = shareStore(store);
  const start = async (nodeId: string) => {
    const cluster = await clusterHub.join();
    const bus = await NetworkBus.open(hub.connect(nodeId), { nodeId, clock: systemClock });
    const settings = {
      secretKey: "0123456789abcdef0123456789abcdef",
      storage: { kind: "folder", path: join(folder, "files") } as const,
    };
    return startTestServer(settings, { store: viewOf(), bus, cluster });
  };
  nodes = [await start("a"), await start("b")];
  world = new ClientWorld({ urls: nodes.map(({ url }) => url) });
});

afterAll(async () => {
  world.close();
  await Promise.all(nodes.map((node) => node.cleanup()));
  clusterHub.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function newcomer(name: "leaver" | "keeper"): Promise<MiscordClient> {
  const client = world.open({ node: 0, fetch: cookies[name] });
  const username = `${mark}-${name}`;
  await client.register({ username, password, email: `${username}@example.org`, display_name: `${mark} ${name}` });
  await until(() => client.store.getState().connection.ready);
  return client;
}

/** Everything that leaves a trace. */
async function leaveTraces(): Promise<void> {
  bob = await world.newcomer({ node: 1 });
  leaver = await newcomer("leaver");
  keeper = await newcomer("keeper");
  ({ serverId, channelId } = await world.unite(bob, leaver, keeper));
  const first = await say(bob, channelId, "hello");
  for (const client of [leaver, keeper]) {
    const { username } = me(client);
    const upload = (name: string) => client.uploadAttachment(new File([`${mark} bytes of ${username}`], name));
    const [attachment] = [await upload(`${mark}.txt`), await upload(`${mark}-${"ж".repeat(150)}.txt`)];
    await say(client, channelId, `${mark} with a file <b>&</b>`, { attachments: [attachment] });
    for (let count = 0; count < 3; count += 1) await say(client, channelId, `${mark} ${username} ${count}`);
    await client.setReaction(first, "👍", true);
    await Promise.all([writeBeside(client, { channelId, first, mark }), askForAuthor(store, me(client).id, serverId)]);
    await say(bob, channelId, `@${username} listen`.replaceAll(mark, mark));
    await client.rest.createInvite(serverId);
    await client.rest.setNotificationLevel(`channel:${channelId}`, { level: "mentions" });
    await client.rest.addFriend(me(bob).id);
    await bob.rest.addFriend(me(client).id);
    client.markRead(channelId, 2);
  }
  const hidden = await bob.rest.createChannel(serverId, { name: "open", type: "text", category_id: null });
  await until(() => leaver.store.getState().channels[hidden.id] !== undefined);
  await leaver.rest.createMessage(hidden.id, { content: `${mark} in a channel that is hidden later` });
  const { everyone_role_id } = bob.store.getState().servers[serverId]!;
  await bob.rest.setOverride(hidden.id, everyone_role_id, { type: "role", allow: 0, deny: bitsOf("viewChannel") });
  await bob.rest.updateChannel(hidden.id, { name: "secret" });
  hiddenId = hidden.id;
  group = await bob.openDm([me(leaver).id, me(keeper).id], "trip");
  await leaver.rest.createMessage(group, { content: `${mark} in a group that is left` });
  await leaver.rest.removeFromGroup(group, me(leaver).id);
  dm = await leaver.openDm([me(bob).id]);
  await leaver.openChannel(dm);
  await say(leaver, dm, `${mark} in private`);
  await leaver.rest.block(me(keeper).id);
  await leaver.rest.openDm([me(bob).id, me(keeper).id].slice(0, 1), `${mark} group`);
  await until(() => bob.store.getState().channels[dm]?.mention_count === 1);
  await bob.openChannel(dm);
}

async function exported(client: MiscordClient): Promise<DataExport> {
  const calls = dataCalls(client.rest);
  const told = Promise.withResolvers<void>();
  const stop = client.on("event", (event) => event.type === "exports_changed" && told.resolve());
  await calls.requestExport();
  await told.promise;
  stop();
  const ready = async () => (await calls.exports()).exports[0]!;
  await expect.poll(async () => (await ready()).status).toBe("ready");
  return ready();
}

async function removed(userId: number, whileRemoved: () => Promise<void> = async () => {}): Promise<void> {
  await passTime(store, userId, week);
  const row = () => store.db.selectFrom("users").where("id", "=", userId).selectAll().executeTakeFirstOrThrow();
  await expect.poll(async () => (await row()).deleted_at).not.toBeNull();
  await whileRemoved();
  await passTime(store, userId, 60_000);
  await expect.poll(async () => (await row()).deletion_at).toBeNull();
}

describe("an export", () => {
  let zip: Buffer;
  let url: string;

  test("is made once a day by one of the nodes, and read by its user alone, also in pieces", async () => {
    await leaveTraces();
    const made = await exported(leaver);
    expect(await refusalOf(dataCalls(leaver.rest).requestExport())).toBe("rate_limited");
    url = nodes[1]!.url + made.file_url!;
    expect((await fetch(url)).status).toBe(401);
    expect((await cookies.keeper(url)).status).toBe(404);
    const whole = await cookies.leaver(url);
    expect(whole.headers.get("content-type")).toBe("application/zip");
    zip = Buffer.from(await whole.arrayBuffer());
    expect(zip.length).toBe(made.size);
    const etag = whole.headers.get("etag")!;
    const part = await cookies.leaver(url, { headers: { range: "bytes=100-", "if-range": etag } });
    expect([part.status, part.headers.get("content-range")]).toEqual([
      206,
      `bytes 100-${zip.length - 1}/${zip.length}`,
    ]);
    expect(Buffer.from(await part.arrayBuffer()).equals(zip.subarray(100))).toBe(true);
    const other = await cookies.leaver(url, { headers: { range: "bytes=100-", "if-range": '"another"' } });
    expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, zip.length]);
  });

  test("holds every row that names the user, their messages and the bytes of their files, and no secret", async () => {
    const files = readZip(zip);
    const json = (name: string) => JSON.parse(files.get(name)?.toString() ?? "[]") as Record<string, unknown>[];
    const { id } = me(leaver);
    for (const column of personalColumns) {
      if (!column.export) continue;
      const name = `data/${column.export.as ?? column.table}.json`;
      expect([name, json(name).length]).toEqual([name, await countRows(store, id, column)]);
    }
    const messages = await store.db.selectFrom("messages").where("author_id", "=", id).selectAll().execute();
    expect(json("messages/00001.json").map((one) => one["content"])).toEqual(messages.map((one) => one.content));
    expect(json("messages/00001.json").at(-1)).toMatchObject({ server: null, with: [me(bob).username] });
    expect(json("messages/00001.json").find((one) => String(one["content"]).includes("hidden later"))).toMatchObject({
      server: { id: serverId, name: "Home" },
      channel: { id: hiddenId, name: null },
    });
    expect(
      json("messages/00001.json").find((one) => String(one["content"]).includes("a group that is left")),
    ).toMatchObject({ server: null, channel: { id: group, name: null }, with: [] });
    expectBeside(json("messages/00001.json"), files, mark);
    expect(zip.includes("secret")).toBe(false);
    const names = [...files.keys()].map((name) => name.split("/").at(-1)!);
    expect(names.filter((name) => Buffer.byteLength(name) > 255)).toEqual([]);
    const [attached] = json("messages/00001.json")[0]!["files"] as string[];
    expect(files.get(attached!)!.toString()).toBe(`${mark} bytes of ${me(leaver).username}`);
    expect(files.get("messages/00001.html")!.toString()).toContain("with a file &lt;b&gt;&amp;&lt;/b&gt;");
    expect(files.get("messages/00001.html")!.toString()).toContain(`<ol><li>${mark} a &lt;b&gt;</li>`);
    expect(files.get("index.html")!.toString()).toContain("messages/00001.html");
    const user = await store.db.selectFrom("users").where("id", "=", id).selectAll().executeTakeFirstOrThrow();
    expect(zip.includes(user.password_hash)).toBe(false);
    const uploads = await store.db.selectFrom("attachments").select("storage_key").execute();
    expect(uploads.some(({ storage_key }) => zip.includes(storage_key))).toBe(false);
  });

  test("that a node began and left is made anew, and goes when its time is over", async () => {
    const { id } = (await dataCalls(leaver.rest).exports()).exports[0]!;
    const left = { status: "running", finished_at: null, expires_at: null, attempts: 1 };
    await store.db.updateTable("exports").set(left).where("id", "=", id).execute();
    const older = {
      id: "older",
      user_id: me(leaver).id,
      created_at: 1,
      finished_at: 2,
      expires_at: 1e15,
      status: "ready",
    };
    await store.db.insertInto("exports").values(older).execute();
    const row = () => store.db.selectFrom("exports").where("id", "=", id).selectAll().executeTakeFirst();
    await expect.poll(async () => (await row())?.status).toBe("ready");
    expect((await row())!.attempts).toBe(2);
    expect((await dataCalls(leaver.rest).exports()).exports.map((one) => one.id)).toEqual([id]);
    await store.db.updateTable("exports").set({ expires_at: 1 }).where("id", "=", id).execute();
    expect((await cookies.leaver(url)).status).toBe(404);
    await expect.poll(row).toBeUndefined();
  });
});

describe("the deletion of an account", () => {
  test("asks who it is again, refuses owners of servers, and can be taken back for a week", async () => {
    const wish = { messages: "remove" } as const;
    await securityCalls(bob.rest).confirm({ password });
    const owned = await refusalDetails(dataCalls(bob.rest).requestDeletion(wish));
    expect(owned).toEqual({ code: "conflict", details: { servers: [{ id: serverId, name: "Home" }] } });
    const calls = dataCalls(leaver.rest);
    await store.db.updateTable("sessions").set({ confirmed_at: 0 }).where("user_id", "=", me(leaver).id).execute();
    expect(await refusalOf(calls.requestDeletion(wish))).toBe("confirmation_required");
    expect(await refusalOf(securityCalls(leaver.rest).confirm({ password: "wrong" }))).toBe("invalid_credentials");
    await securityCalls(leaver.rest).confirm({ password });
    const admins = (change: { is_admin: number; deletion_at?: number | null }) =>
      store.db
        .updateTable("users")
        .set(change)
        .where("id", "in", [me(leaver).id, me(keeper).id])
        .execute();
    await admins({ is_admin: 1, deletion_at: 1e15 });
    expect(await refusalOf(calls.requestDeletion(wish))).toBe("conflict");
    await admins({ is_admin: 0, deletion_at: null });
    const { at } = await calls.requestDeletion(wish);
    await until(() => leaver.store.getState().session.status === "anonymous");
    await leaver.login({ username: `${mark}-leaver`, password });
    expect(me(leaver).deletion).toEqual({ at, messages: "remove" });
    expect(await refusalOf(leaver.rest.createServer({ name: "New", locale: "en" }))).toBe("conflict");
    await calls.keepAccount();
    await until(() => me(leaver).deletion === undefined);
  });

  test("of an owner is possible once the server is handed over, with what only its owner sees", async () => {
    const calls = dataCalls(bob.rest);
    const heir = { user_id: me(keeper).id };
    expect(await refusalOf(dataCalls(leaver.rest).handOver(serverId, heir))).toBe("forbidden");
    await store.db.updateTable("sessions").set({ confirmed_at: 0 }).where("user_id", "=", me(bob).id).execute();
    expect(await refusalOf(calls.handOver(serverId, heir))).toBe("confirmation_required");
    await securityCalls(bob.rest).confirm({ password });
    await calls.handOver(serverId, heir);
    await until(() => keeper.store.getState().channels[hiddenId] !== undefined);
    await until(() => bob.store.getState().channels[hiddenId] === undefined);
    await allConverge(bob, keeper, leaver);
    expect(bob.store.getState().members[serverId]![heir.user_id]!.is_owner).toBe(true);
    await dataCalls(keeper.rest).handOver(serverId, { user_id: me(bob).id });
    await until(() => bob.store.getState().channels[hiddenId] !== undefined);
  });

  test("with its messages leaves nothing in the database nor the storage, and others see it go", async () => {
    const { id } = me(leaver);
    const keys = await store.db.selectFrom("attachments").where("uploader_id", "=", id).select("storage_key").execute();
    keys.push(...(await pictureFilesOf(store, id)));
    await until(() => leaver.store.getState().connection.ready);
    await securityCalls(leaver.rest).confirm({ password });
    await dataCalls(leaver.rest).requestDeletion({ messages: "remove" });
    const returning = await logInLate(store, nodes, { id, password });
    await removed(id, () => expectNoReturn(store, returning));
    await until(() => textsOf(bob, channelId).every((text) => !text.includes(`${mark}-leaver 0`)));
    expect(textsOf(bob, dm)).toEqual([]);
    await until(() => bob.store.getState().members[serverId]![id] === undefined);
    await until(() => bob.store.getState().dms[dm]!.recipients.some((user) => user.is_deleted === true));
    await until(() => bob.store.getState().relationships[id] === undefined);
    await allConverge(bob, keeper);
    for (const column of personalColumns.filter(({ onDeletion }) => onDeletion === "erased")) {
      expect([column, await countRows(store, id, column)]).toEqual([column, 0]);
    }
    // What others wrote, and the name of a group that is gone with it.
    expect((await columnsWith(store, `${mark}-leaver`)).filter((cell) => cell !== "messages.content")).toEqual([]);
    expect(await countRows(store, id, { table: "attachments", column: "uploader_id" })).toBe(0);
    const isThere = ({ storage_key: key }: { storage_key: string }) =>
      existsSync(join(folder, "files", key.slice(0, 2), key));
    await expect.poll(() => keys.filter(isThere)).toEqual([]);
    expect(await refusalOf(leaver.login({ username: `${mark}-leaver`, password }))).toBe("invalid_credentials");
    expect(await refusalOf(bob.rest.createMessage(dm, { content: "there?" }))).toBe("forbidden");
  });

  test("without its messages takes the name off them, for those who have them open and for later readers", async () => {
    const { id } = me(keeper);
    await securityCalls(keeper.rest).confirm({ password });
    await dataCalls(keeper.rest).requestDeletion({ messages: "keep" });
    await removed(id);
    const theirs = () => timelineOf(bob, channelId).messages.filter(({ author }) => author.id === id);
    await until(() => theirs().length === 7 && theirs().every(({ author }) => author.is_deleted === true));
    await allConverge(bob);
    const [withFile] = theirs();
    const { file_url } = withFile!.attachments[0]!;
    const bytes = await bob.rest.call<never>("GET", file_url).catch((error: unknown) => error);
    expect(bytes).not.toMatchObject({ code: "not_found" });
    expect((await columnsWith(store, `${mark} keeper`)).concat(await columnsWith(store, "keeper@"))).toEqual([]);
    expect(timelineOf(bob, channelId).messages.every(({ reactions }) => reactions.length === 0)).toBe(true);
  });
});

const refusalDetails = (work: Promise<unknown>) =>
  work.then(
    () => null,
    ({ code, details }: { code: string; details: unknown }) => ({ code, details }),
  );
