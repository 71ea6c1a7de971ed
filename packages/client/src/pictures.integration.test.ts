import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { MemoryHub } from "../../../apps/server/src/bus/memory-hub.ts";
import { NetworkBus } from "../../../apps/server/src/bus/network-bus.ts";
import { systemClock } from "../../../apps/server/src/clock.ts";
import { MemoryHub as ClusterHub } from "../../../apps/server/src/cluster/memory-hub.ts";
import type { Store } from "../../../apps/server/src/store/contract.ts";
import { openSqliteStore } from "../../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import { shareStore } from "../../../apps/server/src/testing/shared-store.ts";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import { pictureCalls, profileCalls, type MiscordClient, safetyCalls } from "./index.ts";
import { allConverge, ClientWorld, me, say, timelineOf, until } from "./testing/client-world.ts";
import { tinyPicture as picture } from "./testing/tiny-picture.ts";
import { refusalOf } from "./testing/refusal-of.ts";

describe("pictures of people, servers and groups, over two nodes", () => {
  let store: Store;
  let folder: string;
  let clusterHub: ClusterHub;
  let nodes: TestServer[];
  let world: ClientWorld;
  let ann: MiscordClient;
  let bob: MiscordClient;
  let serverId: number;
  let channelId: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "miscord-pictures-"));
    mkdirSync(join(folder, "files"));
    store = await openSqliteStore({ file: join(folder, "test.db"), clock: systemClock });
    const hub = new MemoryHub(systemClock);
    clusterHub = new ClusterHub(systemClock);
    const viewOf = shareStore(store);
    const start = async (nodeId: string) => {
      const cluster = await clusterHub.join();
      const bus = await NetworkBus.open(hub.connect(nodeId), { nodeId, clock: systemClock });
      const storage = { kind: "folder", path: join(folder, "files") } as const;
      const settings = { secretKey: "0123456789abcdef0123456789abcdef", forwardsVoice: false, storage };
      return startTestServer(settings, { store: viewOf(), bus, cluster });
    };
    nodes = [await start("a"), await start("b")];
  });

  afterEach(() => world.close());
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.cleanup()));
    clusterHub.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function gather(): Promise<void> {
    world = new ClientWorld({ urls: nodes.map(({ url }) => url) });
    ann = await world.newcomer({ node: 0 });
    bob = await world.newcomer({ node: 1 });
    ({ serverId, channelId } = await world.unite(ann, bob));
  }
  const stateOf = (client: MiscordClient) => client.store.getState();
  const read = (url: string | null | undefined) => fetch(nodes[1]!.url + url);
  const stored = async () =>
    (await store.db.selectFrom("pictures").select("id").execute()).map(({ id }) => id).toSorted();
  const files = () =>
    readdirSync(join(folder, "files"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());

  test("a person's is seen by others in members, messages, replies and conversations, and replaced and removed there", async () => {
    await gather();
    await say(ann, channelId, "hello");
    await until(() => timelineOf(bob, channelId).messages.length === 1);
    await say(bob, channelId, "hi", { replyTo: timelineOf(bob, channelId).messages[0]! });
    const dm = await bob.openDm([me(ann).id]);
    await until(() => timelineOf(ann, channelId).messages.length === 2);
    const shownTo = (client: MiscordClient) => [
      stateOf(client).members[serverId]?.[me(ann).id]?.avatar_url,
      timelineOf(client, channelId).messages[0]?.author.avatar_url,
      timelineOf(client, channelId).messages[1]?.reply_to?.author.avatar_url,
    ];
    await pictureCalls(ann.rest).set({ kind: "me" }, picture);
    await until(() => shownTo(bob).every(Boolean) && shownTo(ann).every(Boolean) && me(ann).avatar_url !== null);
    const url = me(ann).avatar_url;
    expect(new Set([...shownTo(bob), ...shownTo(ann)])).toEqual(new Set([url]));
    await until(() => stateOf(bob).dms[dm]?.recipients.find(({ id }) => id === me(ann).id)?.avatar_url === url);
    const answer = await read(url);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/webp"]);
    await allConverge(ann, bob);

    await pictureCalls(ann.rest).set({ kind: "me" }, picture);
    await until(() => shownTo(bob).every((shown) => shown && shown !== url));
    expect((await read(url)).status).toBe(404);
    expect(await stored()).toHaveLength(1);

    await pictureCalls(ann.rest).remove({ kind: "me" });
    await until(() => shownTo(bob).every((shown) => shown === null) && me(ann).avatar_url === null);
    await allConverge(ann, bob);
    expect(await stored()).toEqual([]);
    expect(files()).toEqual([]);
  });

  test("a custom status and what somebody says of themselves are the same on both nodes, and the status ends by itself", async () => {
    await gather();
    await bob.loadMembers(serverId);
    const dm = await bob.openDm([me(ann).id]);
    await bob.rest.createMessage(dm, { content: "hi" });
    const shown = () => stateOf(bob).customStatuses[me(ann).id];
    const { setCustomStatus, of } = profileCalls(ann.rest);
    await setCustomStatus({ emoji: "🌲", text: "in the woods" });
    await until(() => shown()?.text === "in the woods" && me(ann).custom_status?.text === "in the woods");
    await allConverge(ann, bob);

    // A new connection, and one that never heard of it.
    ann.reconnect({ force: true });
    const eve = await world.newcomer({ node: 0 });
    await eve.rest.joinInvite((await ann.rest.createInvite(serverId)).code);
    await until(() => stateOf(eve).servers[serverId] !== undefined);
    await eve.loadMembers(serverId);
    await until(() => stateOf(eve).customStatuses[me(ann).id]?.emoji === "🌲");
    await allConverge(ann, bob, eve);

    ann.setStatus("invisible");
    await until(() => shown() === undefined);
    await allConverge(ann, bob, eve);
    ann.setStatus("dnd");
    await until(() => shown() !== undefined);
    await setCustomStatus({ text: "back soon", duration_s: 2 });
    await until(() => shown()?.text === "back soon");
    await until(() => shown() === undefined && me(ann).custom_status === undefined);
    expect(stateOf(bob).presence[me(ann).id]).toBe("dnd");
    await allConverge(ann, bob, eve);

    await ann.rest.updateProfile({ about: "I like trees." });
    expect(await of(me(ann).id)).toMatchObject({ about: "I like trees.", mutual_servers: [] });
    expect(await profileCalls(bob.rest).of(me(ann).id)).toMatchObject({ mutual_servers: [serverId] });
    await until(() => me(ann).about === "I like trees.");
    await allConverge(ann, bob);
  });

  test("two that are uploaded at once leave one", async () => {
    await gather();
    const calls = pictureCalls(ann.rest);
    await Promise.all([1, 2, 3].map(() => calls.set({ kind: "me" }, picture)));
    await expect.poll(stored).toHaveLength(1);
    expect(`/api/pictures/${(await stored())[0]}`).toBe((await ann.rest.me()).avatar_url);
    await calls.remove({ kind: "me" });
    await calls.remove({ kind: "me" });
    expect(await stored()).toEqual([]);
  });

  test("a server's is given by those who manage it, shown to members and on invites, and goes with the server", async () => {
    await gather();
    const icon = (client: MiscordClient) => stateOf(client).servers[serverId]?.icon_url;
    expect(await refusalOf(pictureCalls(bob.rest).set({ kind: "server", id: serverId }, picture))).toBe("forbidden");
    await pictureCalls(ann.rest).set({ kind: "server", id: serverId }, picture);
    await until(() => Boolean(icon(bob)) && icon(bob) === icon(ann));
    const { code } = await ann.rest.createInvite(serverId);
    expect((await bob.rest.previewInvite(code)).server.icon_url).toBe(icon(bob));
    await allConverge(ann, bob);
    const { entries } = await safetyCalls(ann.rest).auditLog(serverId, {});
    expect(entries[0]).toMatchObject({
      action: "server_update",
      changes: [{ field: "icon", before: null, after: true }],
    });
    expect(await refusalOf(pictureCalls(bob.rest).remove({ kind: "server", id: serverId }))).toBe("forbidden");
    const url = icon(bob);
    await ann.rest.deleteServer(serverId);
    expect((await read(url)).status).toBe(404);
    expect([await stored(), files()]).toEqual([[], []]);
  });

  test("a group's is given by anybody in it and nobody else, and goes with the group", async () => {
    await gather();
    const eve = await world.newcomer({ node: 0 });
    const group = await ann.openDm([me(bob).id], "trip");
    await until(() => stateOf(bob).dms[group] !== undefined);
    const owner = { kind: "group", id: group } as const;
    expect(await refusalOf(pictureCalls(eve.rest).set(owner, picture))).toBe("not_found");
    await pictureCalls(bob.rest).set(owner, picture);
    await until(() => Boolean(stateOf(ann).dms[group]?.icon_url));
    await allConverge(ann, bob);
    await pictureCalls(ann.rest).remove(owner);
    await until(() => stateOf(bob).dms[group]?.icon_url === null);
    await pictureCalls(ann.rest).set(owner, picture);
    expect(await stored()).toHaveLength(1);
    const pair = await ann.openDm([me(bob).id]);
    expect(await refusalOf(pictureCalls(ann.rest).set({ kind: "group", id: pair }, picture))).toBe("invalid_request");
    await bob.rest.removeFromGroup(group, me(bob).id);
    await ann.rest.removeFromGroup(group, me(ann).id);
    expect([await stored(), files()]).toEqual([[], []]);
  });
});
