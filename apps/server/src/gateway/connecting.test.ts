import { bitsOf } from "@miscord/rights";
import { afterEach, expect, test } from "vitest";
import { chunks } from "../chunks.ts";
import type { Clock } from "../clock.ts";
import { createAccessTokens, type AccessTokens } from "../domain/accounts/access-tokens.ts";
import { StoredSigningKeys } from "../domain/accounts/signing-keys.ts";
import type { Store } from "../store/contract.ts";
import { ensureSigningKey, newSigningSecret } from "../store/queries/signing-keys.ts";
import { sendMessage } from "../domain/messages/send-message.ts";
import { serverStates } from "../store/queries/servers.ts";
import { HeldReads } from "../testing/held-reads.ts";
import { RealtimeWorld, type TestPerson } from "../testing/realtime-world.ts";

let world: RealtimeWorld;
let ann: TestPerson;

async function open(tokens?: (store: Store, clock: Clock) => Promise<AccessTokens>): Promise<void> {
  world = await RealtimeWorld.open(tokens && { tokens });
  ann = await world.person("ann");
}
afterEach(() => world.close());

test("tokens with made-up key ids, for which the keys are read anew, keep nobody else from connecting", async () => {
  const tokens = async (store: Store, clock: Clock) => {
    await ensureSigningKey(store.db, newSigningSecret(), clock.now());
    return createAccessTokens(await StoredSigningKeys.open({ store, clock, termMs: 900_000 }), clock);
  };
  await open(tokens);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const forged = Array.from({ length: 100 }, (_, index) => {
    const header = part({ alg: "HS256", kid: String(10_000_000 + index) });
    return world.dial(`/ws/main?token=${header}.${part({ sub: "1" })}.AAAA`);
  });
  await expect.poll(() => world.stats.connections).toBe(forged.length);
  // The keys are read once a second: until then nothing is known of these tokens.
  const socket = await world.connect(ann);
  expect(forged.every(({ ws }) => ws.readyState === ws.OPEN)).toBe(true);
  world.clock.advance(1_000);
  for (const { closed } of forged) expect((await closed).code).toBe(4001);
  await socket.roundTrip();
});

/** Somebody who subscribes to so many thousands of channels. */
async function personWith(thousands: number): Promise<TestPerson> {
  const bob = await world.person("bob");
  const { serverId } = await world.server(bob);
  const row = { server_id: serverId, name: "c", type: "text", position: 0, created_at: 1, restricted: 1 };
  const rows = Array.from({ length: 1_000 }, () => row);
  for (let round = 0; round < thousands; round += 1) await world.store.db.insertInto("channels").values(rows).execute();
  return bob;
}

test("connections that subscribe to very much are limited by how much it is, also at the same time", async () => {
  await open();
  const bob = await personWith(21);
  const path = `/ws/main?token=${bob.token}`;
  const sockets = Array.from({ length: 3 }, () => world.dial(path));
  const outcomes = sockets.map((socket) =>
    Promise.race([socket.closed.then(({ code }) => code), socket.next("connection_established").then(() => 0)]),
  );
  expect((await Promise.all(outcomes)).toSorted((a, b) => a - b)).toEqual([0, 4029, 4029]);
  await world.connect(ann);
  // 21,001 were paid with 20,000, and come again at 500 a second.
  world.clock.advance(1_000);
  expect((await world.dial(path).closed).code).toBe(4029);
  world.clock.advance(2_000);
  await world.connect(bob);
});

/** A member of the server of `personWith` who sees none of its channels. */
async function personBeside(): Promise<TestPerson> {
  const eve = await world.person("eve");
  const { db } = world.store;
  const { id } = await db.selectFrom("servers").select("id").executeTakeFirstOrThrow();
  await db.insertInto("members").values({ server_id: id, user_id: eve.id, joined_at: 1 }).execute();
  const hidden = { type: "member", target_id: eve.id, allow: 0, deny: bitsOf("viewChannel") };
  const channels = await db.selectFrom("channels").select("id").where("restricted", "=", 1).execute();
  for (const some of chunks(channels, 500)) {
    const values = some.map((channel) => ({ channel_id: channel.id, ...hidden }));
    await db.insertInto("channel_overrides").values(values).execute();
  }
  return eve;
}

test("channels that somebody does not see count as those that they see", async () => {
  await open();
  for (const { token } of [await personWith(21), await personBeside()]) {
    await world.connect({ token });
    expect((await world.dial(`/ws/main?token=${token}`).closed).code).toBe(4029);
  }
});

test("the state of one server costs nothing for the channels of others", async () => {
  await open();
  await personWith(21);
  const eve = await personBeside();
  const small = await world.server(ann, eve);
  await sendMessage(world.context, { userId: ann.id }, { channelId: small.channelId, content: `@${eve.name}` });
  const shortest = async (only?: number) => {
    const times: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const began = performance.now();
      const states = await serverStates(world.store.db, eve.id, { now: world.clock.now(), ...(only && { only }) });
      times.push(performance.now() - began);
      const state = states.find(({ id }) => id === small.serverId);
      expect(state?.channels[0]?.mention_count).toBe(1);
    }
    return Math.min(...times);
  };
  expect(await shortest(small.serverId)).toBeLessThan((await shortest()) / 4);
});

test("what a resync makes a connection read again is paid for once", async () => {
  const reads = new HeldReads("members");
  world = await RealtimeWorld.open({ wrapStore: reads.over });
  const bob = await personWith(21);
  const held = reads.hold();
  const theirs = world.connect(bob);
  await held;
  world.realtime.resync.start();
  reads.release();
  await theirs;
  expect(world.presence.statusOf(bob.id)).toBe("online");
});

test("a connection that has closed before its turn costs its user nothing", async () => {
  const reads = new HeldReads("members");
  world = await RealtimeWorld.open({ wrapStore: reads.over });
  const bob = await personWith(12);
  const sessions = () => [...world.realtime.directory.of(bob.id)].length;
  const held = reads.hold();
  const first = world.connect(bob);
  await held;
  const gone = world.dial(`/ws/main?token=${bob.token}`);
  await expect.poll(sessions).toBe(2);
  [...world.sockets].at(-1)!.destroy();
  await gone.closed;
  await expect.poll(sessions).toBe(1);
  reads.release();
  await first;
  // With the one that is gone nothing would be left of 20,000.
  await world.connect(bob);
});
