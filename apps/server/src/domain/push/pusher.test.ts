import type { PushPayload } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { savePushSubscription } from "../../store/queries/push.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";
import { deleteMessage } from "../messages/delete-message.ts";
import { markRead } from "../messages/mark-read.ts";
import { sendMessage } from "../messages/send-message.ts";
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
  return new Pusher({ ...world.context, push });
}

/** Subscribes a browser of the person; returns its endpoint. */
async function device(person: TestPerson, change: { is_mobile?: number; kinds?: string } = {}): Promise<string> {
  const endpoint = `https://push.example/${(devices += 1)}`;
  const { sessionId } = await world.session(person.id);
  const expires_at = world.clock.now() + 30 * 86_400_000;
  await world.store.db.updateTable("sessions").set({ expires_at }).where("id", "=", sessionId).execute();
  const row = {
    user_id: person.id,
    session_id: sessionId,
    endpoint,
    p256dh: "",
    auth: "",
    locale: "en",
    with_text: 1,
    kinds: "direct,mention,reply,everyone,invite",
    is_mobile: 0,
    created_at: world.clock.now(),
    succeeded_at: null,
    last_status: null,
    ...change,
  };
  await savePushSubscription(world.store.db, row, 20);
  return endpoint;
}

const say = (content: string, to = channelId) =>
  sendMessage(world.context, { userId: anna.id }, { channelId: to, content });
const mention = (text = "look") => say(`@${boris.name} ${text}`);
const texts = () => sent.map(({ payload }) => payload.body);

test("a text never reaches a device whose person may not see it any more, by then", async () => {
  await device(boris);
  const as = (change: () => Promise<unknown>) => async () => {
    await change();
    await pusher.run();
    expect(texts()).toEqual([]);
  };
  const { id: dm } = (await openDm(world.context, { userId: anna.id }, { user_ids: [boris.id] })).channel;
  const deny = bitsOf("viewChannel");
  const override = { target_id: boris.id, type: "member" as const, allow: 0 };
  const owner = { userId: anna.id };

  await mention("hidden from you");
  await as(() => setOverride(world.context, owner, channelId, { ...override, deny }))();
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
  const { attention } = world.context;
  const [looking, other] = [await world.connect(boris), await world.connect(boris)];
  looking.send({ type: "attention", active: true });
  await expect.poll(() => attention.isActive(boris.id)).toBe(true);
  other.send({ type: "attention", active: true });
  other.send({ type: "attention", active: false });
  other.send({ type: "ping" });
  await other.next("pong");
  await mention("while you look");
  await pusher.run();
  world.clock.advance(3_000);
  await pusher.run();
  await mention("when you leave");
  await pusher.run();
  expect(sent).toEqual([]);
  looking.ws.terminate();
  await expect.poll(() => attention.isActive(boris.id)).toBe(false);
  world.clock.advance(3_000);
  await pusher.run();
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

  await setNotificationLevel(world.context, actor, { kind: "channel", id: dm }, { muted_until: null });
  await say(`@${boris.name} in the thread`, thread.id);
  await say("directly", dm);
  await pusher.run();
  const told = [
    `@${boris.name} in the thread: channel-${thread.id}`,
    `directly: channel-${dm}`,
    `directly: channel-${dm}`,
  ];
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

test("many messages of a channel that wait become one notification, of the newest", async () => {
  await device(boris);
  for (const text of ["one", "two", "three"]) await mention(text);
  await pusher.run();
  expect(sent.map(({ payload: { body, badge } }) => [body, badge])).toEqual([[`@${boris.name} three`, 3]]);
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
  world.clock.advance(14_000);
  await pusher.run();
  expect(await devicesLeft()).toEqual([{ failures: 1 }]);
  world.clock.advance(1_000);
  await pusher.run();
  expect(await devicesLeft()).toEqual([{ failures: 2 }]);
  answers.set(endpoint, 503);
  world.clock.advance(30_000);
  await pusher.run();
  answers.set(endpoint, 201);
  world.clock.advance(60_000);
  await pusher.run();
  expect(texts()).toEqual([`@${boris.name} look`]);
  expect(await devicesLeft()).toEqual([{ failures: 0 }]);

  answers.set(endpoint, 400);
  world.clock.advance(2 * 86_400_000);
  for (let failure = 1; failure <= 8; failure += 1) {
    expect(await devicesLeft()).toHaveLength(1);
    await mention();
    await pusher.run();
  }
  expect(await devicesLeft()).toEqual([]);
  const again = await device(boris);
  answers.set(again, "refused");
  await mention();
  await pusher.run();
  expect(await devicesLeft()).toEqual([]);
});
