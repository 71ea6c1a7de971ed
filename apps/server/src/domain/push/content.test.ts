import { afterAll, beforeAll, expect, test } from "vitest";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { subscribeDevice } from "../../testing/subscribe-device.ts";
import { sendMessage } from "../messages/send-message.ts";
import { createRole } from "../servers/roles.ts";
import { pushContents } from "./content.ts";

let world: RealtimeWorld;
beforeAll(async () => {
  world = await RealtimeWorld.open();
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
