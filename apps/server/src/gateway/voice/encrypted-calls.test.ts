import { randomUUID } from "node:crypto";
import { closeCodes } from "@miscord/protocol";
import { keyLimits } from "@miscord/protocol/schemas";
import { afterEach, beforeEach, expect, test } from "vitest";
import { changeChannel } from "../../domain/servers/change-channel.ts";
import type { TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import { openVoiceWorld, type VoiceWorld } from "./testing/voice-world.ts";

let voice: VoiceWorld;

beforeEach(async () => {
  voice = await openVoiceWorld();
  await setEncrypted(true);
});
afterEach(() => voice.world.close());

const as = ({ id }: TestPerson) => ({ userId: id });
const setEncrypted = (is_encrypted: boolean) =>
  changeChannel(voice.world.context, as(voice.ann), voice.voiceId, { is_encrypted });

function dial({ token }: TestPerson, way = "ws/voice"): TestSocket {
  const query = `token=${token}&session=${randomUUID()}&encryption=mls`;
  return voice.world.dial(`/${way}/${voice.voiceId}?${query}`);
}

async function enter(person: TestPerson): Promise<TestSocket> {
  const socket = dial(person);
  expect(await socket.next("participants")).toMatchObject({ is_encrypted: true });
  return socket;
}

const join = (key_package = "AAAA", group: object | null = null) => ({ type: "keys_join", key_package, group });

test("clients that cannot encrypt are refused, and learn why: without a word about it, and those of version 1", async () => {
  const refused = { code: closeCodes.encryptionRequired, reason: "This call is encrypted from end to end." };
  expect(await voice.dial(voice.bob).closed).toEqual(refused);
  expect((await dial(voice.bob, "ws/legacy/voice").closed).code).toBe(closeCodes.encryptionRequired);
  // Whoever may not see the channel learns nothing of it.
  expect((await voice.dial(voice.stranger).closed).code).toBe(closeCodes.notFound);
});

test("a call keeps what it began with, also when the channel is changed meanwhile", async () => {
  const ann = await enter(voice.ann);
  await setEncrypted(false);
  expect((await voice.dial(voice.bob).closed).code).toBe(closeCodes.encryptionRequired);
  await ann.close();
  const bob = voice.dial(voice.bob);
  expect(await bob.next("participants")).toMatchObject({ is_encrypted: false });
  await setEncrypted(true);
  const again = dial(voice.ann);
  expect(await again.next("participants")).toMatchObject({ is_encrypted: false });
});

test("only voice channels and stages can be encrypted, by those who manage them", async () => {
  const change = (person: TestPerson, channelId: number) =>
    changeChannel(voice.world.context, as(person), channelId, { is_encrypted: true });
  await expect(change(voice.ann, voice.textId)).rejects.toMatchObject({ code: "invalid_request" });
  await expect(change(voice.bob, voice.voiceId)).rejects.toMatchObject({ code: "forbidden" });
  expect(await change(voice.ann, voice.voiceId)).toMatchObject({ is_encrypted: true });
});

test("the first begins a group, and adds those who come; what they send each other passes unread", async () => {
  const ann = await enter(voice.ann);
  ann.send(join());
  const { group_id } = await ann.next("keys_create");
  const bob = await enter(voice.bob);
  bob.send(join("BBBB"));
  const wanted = await ann.next("keys_wanted");
  expect(wanted).toMatchObject({ group_id, epoch: 0, joining: [{ user_id: voice.bob.id, key_package: "BBBB" }] });
  // Nobody was asked but Ann.
  bob.send({ type: "keys_commit", group_id, epoch: 0, commit: "BAAD", welcome: null, added: [] });
  await bob.roundTrip();
  ann.send({ type: "keys_commit", group_id, epoch: 0, commit: "CCCC", welcome: "DDDD", added: [voice.bob.id] });
  expect(await bob.next("keys_welcome")).toMatchObject({ group_id, epoch: 1, welcome: "DDDD" });
  expect(await ann.next("keys_commit")).toMatchObject({ group_id, epoch: 1, from_id: voice.ann.id, commit: "CCCC" });
  await bob.close();
  expect(await ann.next("keys_wanted", ({ epoch }) => epoch === 1)).toMatchObject({ joining: [] });
});

test("what is too long, or no base64, is refused, and so is too much at once", async () => {
  const ann = await enter(voice.ann);
  for (const key_package of ["", "not base64!", "A".repeat(keyLimits.keyPackage + 4)]) {
    ann.send({ ...join(key_package), ref: key_package.length });
    const { code } = await ann.next("error", ({ ref }) => ref === key_package.length);
    expect(code).toBe("invalid_request");
  }
  for (let sent = 0; sent <= 70; sent += 1) ann.send({ ...join(), ref: "many" });
  expect(await ann.next("error", ({ ref }) => ref === "many")).toMatchObject({ code: "rate_limited" });
});
