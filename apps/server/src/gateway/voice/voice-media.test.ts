import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import { openVoiceWorld, type VoiceWorld } from "./testing/voice-world.ts";

const noMesh = { forwardsVoice: true, voiceMeshLimit: 0 };

let voice: VoiceWorld;

beforeEach(async () => {
  voice = await openVoiceWorld({ voice: { forwardsVoice: true, voiceAddresses: ["127.0.0.1"] } });
});
afterEach(() => voice.world.close());

/** Opens a voice socket of a client that can use the forwarding unit. */
function dialForwarded({ token }: TestPerson): TestSocket {
  return voice.world.dial(`/ws/voice/${voice.voiceId}?token=${token}&session=${randomUUID()}&media=forwarded`);
}

test("a call is forwarded from the first participant on: each is offered a connection by the id 0", async () => {
  for (const person of [voice.ann, voice.bob]) {
    const socket = dialForwarded(person);
    expect(await socket.next("participants")).toMatchObject({ media: "forwarded", ice_transport_policy: "all" });
    const offer = await socket.next("offer");
    expect(offer).toMatchObject({ from_id: 0, connection_id: expect.any(String) });
    const candidates = offer.sdp.match(/^a=candidate:.*$/gm);
    expect(candidates).toEqual([expect.stringMatching(/ UDP \d+ 127\.0\.0\.1 \d+ typ host$/)]);
  }
});

test("in a forwarded call no participant can send another one an address", async () => {
  const [ann, bob] = [dialForwarded(voice.ann), dialForwarded(voice.bob)];
  await Promise.all([ann.next("offer"), bob.next("offer")]);
  ann.send({ type: "ice_candidate", target_id: voice.bob.id, candidate: "candidate:1 1 UDP 1 10.0.0.1 9 typ host" });
  ann.send({ type: "mute", is_muted: true });
  await ann.roundTrip();
  voice.world.clock.advance(100);
  await bob.next("batch_status");
  expect(bob.all("ice_candidate")).toEqual([]);
});

test("a new connection is offered to whoever asks for one", async () => {
  const ann = dialForwarded(voice.ann);
  const first = await ann.next("offer");
  ann.send({ type: "renew_media", connection_id: first["connection_id"] });
  const second = await ann.next("offer", (offer) => offer["connection_id"] !== first["connection_id"]);
  expect(second.from_id).toBe(0);
});

test("a call is a mesh while a client takes part that cannot use the unit", async () => {
  const ann = dialForwarded(voice.ann);
  await ann.next("offer");
  const bob = voice.dial(voice.bob);
  expect(await bob.next("participants")).toMatchObject({ media: "mesh" });
  expect(await ann.next("media_changed")).toMatchObject({ media: "mesh" });
  bob.send({ type: "offer", target_id: voice.ann.id, sdp: "v=0" });
  await ann.next("offer", ({ from_id }) => from_id === voice.bob.id);
  await bob.close();
  await ann.next("media_changed", ({ media }) => media === "forwarded");
  await expect.poll(() => ann.all("offer").map(({ from_id }) => from_id)).toEqual([0, voice.bob.id, 0]);
});

test("where no call may be a mesh, such a client is refused", async () => {
  await voice.world.close();
  voice = await openVoiceWorld({ voice: noMesh });
  expect(await voice.dial(voice.bob).closed).toMatchObject({ code: 4005 });
  expect(await dialForwarded(voice.ann).next("participants")).toMatchObject({ media: "forwarded" });
});
