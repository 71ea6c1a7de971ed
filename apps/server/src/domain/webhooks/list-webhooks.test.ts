import { bitsOf } from "@miscord/rights";
import { afterEach, beforeEach, expect, test } from "vitest";
import { insertChannel } from "../../store/queries/channels.ts";
import { insertWebhook } from "../../store/queries/webhooks.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { StatementCounter } from "../../testing/statement-counter.ts";
import { setOverride } from "../servers/overrides.ts";
import { listWebhooks } from "./manage.ts";

const channelCount = 40;

const statements = new StatementCounter();
let world: RealtimeWorld;
let owner: { userId: number };
let member: { userId: number };
let serverId: number;

beforeEach(async () => {
  world = await RealtimeWorld.open({ wrapStore: statements.wrap });
  const [first, second] = [await world.person("owner"), await world.person("member")];
  [owner, member] = [{ userId: first.id }, { userId: second.id }];
  ({ serverId } = await world.server(first, second));
});
afterEach(() => world.close());

/** A channel with a webhook of each of the two. */
async function channelWithHooks(name: string): Promise<number> {
  const { db } = world.store;
  const { id } = await insertChannel(db, { serverId, name, type: "text", position: 1, categoryId: null, now: 0 });
  for (const { userId } of [owner, member]) {
    const hook = { server_id: serverId, channel_id: id, created_by: userId, name, created_at: 1 };
    await db.transaction().execute((trx) => insertWebhook(trx, { ...hook, token_digest: `${id} ${userId}` }));
  }
  return id;
}

test("the list of a server's webhooks takes few statements, however many channels have some", async () => {
  const ids: number[] = [];
  for (let count = 0; count < channelCount; count += 1) ids.push(await channelWithHooks(`${count}`));
  const allow = bitsOf("manageWebhooks");
  const managed = ids[0]!;
  await setOverride(world.context, owner, managed, { type: "member", target_id: member.userId, allow, deny: 0 });
  statements.count = 0;
  const all = await listWebhooks(world.context, owner, serverId);
  expect(statements.count).toBeLessThan(15);
  expect(all).toHaveLength(2 * channelCount);
  const working = all.filter(({ works }) => works).map(({ creator, channel_id }) => [creator.id, channel_id]);
  expect(new Set(working)).toEqual(new Set([...ids.map((id) => [owner.userId, id]), [member.userId, managed]]));
  const own = await listWebhooks(world.context, member, serverId);
  expect(own.map(({ channel_id, works }) => [channel_id, works])).toEqual([
    [managed, true],
    [managed, true],
  ]);
});
