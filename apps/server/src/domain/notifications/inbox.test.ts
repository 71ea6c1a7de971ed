import { expect, test } from "vitest";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { sendMessage } from "../messages/send-message.ts";
import { inbox } from "./inbox.ts";

test("a page and its unread count are of one moment, however many mentions are committed meanwhile", async () => {
  const world = await RealtimeWorld.open();
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { channelId } = await world.server(owner, ann);
  const seen = new Set<number>();
  const look = async () => {
    const { notifications, unread } = await inbox(world.context, { userId: ann.id }, {});
    expect(unread).toBe(notifications.length);
    seen.add(unread);
  };
  for (let index = 0; index < 40; index += 1) {
    const content = `@${ann.name} ${index}`;
    await Promise.all([look(), sendMessage(world.context, { userId: owner.id }, { channelId, content }), look()]);
  }
  expect(seen.size).toBeGreaterThan(2);
  await world.close();
});
