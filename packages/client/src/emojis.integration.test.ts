import { afterAll, beforeAll, expect, test } from "vitest";
import { layouts, type TestInstance } from "../../../apps/server/src/testing/layouts.ts";
import { buildWav } from "../../../apps/server/src/domain/attachments/sound/testing/build-sound.ts";
import { emojiCalls, soundCalls, type MiscordClient } from "./index.ts";
import { allConverge, ClientWorld, say, timelineOf, until } from "./testing/client-world.ts";

let instance: TestInstance;
let world: ClientWorld;
const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const stage = process.env["EVERY_LAYOUT"] ? "two nodes" : "one process";

beforeAll(async () => {
  instance = await layouts[stage]!();
  world = new ClientWorld(instance);
});
afterAll(async () => {
  world.close();
  await instance.cleanup();
});

test(`emoji are in every member's state as a fresh fetch shows them, over ${stage}`, async () => {
  const [owner, guest] = [await world.newcomer(), await world.newcomer()];
  const { serverId, channelId } = await world.unite(owner, guest);
  const emojisOf = ({ store }: MiscordClient) => store.getState().servers[serverId]?.emojis ?? [];
  const calls = emojiCalls(owner.rest, serverId);
  const picture = new Blob([Buffer.from(dot, "base64")], { type: "image/png" });
  const cat = await calls.create(picture, "cat", ["кот"]);
  const dog = await calls.create(picture, "dog");
  await calls.create(picture, "owl");
  await calls.change(dog.id, { name: "hound" });
  await until(() => emojisOf(guest).some(({ name }) => name === "hound") && emojisOf(guest).length === 3);
  await allConverge(owner, guest);
  const mark = `<:cat:${cat.id}>`;
  const id = await say(guest, channelId, `look ${mark}`);
  await until(() => timelineOf(owner, channelId).messages.length === 1);
  await owner.setReaction(id, mark, true);
  guest.reconnect({ force: true });
  await calls.change(cat.id, { name: "kitty" });
  await until(() => timelineOf(guest, channelId).messages[0]?.reactions.length === 1);
  await guest.setReaction(id, `<:kitty:${cat.id}>`, true);
  await until(() => timelineOf(owner, channelId).messages[0]?.reactions[0]?.count === 2);
  expect(timelineOf(guest, channelId).messages[0]!.reactions).toMatchObject([{ emoji: mark }]);
  await guest.setReaction(id, mark, false);
  await calls.remove(cat.id);
  await calls.remove(dog.id);
  await until(() => emojisOf(guest).length === 1 && emojisOf(owner).length === 1);
  await guest.setReaction(id, mark, true);
  await until(() => timelineOf(owner, channelId).messages[0]?.reactions[0]?.count === 2);
  await allConverge(owner, guest);
  expect(emojisOf(guest)).toMatchObject([{ name: "owl", animated: false, aliases: [] }]);
});

test(`stickers are in every member's state as a fresh fetch shows them, and so are messages, over ${stage}`, async () => {
  const [owner, guest] = [await world.newcomer(), await world.newcomer()];
  const { serverId, channelId } = await world.unite(owner, guest);
  const stickersOf = ({ store }: MiscordClient) => store.getState().servers[serverId]?.stickers ?? [];
  const calls = emojiCalls(owner.rest, serverId, "stickers");
  const picture = new Blob([Buffer.from(dot, "base64")], { type: "image/png" });
  const cat = await calls.create(picture, "Cat", ["кот"]);
  await calls.create(picture, "Owl");
  await calls.change(cat.id, { name: "Kitty" });
  await until(() => stickersOf(guest).some(({ name }) => name === "Kitty") && stickersOf(guest).length === 2);
  await allConverge(owner, guest);
  const sticker = { id: cat.id, name: "Kitty", animated: false };
  guest.sendMessage(channelId, { content: ":Kitty:", sticker });
  expect(timelineOf(guest, channelId).outbox).toMatchObject([{ sticker }]);
  await until(() => timelineOf(owner, channelId).messages.length === 1);
  guest.sendMessage(channelId, { content: "again", replyTo: timelineOf(owner, channelId).messages[0]! });
  guest.reconnect({ force: true });
  await calls.remove(cat.id);
  await until(() => timelineOf(owner, channelId).messages.length === 2 && stickersOf(guest).length === 1);
  expect(timelineOf(owner, channelId).messages).toMatchObject([{ sticker }, { reply_to: { content: ":Kitty:" } }]);
  await allConverge(owner, guest);
  expect(stickersOf(guest)).toMatchObject([{ name: "Owl" }]);
});

test(`sounds are in every member's state as a fresh fetch shows them, over ${stage}`, async () => {
  const [owner, guest] = [await world.newcomer(), await world.newcomer()];
  const { serverId } = await world.unite(owner, guest);
  const soundsOf = ({ store }: MiscordClient) => store.getState().servers[serverId]?.sounds ?? [];
  const calls = soundCalls(owner.rest, serverId);
  const file = new Blob([new Uint8Array(buildWav(200))], { type: "audio/wav" });
  const drum = await calls.create(file, { name: "Drum", emoji: "🥁", volume: 70 });
  const gong = await calls.create(file, { name: "Gong", emoji: null, volume: 100 });
  guest.reconnect({ force: true });
  await calls.change(drum.id, { emoji: null, volume: 5 });
  await calls.remove(gong.id);
  await until(() => soundsOf(guest).length === 1 && soundsOf(guest)[0]!.volume === 5);
  expect(soundsOf(guest)).toEqual([{ ...drum, emoji: null, volume: 5 }]);
  await allConverge(owner, guest);
});
