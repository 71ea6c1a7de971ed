import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deleteMessage } from "../../domain/messages/delete-message.ts";
import { sendMessage } from "../../domain/messages/send-message.ts";
import { setCallEncryption } from "../../domain/private/call-encryption.ts";
import { addToGroup, listDms, openDm } from "../../domain/private/dms.ts";
import { block, unblock } from "../../domain/private/relationships.ts";
import { answerRequest } from "../../domain/private/requests.ts";
import { insertFriend } from "../../store/queries/relationships.ts";
import type { RealtimeWorld, TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import { openVoiceWorld } from "./testing/voice-world.ts";

let world: RealtimeWorld;
let ann: TestPerson;
let bob: TestPerson;
let stranger: TestPerson;
let serverChannel: number;
let talk: number;

beforeEach(async () => {
  ({ world, ann, bob, stranger, voiceId: serverChannel } = await openVoiceWorld());
  talk = await open(ann, bob);
});
afterEach(() => world.close());

const as = ({ id }: TestPerson) => ({ userId: id });
const set = (person: TestPerson, isEncrypted: boolean, channelId = talk) =>
  setCallEncryption(world.context, as(person), channelId, isEncrypted);
const history = async () => (await world.store.log.changesSince(talk, 0, 100)).changes ?? [];

async function open(one: TestPerson, ...others: TestPerson[]): Promise<number> {
  const user_ids = others.map(({ id }) => id);
  return (await openDm(world.context, as(one), { user_ids, name: null })).channel.id;
}

async function shown(person: TestPerson, channelId = talk): Promise<false | undefined> {
  return (await listDms(world.context, as(person))).find(({ id }) => id === channelId)!.calls_encrypted;
}

function dial({ token }: TestPerson, encryption = "mls"): TestSocket {
  return world.dial(`/ws/voice/${talk}?token=${token}&session=${randomUUID()}&encryption=${encryption}`);
}

async function enter(person: TestPerson): Promise<{ socket: TestSocket; isEncrypted: boolean | undefined }> {
  const socket = dial(person);
  return { socket, isEncrypted: (await socket.next("participants")).is_encrypted };
}

test("calls are encrypted until either of the two turns that off; both are told, the history says who, and nobody is notified", async () => {
  const [a, b] = [await world.connect(ann), await world.connect(bob)];
  expect([await shown(ann), (await enter(ann)).isEncrypted]).toEqual([undefined, true]);
  expect((await dial(bob, "none").closed).code).toBe(closeCodes.encryptionRequired);
  await sendMessage(world.context, as(ann), { channelId: talk, content: "hello" });
  expect(await set(bob, false)).toMatchObject({ id: talk, calls_encrypted: false });
  for (const [socket, person] of [
    [a, ann],
    [b, bob],
  ] as const) {
    const told = await socket.next("dm_updated");
    expect([told.channel.calls_encrypted, await shown(person)]).toEqual([false, false]);
  }
  expect(await a.next("dm_activity", ({ seq }) => seq === 2)).toMatchObject({ message: null });
  expect((await listDms(world.context, as(ann)))[0]).toMatchObject({ mention_count: 0, last_message_seq: 2 });
  await set(ann, true);
  await a.next("dm_updated", ({ channel }) => channel.calls_encrypted === undefined);
  expect(await shown(bob)).toBeUndefined();
  // What holds already is no news.
  await set(bob, true);
  expect((await history()).slice(1)).toMatchObject([
    { author: { id: bob.id }, content: "", call: { duration_s: 0, encryption: "off" } },
    { author: { id: ann.id }, content: "", call: { duration_s: 0, encryption: "on" } },
  ]);
});

test("a call that goes on keeps what it began with, whoever comes", async () => {
  const first = await enter(ann);
  await set(bob, false);
  const second = await enter(bob);
  expect([first.isEncrypted, second.isEncrypted]).toEqual([true, true]);
  expect((await dial(bob, "none").closed).code).toBe(closeCodes.encryptionRequired);
  await first.socket.close();
  await second.socket.close();
  await expect.poll(() => world.context.voice.statesIn(talk)).toEqual([]);
  const plain = dial(bob, "none");
  expect(await plain.next("participants")).toMatchObject({ is_encrypted: false });
  await set(bob, true);
  expect((await enter(ann)).isEncrypted).toBe(false);
});

test("it takes the right to write: whoever is blocked, or not in the conversation, changes nothing and learns nothing", async () => {
  await block(world.context, as(ann), bob.id);
  for (const person of [ann, bob]) {
    await expect(set(person, false)).rejects.toMatchObject({ code: "forbidden" });
  }
  await unblock(world.context, as(ann), bob.id);
  expect([await shown(ann), await history()]).toEqual([undefined, []]);
  const hidden = await set(stranger, false).catch((error: unknown) => error);
  const absent = await set(stranger, false, 999_999).catch((error: unknown) => error);
  expect(hidden).toMatchObject({ code: "not_found", message: (absent as Error).message });
  await expect(set(ann, false, serverChannel)).rejects.toMatchObject({ code: "not_found" });
});

test("a stranger's conversation is accepted with encryption, whatever they have tried", async () => {
  await world.store.db.updateTable("users").set({ messages_from: "everyone" }).where("id", "=", bob.id).execute();
  talk = await open(stranger, bob);
  await sendMessage(world.context, as(stranger), { channelId: talk, content: "hello" });
  for (const person of [stranger, bob]) {
    await expect(set(person, false)).rejects.toMatchObject({ code: "forbidden" });
  }
  await answerRequest(world.context, as(bob), talk, "accept");
  expect(await shown(bob)).toBeUndefined();
  expect(await set(stranger, false)).toMatchObject({ calls_encrypted: false });
});

test("anybody in a group changes it for all, also while somebody has not accepted the group, who then cannot", async () => {
  await Promise.all([
    insertFriend(world.store.db, ann.id, stranger.id, 1),
    insertFriend(world.store.db, stranger.id, ann.id, 1),
  ]);
  await world.store.db.updateTable("users").set({ messages_from: "everyone" }).where("id", "=", stranger.id).execute();
  const eve = await world.person("eve");
  await Promise.all([insertFriend(world.store.db, eve.id, ann.id, 1), insertFriend(world.store.db, ann.id, eve.id, 1)]);
  talk = await open(ann, bob, eve);
  // A friend of ann, whom bob does not know.
  await addToGroup(world.context, as(bob), talk, stranger.id);
  await expect(set(stranger, false)).rejects.toMatchObject({ code: "forbidden" });
  expect(await set(eve, false)).toMatchObject({ calls_encrypted: false });
  for (const person of [ann, bob, eve]) expect(await shown(person)).toBe(false);
});

test("the line stays, and the switch is not there where the instance encrypts no private calls", async () => {
  await set(ann, false);
  const [line] = await history();
  for (const person of [ann, bob]) {
    await expect(deleteMessage(world.context, as(person), { messageId: line!.id })).rejects.toMatchObject({
      code: "forbidden",
    });
  }
  expect(await history()).toMatchObject([{ is_deleted: false, call: { encryption: "off" } }]);
  const context = { ...world.context, settings: { ...world.context.settings, encryptsPrivateCalls: false } };
  await expect(setCallEncryption(context, as(ann), talk, true)).rejects.toMatchObject({ code: "invalid_request" });
});
