import { limits } from "@miscord/protocol";
import { expect, test } from "vitest";
import { sending } from "../../store/conformance/commands.ts";
import { commit } from "../../store/conformance/world.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";

test("whoever has had ten full replays loads channels over HTTP for a while, and nobody else does", async () => {
  const world = await RealtimeWorld.open();
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { channelId } = await world.server(owner, ann);
  const sends = Array.from({ length: limits.resumeMessages }, (_, index) =>
    commit(world.store, sending(channelId, owner.id, { nonce: `n${index}` })),
  );
  await Promise.all(sends);
  const greedy = await world.connect(ann);
  for (let round = 1; round <= 10; round += 1) {
    expect(await greedy.join(channelId, 0)).toMatchObject({ recovered: true });
  }
  const before = greedy.all("new_message").length;
  expect(before).toBe(10 * limits.resumeMessages);
  // From whichever connection, and however little is missing.
  const another = await world.connect(ann);
  expect(await another.join(channelId, limits.resumeMessages - 1)).toMatchObject({ recovered: false });
  expect(await greedy.join(channelId, 0)).toMatchObject({ recovered: false, seq: limits.resumeMessages });
  expect(greedy.all("new_message")).toHaveLength(before);
  expect(await greedy.join(channelId)).toMatchObject({ recovered: true });
  expect(await (await world.connect(owner)).join(channelId, 0)).toMatchObject({ recovered: true });
  world.clock.advance(1_000);
  expect(await greedy.join(channelId, 0)).toMatchObject({ recovered: true });
  expect(await greedy.join(channelId, 0)).toMatchObject({ recovered: false });
  await world.close();
});

test("what a replay has besides texts does not fill the connection of whoever comes back", async () => {
  const world = await RealtimeWorld.open();
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { channelId } = await world.server(owner, ann);
  const forwarded = { sourceId: 1, content: "x".padEnd(limits.messageLength, "\u0001"), writtenAt: 1, sticker: null };
  const forward = (nonce: string) =>
    commit(world.store, sending(channelId, owner.id, { nonce, content: "", forwarded }));
  for (let index = 0; index < 60; index += 1) await forward(`n${index}`);
  const socket = await world.connect(ann);
  // Thirty kilobytes each: the whole is read over HTTP, and a few are sent.
  expect(await socket.join(channelId, 0)).toMatchObject({ recovered: false, seq: 60 });
  expect(await socket.join(channelId, 50)).toMatchObject({ recovered: true });
  expect(socket.all("new_message")).toHaveLength(10);
  await world.close();
});

test("long messages count as several", async () => {
  const world = await RealtimeWorld.open();
  const [owner, ann] = [await world.person("owner"), await world.person("ann")];
  const { channelId } = await world.server(owner, ann);
  // As few as a frame holds, and about as many bytes as a replay may have.
  for (let index = 0; index < 48; index += 1) {
    const content = "ж".repeat(limits.messageLength);
    await commit(world.store, sending(channelId, owner.id, { nonce: `n${index}`, content }));
  }
  const greedy = await world.connect(ann);
  for (let round = 1; round <= 11; round += 1) {
    expect(await greedy.join(channelId, 0)).toMatchObject({ recovered: true });
  }
  expect(await greedy.join(channelId, 0)).toMatchObject({ recovered: false });
  // Nor are they one frame, which would be encoded in one turn of the event loop.
  const sizes = greedy.frames.map((frame) => (frame.type === "batch" ? frame.messages.length : 1));
  expect(Math.max(...sizes)).toBeLessThan(10);
  await world.close();
});
