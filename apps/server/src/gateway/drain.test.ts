import { expect, test } from "vitest";
import { HeldReads } from "../testing/held-reads.ts";
import { RealtimeWorld } from "../testing/realtime-world.ts";

test("a planned stop answers accepted commands and reads no further frames", async () => {
  const reads = new HeldReads("joined_at");
  const world = await RealtimeWorld.open({ wrapStore: reads.over });
  try {
    const [owner, ann] = [await world.person("owner"), await world.person("ann")];
    const { channelId } = await world.server(owner, ann);
    const socket = await world.connect(ann);
    const held = reads.hold();
    socket.send({ type: "join_channel", channel_id: channelId });
    await held;
    const drained = world.realtime.gateway.drain();
    await socket.next("server_draining");
    socket.send({ type: "chat_message", channel_id: channelId, content: "too late", nonce: "late" });
    // Long enough for a message to be handled.
    await new Promise((resolve) => setTimeout(resolve, 100));
    reads.release();
    await drained;
    expect(await socket.closed).toEqual({ code: 1012, reason: "restart" });
    expect(socket.all("channel_synced")).toHaveLength(1);
    expect(socket.all("message_ack")).toEqual([]);
  } finally {
    await world.close();
  }
});

test("connections that are to reconnect are closed with 1012 within the given time, new ones stay", async () => {
  const world = await RealtimeWorld.open();
  try {
    const ann = await world.person("ann");
    const sockets = [await world.connect(ann), await world.connect(ann)];
    world.realtime.gateway.reconnectAll(2_000);
    const later = await world.connect(ann);
    world.clock.advance(2_000);
    for (const socket of sockets) expect(await socket.closed).toEqual({ code: 1012, reason: "restart" });
    await later.roundTrip();
  } finally {
    await world.close();
  }
});
