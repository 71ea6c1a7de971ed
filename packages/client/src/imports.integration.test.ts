import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAdministrator } from "../../../apps/server/src/admin/accounts.ts";
import { jsonFile, jsonMessage } from "../../../apps/server/src/admin/discord/testing/write-export.ts";
import { startTestServer, type TestServer } from "../../../apps/server/src/testing/test-server.ts";
import { authorClaimCalls, importCalls, type MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, say, textsOf, timelineOf, until } from "./testing/client-world.ts";

let server: TestServer;
let world: ClientWorld;

beforeAll(async () => {
  server = await startTestServer();
  world = new ClientWorld({ urls: [server.url] });
});
afterAll(async () => {
  world.close();
  await server.cleanup();
});

const id = (number: number) => String(1_000_000 + number);
const author = {
  id: "3001",
  name: "old",
  nickname: "Old friend",
  roles: [{ id: "4001", name: "Crew", color: "#ff8800", position: 1 }],
};
const texts = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, place) =>
    jsonMessage(id(from + place), { content: `old ${from + place}`, author }),
  );

function general(count: number): File {
  return new File([JSON.stringify(jsonFile({ id: "5001", name: "general" }, texts(0, count)))], "general.json");
}

function later(): File {
  // Started from a message that both have on their screens.
  const thread = { id: id(395), type: "GuildPublicThread", name: "aside", categoryId: "5001", category: "general" };
  return new File([JSON.stringify(jsonFile(thread, texts(900, 905)))], "aside.json");
}

function news(): File {
  return new File([JSON.stringify(jsonFile({ id: "5002", name: "news" }, texts(800, 803)))], "news.json");
}

/** Uploads the files, looks through them and imports them; resolves once that is done. */
async function bringIn(client: MiscordClient, files: readonly File[]): Promise<number> {
  const calls = importCalls(client.rest);
  const made = await calls.create();
  await calls.addFiles(made.id, { files: files.map(({ name, size }) => ({ path: name, size })) });
  await calls.send(made.id, 0, new Blob([...files]));
  let latest = await calls.preview(made.id);
  const isIn = async (...states: readonly string[]) => {
    await expect
      .poll(
        async () => {
          latest = (await calls.list()).imports.find((one) => one.id === made.id)!;
          return latest.fault ?? latest.status;
        },
        { timeout: 60_000 },
      )
      .toBeOneOf([...states]);
  };
  await isIn("ready");
  await calls.start(made.id, {});
  await isIn("done");
  await expect.poll(async () => (await calls.list()).imports[0]!.server_id).not.toBeNull();
  return (await calls.list()).imports[0]!.server_id!;
}

test("a new server of an import, and what a later import adds beside people who write, are in everybody's state as a fresh fetch shows them", async () => {
  const [owner, guest] = [await world.newcomer(), await world.newcomer()];
  await makeAdministrator(server.config, me(owner).username);
  const heard: string[] = [];
  owner.on("event", ({ type }) => heard.push(type));
  const serverId = await bringIn(owner, [general(400)]);
  await until(() => owner.store.getState().servers[serverId] !== undefined);
  await allConverge(owner);
  expect(heard).toContain("imports_changed");

  const { code } = await owner.rest.createInvite(serverId);
  await guest.rest.joinInvite(code);
  await until(() => guest.store.getState().servers[serverId] !== undefined);
  const channelId = Object.values(owner.store.getState().channels).find(
    (channel) => channel.server_id === serverId && channel.name === "general",
  )!.id;
  for (const client of [owner, guest]) {
    await client.openChannel(channelId);
    await client.loadMembers(serverId);
  }
  const importing = bringIn(owner, [general(600), later(), news()]);
  const end = { isReached: false };
  void importing.finally(() => (end.isReached = true));
  const said: string[] = [];
  while (!end.isReached) {
    const text = `now ${said.length}`;
    said.push(text);
    await say(guest, channelId, text);
  }
  expect(await importing).toBe(serverId);
  await until(() => Object.values(owner.store.getState().channels).some(({ name }) => name === "news"));
  await say(guest, channelId, "the end");
  await until(() => textsOf(owner, channelId).includes("the end"));
  await allConverge(owner, guest);
  const seqs = timelineOf(owner, channelId).messages.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  // It hides new channels of a server that others are in.
  expect(Object.values(guest.store.getState().channels).some(({ name }) => name === "news")).toBe(false);
});

test("what an imported author wrote is somebody else's in everybody's state once they have claimed it", async () => {
  const [owner, guest] = [await world.newcomer(), await world.newcomer()];
  await makeAdministrator(server.config, me(owner).username);
  const guild = { id: "77", name: "Claimed" };
  const place = { ...jsonFile({ id: "7701", name: "general" }, claimable()), guild };
  const serverId = await bringIn(owner, [new File([JSON.stringify(place)], "general.json")]);
  await until(() => owner.store.getState().servers[serverId] !== undefined);
  const { code } = await owner.rest.createInvite(serverId);
  await guest.rest.joinInvite(code);
  await until(() => guest.store.getState().servers[serverId] !== undefined);
  const channelId = Object.values(owner.store.getState().channels).find((one) => one.server_id === serverId)!.id;
  for (const client of [owner, guest]) {
    await client.openChannel(channelId);
    await client.loadMembers(serverId);
  }
  const [first] = timelineOf(guest, channelId).messages;
  await guest.setReaction(first!.id, "👍", true);
  await say(owner, channelId, "beside it");
  expect(first!.author.is_placeholder).toBe(true);
  await authorClaimCalls(guest.rest).ask(first!.id);
  const { claims } = await importCalls(owner.rest).authorClaims();
  await importCalls(owner.rest).decideClaim(claims[0]!.id, { decision: "accept" });
  const authors = (client: MiscordClient) => timelineOf(client, channelId).messages.map(({ author: { id: by } }) => by);
  await until(() => [owner, guest].every((client) => authors(client)[0] === me(guest).id));
  const [answer] = timelineOf(owner, channelId).messages.slice(1);
  expect(answer!.reply_to?.author.id).toBe(me(guest).id);
  await allConverge(owner, guest);
  // Whoever was away meanwhile is told as of an edit.
  await say(guest, channelId, "mine too");
  await allConverge(owner, guest);
});

/** One author who is answered by another one, and has reacted to that. */
function claimable() {
  const person = (number: number) => ({ id: `99${number}`, name: `person${number}`, nickname: `Person ${number}` });
  const reactions = [{ emoji: { id: "", name: "👍", code: "thumbsup" }, count: 1, users: [person(1)] }];
  return [
    jsonMessage("7710", { content: "first", author: person(1), reactions }),
    jsonMessage("7711", {
      content: "answer",
      author: person(2),
      reactions,
      type: "Reply",
      reference: { messageId: "7710", channelId: "7701", guildId: "77" },
    }),
  ];
}
