import { afterAll, beforeAll, expect, test } from "vitest";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { StatementCounter } from "../../testing/statement-counter.ts";
import { subscribeDevice } from "../../testing/subscribe-device.ts";
import { sendMessage } from "../messages/send-message.ts";
import { createRole } from "../servers/roles.ts";
import { badgeOf, pushContents } from "./content.ts";

const statements = new StatementCounter();
let world: RealtimeWorld;
beforeAll(async () => {
  world = await RealtimeWorld.open({ wrapStore: statements.wrap });
});
afterAll(() => world.close());

test("a push names roles of its message's server only", async () => {
  const [anna, boris] = [await world.person("anna"), await world.person("boris")];
  const { serverId, channelId } = await world.server(anna, boris);
  const { serverId: otherId } = await world.server(anna);
  await subscribeDevice(world, boris, { endpoint: "https://push.example/" });
  const actor = { userId: anna.id };
  const fields = { color: null, permissions: 0, hoist: false, mentionable: false };
  const own = await createRole(world.context, actor, serverId, { ...fields, name: "crew" });
  const foreign = await createRole(world.context, actor, otherId, { ...fields, name: "secret" });
  const content = `@${boris.name} <@&${own.id}> <@&${foreign.id}>`;
  await sendMessage(world.context, actor, { channelId, content });
  const rows = await world.store.db.selectFrom("pushes").selectAll().execute();
  const [push] = (await pushContents(world.context, rows)).values();
  expect(push?.excerpt("en")).toBe(`@${boris.name} @crew <@&${foreign.id}>`);
});

test("a push of a voice message says its length in the language of the device", async () => {
  const [anna, boris] = [await world.person("anna"), await world.person("boris")];
  const { channelId } = await world.server(anna, boris);
  await subscribeDevice(world, boris, { endpoint: "https://push.example/voice" });
  const answered = await sendMessage(world.context, { userId: boris.id }, { channelId, content: "say something" });
  const { id } = await world.store.db
    .insertInto("attachments")
    .values({
      uploader_id: anna.id,
      message_id: null,
      ordinal: 0,
      storage_key: "voice",
      filename: "voice-message.webm",
      size: 10,
      content_type: "audio/webm",
      duration_ms: 72_400,
      waveform: "AP8A",
      created_at: 1,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const input = { channelId, content: "", attachments: [id], replyToId: answered.message.id };
  await sendMessage(world.context, { userId: anna.id }, input);
  const rows = await world.store.db.selectFrom("pushes").selectAll().where("user_id", "=", boris.id).execute();
  const push = [...(await pushContents(world.context, rows)).values()].at(-1);
  expect([push?.excerpt("en"), push?.excerpt("ru")]).toEqual(["Voice message, 1:12", "Голосовое сообщение, 1:12"]);
});

test("pushes that leave together are counted for together", async () => {
  const [anna, boris] = [await world.person("anna"), await world.person("boris")];
  const { channelId } = await world.server(anna, boris);
  await sendMessage(world.context, { userId: anna.id }, { channelId, content: `@${boris.name}` });
  const { store, clock } = world;
  statements.count = 0;
  expect(await badgeOf(store, boris.id, clock)).toBe(1);
  const alone = statements.count;
  expect(new Set(await Promise.all(Array.from({ length: 20 }, () => badgeOf(store, boris.id, clock))))).toEqual(
    new Set([1]),
  );
  expect(statements.count).toBeLessThanOrEqual(3 * alone);
});
