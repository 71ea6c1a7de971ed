import type { PushPayload } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";
import { subscribeDevice, type DeviceChange } from "../../testing/subscribe-device.ts";
import { deleteMessage } from "../messages/delete-message.ts";
import { editMessage } from "../messages/edit-message.ts";
import { markRead } from "../messages/mark-read.ts";
import { sendMessage } from "../messages/send-message.ts";
import { changeProfile } from "../accounts/profile.ts";
import { setNotificationLevel } from "../notifications/set-notification-level.ts";
import type { PushSender } from "../ports.ts";
import { openDm } from "../private/dms.ts";
import { block, unblock } from "../private/relationships.ts";
import { setOverride } from "../servers/overrides.ts";
import { createThread } from "../threads/create-thread.ts";
import { Pusher } from "./pusher.ts";

type Answer = number | "refused" | Promise<number>;

let world: RealtimeWorld;
let anna: TestPerson;
let boris: TestPerson;
let channelId: number;
let sent: { endpoint: string; payload: PushPayload }[];
let answers: Map<string, Answer>;
let pusher: Pusher;
let devices = 0;

beforeAll(async () => {
  world = await RealtimeWorld.open();
});
afterAll(() => world.close());

beforeEach(async () => {
  [anna, boris] = [await world.person("anna"), await world.person("boris")];
  ({ channelId } = await world.server(anna, boris));
  sent = [];
  answers = new Map();
  pusher = newPusher();
});

/** Of a node with the same store. */
function newPusher(): Pusher {
  const push: PushSender = {
    publicKey: "",
    check: () => Promise.resolve(),
    send: async ({ endpoint }, text) => {
      const answer = await (answers.get(endpoint) ?? 201);
      if (answer === 201) sent.push({ endpoint, payload: JSON.parse(text) as PushPayload });
      return answer;
    },
  };
  return new Pusher({ ...world.context, push }, (error) => {
    throw error;
  });
}

/** Subscribes a browser of the person; returns its endpoint. */
const device = (person: TestPerson, change: DeviceChange = {}) =>
  subscribeDevice(world, person, { endpoint: `https://push${(devices += 1)}.example/`, ...change });

const say = (content: string, to = channelId) =>
  sendMessage(world.context, { userId: anna.id }, { channelId: to, content });
const mention = (text = "look") => say(`@${boris.name} ${text}`);
async function later(ms: number): Promise<void> {
  world.clock.advance(ms);
  await pusher.run();
}
const texts = () => sent.map(({ payload }) => payload.body);

test("a text never reaches a device whose person may not see it any more, by then", async () => {
  await device(boris);
  const as = (change: () => Promise<unknown>) => async () => {
    await change();
    await pusher.run();
    expect(texts()).toEqual([]);
  };
  const { id: dm } = (await openDm(world.context, { userId: anna.id }, { user_ids: [boris.id] })).channel;
  const override = { target_id: boris.id, type: "member" as const, allow: 0, deny: bitsOf("viewChannel") };
  const owner = { userId: anna.id };

  await mention("hidden from you");
  await as(() => setOverride(world.context, owner, channelId, override))();
  await setOverride(world.context, owner, channelId, { ...override, deny: 0 });
  const { message } = await mention("deleted");
  await as(() => deleteMessage(world.context, owner, { messageId: message.id }))();
  await say("from somebody you hide", dm);
  await mention("from somebody you hide");
  await as(() => block(world.context, { userId: boris.id }, anna.id))();
  await unblock(world.context, { userId: boris.id }, anna.id);
  await say("of a conversation that was left", dm);
  await as(() => world.store.db.deleteFrom("recipients").where("channel_id", "=", dm).execute())();
  await mention("of a server that was left");
  await as(() => world.store.db.deleteFrom("members").where("user_id", "=", boris.id).execute())();
});

test("a push comes to nobody who looks at one of their clients, and to who has left without reading", async () => {
  await device(boris);
  const [looking, other] = [await world.connect(boris), await world.connect(boris)];
  looking.send({ type: "attention", active: true });
  await expect.poll(() => world.context.attention.isActive(boris.id)).toBe(true);
  other.send({ type: "attention", active: true });
  other.send({ type: "attention", active: false });
  other.send({ type: "ping" });
  await other.next("pong");
  await mention("while you look");
  await pusher.run();
  await later(3_000);
  await mention("when you leave");
  await pusher.run();
  // A device that vanished counts as looking for half a minute.
  await later(3_000);
  expect(sent).toEqual([]);
  looking.ws.terminate();
  await expect.poll(() => world.context.attention.isActive(boris.id)).toBe(false);
  await later(37_000);
  expect(texts()).toEqual([`@${boris.name} when you leave`]);
  other.ws.terminate();
});

test("a push of a session that ended goes nowhere", async () => {
  await device(boris);
  await mention();
  await world.store.db.updateTable("sessions").set({ revoked_at: 1 }).where("user_id", "=", boris.id).execute();
  await pusher.run();
  expect(sent).toEqual([]);
});

test("what the levels, mutes, the status and the device's wishes silence is not pushed; threads inherit", async () => {
  const wishes = await device(boris, { kinds: "direct" });
  await mention("not wanted on this device");
  await pusher.run();
  expect(sent).toEqual([]);

  await device(boris);
  const actor = { userId: boris.id };
  const input = { name: "Thread", archive_after_s: 86_400 };
  const thread = await createThread(world.context, { userId: anna.id }, channelId, input);
  await setNotificationLevel(world.context, actor, { kind: "channel", id: channelId }, { level: "nothing" });
  await mention("at level nothing");
  await say(`@${boris.name} in a thread of it`, thread.id);
  await setNotificationLevel(world.context, actor, { kind: "channel", id: channelId }, { level: null });
  const { id: dm } = (await openDm(world.context, { userId: anna.id }, { user_ids: [boris.id] })).channel;
  const until = new Date(world.clock.now() + 60_000).toISOString();
  await say("muted meanwhile", dm);
  await setNotificationLevel(world.context, actor, { kind: "channel", id: dm }, { muted_until: until });
  await mention("silenced meanwhile");
  await setNotificationLevel(world.context, actor, { kind: "channel", id: channelId }, { level: "nothing" });
  await say("nobody in particular");
  await pusher.run();
  expect(sent).toEqual([]);
  await setNotificationLevel(world.context, actor, { kind: "channel", id: channelId }, { level: null });
  await world.store.db.updateTable("users").set({ status: "dnd" }).where("id", "=", boris.id).execute();
  await mention("do not disturb");
  await pusher.run();
  await world.store.db.updateTable("users").set({ status: "online" }).where("id", "=", boris.id).execute();
  const quiet = { time_zone: "UTC", days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "00:00" };
  await changeProfile(world.context, { userId: boris.id }, { quiet_hours: quiet });
  await mention("quiet hours");
  await pusher.run();
  await changeProfile(world.context, { userId: boris.id }, { quiet_hours: null });

  await setNotificationLevel(world.context, actor, { kind: "channel", id: dm }, { muted_until: null });
  await say(`@${boris.name} in the thread`, thread.id);
  await say("directly", dm);
  await pusher.run();
  const told = [`@${boris.name} in the thread: channel-${thread.id}`, ...Array(2).fill(`directly: channel-${dm}`)];
  expect(sent.map(({ payload: { body, tag } }) => `${body}: ${tag}`)).toEqual(expect.arrayContaining(told));
  expect(sent).toHaveLength(told.length);
  expect(sent.filter(({ endpoint }) => endpoint === wishes)).toHaveLength(1);
});

test("a node that is killed while it sends is followed by one that sends the rest, and nothing twice", async () => {
  const [first, second] = [await device(boris), await device(boris, { is_mobile: 1 })];
  answers.set(second, new Promise<number>(() => {}));
  await mention("once");
  void pusher.run();
  await expect.poll(() => sent.map(({ endpoint }) => endpoint)).toEqual([first]);
  pusher.stop();
  const shown = () => world.store.db.selectFrom("pushes").where("state", "=", "shown").where("user_id", "=", boris.id);
  await expect.poll(() => shown().select("id").execute()).toHaveLength(1);

  answers.clear();
  const next = newPusher();
  await next.run();
  expect(sent).toHaveLength(1);
  world.clock.advance(60_000);
  await next.run();
  await next.run();
  expect(sent.map(({ endpoint, payload }) => [endpoint, payload.body])).toEqual([
    [first, `@${boris.name} once`],
    [second, `@${boris.name} once`],
  ]);
});

test("many messages of a channel that wait become one notification, of the newest; an older one that is edited is news", async () => {
  await device(boris);
  const { message } = await say("nobody");
  for (const text of ["one", "two", "three"]) await mention(text);
  await pusher.run();
  expect(sent.map(({ payload: { body, badge } }) => [body, badge])).toEqual([[`@${boris.name} three`, 3]]);
  await editMessage(world.context, { userId: anna.id }, { messageId: message.id, content: `@${boris.name} you, too` });
  await pusher.run();
  expect(sent[1]!.payload.version).toBeGreaterThan(sent[0]!.payload.version!);
});

test("what is shown is closed although a newer message of its channel was read before it was pushed", async () => {
  await device(boris);
  await mention("shown");
  await pusher.run();
  const { message } = await mention("read at once");
  await markRead(world.context, { userId: boris.id }, { channelId, seq: message.seq });
  await pusher.run();
  expect(sent.map(({ payload: { type } }) => type)).toEqual(["ring", "close"]);
  await mention("one");
  await pusher.run();
  await markRead(world.context, { userId: boris.id }, { channelId, seq: (await mention("two")).message.seq - 1 });
  await pusher.run();
  expect(sent.slice(2).map(({ payload: { type } }) => type)).toEqual(["ring", "ring"]);
});

test("an unreachable push service is tried again with growing pauses, a device that it lost is forgotten", async () => {
  const endpoint = await device(boris);
  const devicesLeft = () =>
    world.store.db.selectFrom("push_subscriptions").where("user_id", "=", boris.id).select("failures").execute();
  answers.set(endpoint, 0);
  await mention();
  await pusher.run();
  await later(14_000);
  expect(await devicesLeft()).toEqual([{ failures: 1 }]);
  await later(1_000);
  expect(await devicesLeft()).toEqual([{ failures: 2 }]);
  answers.set(endpoint, 503);
  await later(30_000);
  answers.set(endpoint, 201);
  await later(60_000);
  expect(texts()).toEqual([`@${boris.name} look`]);
  expect(await devicesLeft()).toEqual([{ failures: 0 }]);

  answers.set(endpoint, 400);
  world.clock.advance(2 * 86_400_000);
  // The second day: eight in a row, but not for a day.
  for (let failure = 1; failure <= 9; failure += 1) {
    await mention();
    await pusher.run();
  }
  expect(await devicesLeft()).toEqual([{ failures: 9 }]);
  world.clock.advance(86_400_001);
  await mention();
  await pusher.run();
  expect(await devicesLeft()).toEqual([]);
  const again = await device(boris);
  answers.set(again, "refused");
  await mention();
  await pusher.run();
  expect(await devicesLeft()).toEqual([]);
});

test("a push service that does not answer keeps nobody waiting, and is left alone once it has failed", async () => {
  const carla = await world.person("carla");
  ({ channelId } = await world.server(anna, boris, carla));
  const pit: string[] = [];
  for (let count = 0; count < 9; count += 1)
    pit.push(await device(boris, { endpoint: `https://${boris.name}/${count}` }));
  await device(carla);
  const { promise, resolve } = Promise.withResolvers<number>();
  for (const endpoint of pit) answers.set(endpoint, promise);
  await mention("to the tar pit");
  await pusher.take();
  await say(`@${carla.name} hello`);
  await pusher.take();
  await expect.poll(texts).toEqual([`@${carla.name} hello`]);
  resolve(0);
  await pusher.settled();
  for (const endpoint of pit) answers.set(endpoint, 201);
  await later(14_000);
  expect(sent).toHaveLength(1);
  for (let count = 0; count < 9; count += 1) {
    await later(1_000);
  }
  expect(new Set(sent.map(({ endpoint }) => endpoint)).size).toBe(10);
});

test("what is not wanted takes nothing else along: neither what rings nor what closes", async () => {
  const endpoint = await device(boris, { kinds: "mention" });
  await mention("urgent");
  const { message } = await say("@everyone lunch");
  await pusher.run();
  expect(texts()).toEqual([`@${boris.name} urgent`]);
  await markRead(world.context, { userId: boris.id }, { channelId, seq: message.seq });
  await say("@everyone dessert");
  answers.set(endpoint, 503);
  for (let hours = 0; hours < 3; hours += 1) {
    await pusher.run();
    world.clock.advance(3_600_000);
  }
  answers.set(endpoint, 201);
  await pusher.run();
  expect(sent.at(-1)!.payload).toEqual({ type: "close", close: [`channel-${channelId}`], badge: 1 });
});

test("while the phone's push service fails, another device rings, and the phone once it is reached again", async () => {
  const [desk, phone] = [await device(boris), await device(boris, { is_mobile: 1 })];
  answers.set(phone, 503);
  await mention("one");
  await pusher.run();
  await mention("two");
  await pusher.run();
  answers.set(phone, 201);
  await later(60_000);
  expect(sent.map(({ endpoint, payload: { silent } }) => [endpoint, silent])).toEqual([
    [desk, true],
    [desk, false],
    [phone, false],
  ]);
});

test("what was read before an attempt was noted that may have arrived is closed", async () => {
  answers.set(await device(boris), 0);
  const { message } = await mention();
  await pusher.run();
  await markRead(world.context, { userId: boris.id }, { channelId, seq: message.seq });
  answers.clear();
  await later(15_000);
  expect(sent.map(({ payload }) => payload.type)).toEqual(["close"]);
});
