import { CompiledQuery, createQueryId, type KyselyPlugin, type RootOperationNode } from "kysely";
import { afterEach, expect, test } from "vitest";
import { send } from "../conformance/world.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { claimedPlaceholders, claimPlaceholder, giveSome } from "../queries/claim-placeholder.ts";
import { insertPlaceholder } from "../queries/discord.ts";
import { dmStates } from "../queries/private-channels.ts";
import { deleteNotificationsFrom } from "../queries/notifications.ts";
import { serverStates } from "../queries/servers.ts";
import { unreadIn } from "../queries/unread.ts";
import type { Tables } from "../schema.ts";
import type { Kysely } from "kysely";

let world: RealtimeWorld;
afterEach(() => world.close());

type Db = Kysely<Tables>;

/** How SQLite finds the rows of each statement that runs meanwhile. */
async function plansOf(work: (db: Db) => Promise<unknown>): Promise<string[]> {
  const { db } = world.store;
  const nodes: RootOperationNode[] = [];
  const recorder: KyselyPlugin = {
    transformQuery: ({ node }) => (nodes.push(node), node),
    transformResult: async ({ result }) => result,
  };
  await work(db.withPlugin(recorder));
  const plans: string[] = [];
  for (const node of nodes) {
    const { sql, parameters } = db.getExecutor().compileQuery(node, createQueryId());
    // Parts of statements are among them, which make no sense alone.
    const explained = await db
      .executeQuery<{ detail: string }>(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]))
      .catch(() => null);
    plans.push(...(explained?.rows.map(({ detail }) => detail) ?? []));
  }
  return plans;
}

const growing = "channels|members|member_roles|mentions|messages|notifications|read_states|recipients|users";
const scan = new RegExp(`^SCAN (${growing})\\b|notifications_server`);

test("what a connection reads, and what leaving a server deletes, is found without looking through whole tables", async () => {
  world = await RealtimeWorld.open();
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { serverId, channelId } = await world.server(owner, ann);
  const plans = await plansOf(async (db) => {
    await serverStates(db, ann.id, { now: 0 });
    await dmStates(db, ann.id, null);
    await unreadIn(db, channelId, [ann.id]);
    await deleteNotificationsFrom(db, serverId, ann.id);
  });
  expect(plans.length).toBeGreaterThan(20);
  expect(plans.filter((detail) => scan.test(detail))).toEqual([]);
});

test("what an imported author wrote is found and given without looking through whole tables", async () => {
  world = await RealtimeWorld.open();
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { channelId } = await world.server(owner, ann);
  const author = { discordId: "777", name: "old", displayName: "Old", color: "#336699", now: 1 };
  const from = await world.store.db.transaction().execute((trx) => insertPlaceholder(trx, author));
  await send(world.store, channelId, ann.id);
  await world.store.db.updateTable("messages").set({ author_id: from }).where("author_id", "=", ann.id).execute();
  expect(await claimPlaceholder(world.store.db, from, ann.id)).toBe(1);
  const plans = await plansOf(async (db) => {
    expect(await claimedPlaceholders(db)).toEqual([{ id: from, user_id: ann.id }]);
    expect(await giveSome(db, from, ann.id)).toEqual([channelId]);
    expect(await giveSome(db, from, ann.id)).toBeNull();
  });
  expect(plans.length).toBeGreaterThan(10);
  expect(plans.filter((plan) => scan.test(plan.replace(/^SCAN m\b/, "SCAN messages")))).toEqual([]);
});
