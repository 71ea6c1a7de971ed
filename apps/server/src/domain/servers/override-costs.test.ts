import { limits } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterEach, beforeEach, expect, test } from "vitest";
import { channelIdsOf, insertChannel } from "../../store/queries/channels.ts";
import { insertRole } from "../../store/queries/roles.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { StatementCounter } from "../../testing/statement-counter.ts";
import { createChannel, orderChannels } from "./channels.ts";
import { removeOverride, setOverride } from "./overrides.ts";
import { changeRole, deleteRole } from "./roles.ts";
import { serverState } from "./server-state.ts";

const deny = bitsOf("sendMessages");
const channelCount = 200;

const statements = new StatementCounter();
let world: RealtimeWorld;
let owner: { userId: number };
let serverId: number;
let categoryId: number;

beforeEach(async () => {
  world = await RealtimeWorld.open({ wrapStore: statements.wrap });
  const person = await world.person("owner");
  owner = { userId: person.id };
  ({ serverId } = await world.server(person));
  const { db } = world.store;
  const insert = (name: string, type: "text" | "category", position: number, category: number | null) =>
    insertChannel(db, { serverId, name, type, position, categoryId: category, now: 0 });
  ({ id: categoryId } = await insert("category", "category", 1, null));
  for (let index = 0; index < channelCount; index += 1) await insert(`${index}`, "text", 2 + index, categoryId);
});
afterEach(() => world.close());

/** How many statements a command takes: other writers wait for those of its transaction. */
async function statementsOf(command: Promise<unknown>): Promise<number> {
  statements.count = 0;
  await command;
  return statements.count;
}

async function newRole(name: string): Promise<number> {
  const fields = { name, color: null, permissions: 0, hoist: false, mentionable: false };
  return (await insertRole(world.store.db, serverId, fields, 0)).id;
}

test("a change for all channels of a category takes as many statements as one for a few, and is in the audit log for each", async () => {
  const { context } = world;
  const roleId = await newRole("role");
  const set = setOverride(context, owner, categoryId, { type: "role", target_id: roleId, allow: 0, deny });
  expect(await statementsOf(set)).toBeLessThan(30);
  const state = () => serverState(context, owner, serverId);
  const overridden = (await state()).channels.filter(({ overrides }) => overrides.length > 0);
  expect(overridden).toHaveLength(channelCount + 1);
  const logged = () => world.store.db.selectFrom("audit_log").select("channel_id").execute();
  expect(await logged()).toHaveLength(channelCount + 1);
  const remove = removeOverride(context, owner, categoryId, { targetId: roleId, type: "role" });
  expect(await statementsOf(remove)).toBeLessThan(30);
  expect((await state()).channels.flatMap(({ overrides }) => overrides)).toEqual([]);
  expect(await logged()).toHaveLength(2 * (channelCount + 1));
});

test("a change for many channels counts as several", async () => {
  const { changes } = world.context.rates;
  let spent = 0;
  const rates = {
    ...world.context.rates,
    changes: { ...changes, rate: { perSecond: 1, burst: 15 }, spend: (_: unknown, cost = 1) => void (spent += cost) },
  };
  const override = { type: "role" as const, target_id: await newRole("role"), allow: 0, deny };
  await setOverride({ ...world.context, rates }, owner, categoryId, override);
  expect(spent).toBe(1 + channelCount / 20);
  // As does one of what the members of a role see, and of nothing else that they may do.
  const costOf = async (permissions: number) => {
    spent = 0;
    await changeRole({ ...world.context, rates }, owner, override.target_id, { permissions });
    return spent;
  };
  expect(await costOf(bitsOf("viewChannel"))).toBe(1 + channelCount / 20);
  expect(await costOf(bitsOf("viewChannel", "sendMessages"))).toBe(1);
  expect(await costOf(bitsOf("administrator"))).toBe(1 + channelCount / 20);
  spent = 0;
  await deleteRole({ ...world.context, rates }, owner, override.target_id);
  expect(spent).toBe(1 + channelCount / 20);
});

test("a new order of all channels takes as few statements as one of two", async () => {
  const ids = await channelIdsOf(world.store.db, serverId);
  expect(await statementsOf(orderChannels(world.context, owner, serverId, ids.toReversed()))).toBeLessThan(20);
  expect(await channelIdsOf(world.store.db, serverId)).toEqual(ids.toReversed());
});

test("all channels of a server have a limited number of overrides together, however they come", async () => {
  const { context, store } = world;
  const fill = async (channel_id: number, count: number) => {
    const values = Array.from({ length: count }, (_, at) => ({ channel_id, type: "role", target_id: 1_000 + at }));
    await store.db
      .insertInto("channel_overrides")
      .values(values.map((row) => ({ ...row, allow: 0, deny })))
      .execute();
  };
  const [first, ...inCategory] = (await channelIdsOf(store.db, serverId)).slice(-channelCount - 2);
  const perChannel = Math.floor(limits.overridesPerServer / inCategory.length);
  for (const id of inCategory) await fill(id, perChannel);
  await fill(first!, limits.overridesPerServer - perChannel * inCategory.length);
  const full = { code: "limit_reached" };
  const override = { type: "role" as const, target_id: await newRole("another"), allow: 0, deny };
  await expect(setOverride(context, owner, categoryId, override)).rejects.toMatchObject(full);
  const input = { name: "one more", type: "text" as const, category_id: categoryId };
  const actor = { ...owner, user: { id: owner.userId, username: "owner" } } as Parameters<typeof createChannel>[1];
  await expect(createChannel(context, actor, serverId, input)).rejects.toMatchObject(full);
  await createChannel(context, actor, serverId, { ...input, category_id: null });
});
