import type { Message } from "@miscord/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAdministrator } from "../../../apps/server/src/admin/accounts.ts";
import { withStore } from "../../../apps/server/src/admin/open-store.ts";
import { startFleet, type Fleet } from "../../../apps/server/src/testing/fleet.ts";
import { addImportedAuthors, type ImportedAuthor } from "../../../apps/server/src/testing/imported-authors.ts";
import { testConfig } from "../../../apps/server/src/testing/test-server.ts";
import { authorClaimCalls, importCalls, type MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, me, say, timelineOf, until } from "./testing/client-world.ts";

let fleet: Fleet;
let world: ClientWorld;

beforeAll(async () => {
  fleet = await startFleet(2, { RATE_REQUESTS: "10000/s", RATE_CHANGES: "10000/s" });
  world = new ClientWorld({ urls: fleet.nodes.map(({ url }) => url) });
});
afterAll(async () => {
  world.close();
  await fleet.dispose();
});

const config = () => testConfig({ databaseUrl: fleet.databaseUrl });

let admin: MiscordClient;
let ann: MiscordClient;
let others: readonly MiscordClient[];
let channelId: number;
let authors: ImportedAuthor[];

/** A server in which two authors wrote before, somebody at each node beside the one who claims, and an administrator at the second one. */
async function arrange(messagesEach: number): Promise<void> {
  admin = await world.newcomer({ node: 1 });
  await makeAdministrator(config(), me(admin).username);
  ann = await world.newcomer({ node: 0 });
  others = [await world.newcomer({ node: 0 }), await world.newcomer({ node: 1 })];
  const home = await ann.rest.createServer({ name: "Home" });
  channelId = home.channels.find(({ type }) => type === "text")!.id;
  authors = await withStore(config(), (store) => addImportedAuthors(store, channelId, { authors: 2, messagesEach }));
  const { code } = await ann.rest.createInvite(home.id);
  for (const client of others) await client.rest.joinInvite(code);
  for (const client of [ann, ...others]) {
    await until(() => client.store.getState().channels[channelId] !== undefined);
    await client.openChannel(channelId);
    await client.loadMembers(home.id);
  }
}

/** Every message of the channel. */
async function history({ rest }: MiscordClient): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const before = messages[0] ? { before: messages[0].id } : {};
    const page = await rest.listMessages(channelId, { limit: 100, ...before });
    messages.unshift(...page.messages);
    if (!page.has_more) return messages;
  }
}

const left = () =>
  withStore(config(), async ({ db }) => {
    const rows = await db.selectFrom("messages").where("author_id", "=", authors[0]!.id).select("id").execute();
    return rows.length;
  });

async function claim(): Promise<number> {
  const { id } = await authorClaimCalls(ann.rest).ask(authors[0]!.messageId);
  return id;
}

/** All that the first author wrote and reacted to is the user's, once, and all else as it was. */
async function expectGiven(messagesEach: number): Promise<void> {
  const [mine, theirs] = authors;
  const all = await history(others[0]!);
  const texts = Array.from({ length: 2 * messagesEach }, (_, place) => `${authors[place % 2]!.name} says ${place}`);
  expect(all.map(({ content }) => content)).toEqual(texts);
  const authorOf = ({ content }: Message) => (content.startsWith(`${mine!.name} `) ? me(ann).id : theirs!.id);
  expect(all.filter((message) => message.author.id !== authorOf(message))).toEqual([]);
  expect(new Set(all[0]!.reactions[0]!.user_ids)).toEqual(new Set([me(ann).id, theirs!.id]));
}

test("what is claimed at one node and accepted at the other is somebody else's for everybody at either", async () => {
  await arrange(600);
  const id = await claim();
  const { claims } = await importCalls(admin.rest).authorClaims();
  expect(claims.map((one) => [one.id, one.user.id])).toEqual([[id, me(ann).id]]);
  const shown = (client: MiscordClient) => {
    const { messages } = timelineOf(client, channelId);
    return new Set(messages.map(({ author }) => author.id));
  };
  for (const client of others) expect(shown(client)).toEqual(new Set(authors.map((author) => author.id)));
  expect((await importCalls(admin.rest).decideClaim(id, { decision: "accept" })).messages).toBe(600);
  const now = new Set([me(ann).id, authors[1]!.id]);
  for (const client of [ann, ...others]) await expect.poll(() => shown(client)).toEqual(now);
  expect(await authorClaimCalls(ann.rest).list()).toMatchObject([{ id, status: "accepted" }]);
  await expectGiven(600);
  await allConverge(ann, ...others);
  await say(ann, channelId, "it was me");
  await allConverge(ann, ...others);
});

test("what a node that is killed has not given of it, the other one gives", async () => {
  const messagesEach = 12_000;
  await arrange(messagesEach);
  const id = await claim();
  const [first, second] = fleet.nodes;
  const decided = importCalls(admin.rest)
    .decideClaim(id, { decision: "accept" })
    .catch(() => null);
  await expect.poll(left, { interval: 20 }).toBeLessThan(messagesEach);
  await second!.kill("SIGKILL");
  expect(await left(), "the kill came too late to prove anything").toBeGreaterThan(0);
  await expect.poll(left, { timeout: 60_000 }).toBe(0);
  await second!.start();
  await decided;
  expect(first!.output()).not.toContain("failed");
  expect(await authorClaimCalls(ann.rest).list()).toMatchObject([{ id, status: "accepted" }]);
  expect((await importCalls(admin.rest).authorClaims()).claims).toEqual([]);
  await expectGiven(messagesEach);
  await allConverge(ann, ...others);
}, 180_000);
