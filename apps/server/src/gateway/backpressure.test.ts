import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RealtimeWorld, type TestPerson } from "../testing/realtime-world.ts";

describe("a reader that stops reading", () => {
  let world: RealtimeWorld;
  let ann: TestPerson;
  let channelId: number;

  beforeAll(async () => {
    world = await RealtimeWorld.open({
      settings: { writeBudget: { dropLowBytes: 64 * 1024, closeBytes: 256 * 1024 } },
    });
    ann = await world.person("ann");
    ({ channelId } = await world.server(ann));
  });
  afterAll(() => world.close());

  test("costs bounded memory, is closed with 4008, and does not affect other readers", async () => {
    const before = new Set(world.sockets);
    const slow = await world.connect(ann);
    const [serverEnd] = [...world.sockets].filter((socket) => !before.has(socket));
    const healthy = await world.connect(ann);
    await Promise.all([slow.join(channelId), healthy.join(channelId)]);
    slow.ws.pause();
    let sent = 0;
    let most = 0;
    const content = "x".repeat(5_000);
    // Less than the budget together: the healthy reader shares this event loop, and reads only after them.
    const atOnce = 20;
    while (world.stats.delivery.slowConsumersClosed === 0) {
      for (let i = 0; i < atOnce; i += 1) healthy.send({ type: "chat_message", channel_id: channelId, content });
      sent += atOnce;
      await healthy.count("new_message", sent);
      // Little: a connection that is silent for long is closed as well.
      world.clock.advance(100);
      most = Math.max(most, serverEnd!.writableLength);
      expect(sent).toBeLessThan(20_000);
    }
    const oneBatch = atOnce * 6_000;
    expect(most).toBeLessThan(256 * 1024 + oneBatch);
    slow.ws.resume();
    expect(await slow.closed).toEqual({ code: 4008, reason: "too slow" });
    const received = slow.all("new_message").map(({ seq }) => seq);
    expect(received).toEqual(Array.from({ length: received.length }, (_, i) => i + 1));
    await expect.poll(() => serverEnd!.destroyed).toBe(true);

    const back = await world.connect(ann);
    const synced = await back.join(channelId, received.at(-1));
    expect(synced.seq).toBe(sent);
  });
});
