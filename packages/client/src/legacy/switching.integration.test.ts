import { beforeAll, beforeEach, expect, test } from "vitest";
import { makeAdministrator } from "../../../../apps/server/src/admin/accounts.ts";
import { startTestServer, type TestServer } from "../../../../apps/server/src/testing/test-server.ts";
import { emojiCalls, type MiscordClient } from "../index.ts";
import { allConverge, ClientWorld, me, password, textsOf, timelineOf, until } from "../testing/client-world.ts";

const other = { enhanced: "legacy", legacy: "enhanced" } as const;
let server: TestServer;
let world: ClientWorld;

beforeAll(async () => {
  server = await startTestServer();
  return () => server.cleanup();
});

beforeEach(() => {
  world = new ClientWorld({ urls: [server.url] });
  return () => world.close();
});

/** One client in each mode, both with the same channel open. */
async function oneInEach() {
  const [today, before] = [await world.newcomer({ mode: "enhanced" }), await world.newcomer({ mode: "legacy" })];
  return { today, before, ...(await world.unite(today, before)) };
}

const messagesOf = (client: MiscordClient, channelId: number) => timelineOf(client, channelId).messages;

test("clients in legacy and enhanced mode exchange messages, replies, edits, reactions, deletions and typing", async () => {
  const { today, before, channelId } = await oneInEach();
  before.sendMessage(channelId, { content: "from before" });
  await until(() => textsOf(today, channelId).includes("from before"));
  const [old] = messagesOf(today, channelId);
  today.sendMessage(channelId, { content: "an answer", replyTo: old! });
  await until(() => messagesOf(before, channelId).at(-1)?.reply_to?.id === old!.id);
  await before.editMessage(old!.id, "from long before");
  await today.setReaction(old!.id, "👍", true);
  await before.setReaction(old!.id, "👍", true);
  await until(() => messagesOf(before, channelId)[0]?.reactions[0]?.count === 2);
  await today.setReaction(old!.id, "👍", false);
  await allConverge(today, before);
  today.sendTyping(channelId);
  await until(() => Object.keys(before.store.getState().typing[channelId] ?? {}).length === 1);
  before.sendTyping(channelId);
  await until(() => Object.keys(today.store.getState().typing[channelId] ?? {}).length === 1);
  await before.deleteMessage(old!.id);
  await allConverge(today, before);
  expect(messagesOf(before, channelId)[0]?.reply_to).toMatchObject({ is_deleted: true });
});

test("emoji of the instance are known in either mode", async () => {
  const { today, before } = await oneInEach();
  await makeAdministrator(server.config, me(today).username);
  const picture = Buffer.from("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==", "base64");
  const emoji = await emojiCalls(today.rest, null).create(new Blob([picture], { type: "image/gif" }), "cat");
  const known = ({ store }: MiscordClient) => store.getState().instance?.emojis;
  for (const mode of ["enhanced", "legacy"] as const) {
    const client = world.open({ mode });
    await client.start();
    expect(known(client)).toBeUndefined();
    await client.login({ username: me(before).username, password });
    await until(() => known(client)?.length === 1);
    expect(known(client)).toEqual([emoji]);
  }
});

test("legacy mode sends chat over the legacy sockets", async () => {
  const urls: string[] = [];
  class WatchedSocket extends WebSocket {
    constructor(url: string, protocols?: string[]) {
      super(url, protocols);
      urls.push(new URL(url).pathname);
    }
  }
  const { before, channelId } = await oneInEach();
  const watched = world.open({ mode: "legacy", WebSocket: WatchedSocket });
  await watched.login({ username: me(before).username, password });
  await until(() => watched.store.getState().channels[channelId] !== undefined);
  await watched.openChannel(channelId);
  watched.sendMessage(channelId, { content: "hello" });
  await until(() => textsOf(before, channelId).includes("hello"));
  expect(new Set(urls)).toEqual(new Set(["/ws/legacy/notifications", `/ws/legacy/chat/${channelId}`]));
});

test.each(["enhanced", "legacy"] as const)(
  "a switch from %s mode while sending delivers every message once and in order",
  async (mode) => {
    const { today, before, channelId } = await oneInEach();
    const sender = mode === "enhanced" ? today : before;
    const witness = mode === "enhanced" ? before : today;
    const expected: string[] = [];
    for (let n = 0; n < 60; n += 1) {
      sender.sendMessage(channelId, { content: `m${n}` });
      expected.push(`m${n}`);
      if (n === 15 || n === 45) sender.setMode(other[sender.store.getState().connection.mode]);
      if (n === 30) await until(() => textsOf(witness, channelId).includes("m30"));
      if (n === 30) sender.setMode(other[sender.store.getState().connection.mode]);
      if (n % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => textsOf(witness, channelId).length === 60 && textsOf(sender, channelId).length === 60);
    expect(textsOf(witness, channelId)).toEqual(expected);
    expect(sender.store.getState().connection.mode).toBe(other[mode]);
    expect(sender.store.getState().timelines[channelId]!.outbox).toEqual([]);
    await allConverge(sender, witness);
  },
);

test("a legacy channel catches up after its socket was lost and keeps the messages shown", async () => {
  const { today, before, channelId } = await oneInEach();
  for (let n = 0; n < 120; n += 1) today.sendMessage(channelId, { content: `m${n}` });
  await until(() => textsOf(before, channelId).length === 120 && textsOf(today, channelId).length === 120);
  const shown = messagesOf(today, channelId);
  await server.stop();
  await until(() => before.store.getState().connection.status !== "online");
  await server.restart();
  // One of the chat sockets may still be reconnecting.
  await today.rest.editMessage(shown[3]!.id, "edited meanwhile");
  await today.rest.deleteMessage(shown[5]!.id);
  await today.rest.addReaction(shown[110]!.id, "🎉");
  await today.rest.createMessage(channelId, { content: "new meanwhile" });
  await until(() => textsOf(before, channelId).includes("new meanwhile"));
  expect(textsOf(before, channelId)).toHaveLength(120);
  expect(textsOf(before, channelId)[3]).toBe("edited meanwhile");
  await allConverge(today, before);
});

test("a status chosen in legacy mode is shown to others", async () => {
  const { today, before } = await oneInEach();
  before.setStatus("dnd");
  const beforeId = me(before).id;
  await until(() => today.store.getState().presence[beforeId] === "dnd");
  expect((await before.rest.me()).status).toBe("dnd");
});
