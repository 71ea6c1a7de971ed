import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TestPerson } from "../../testing/realtime-world.ts";
import type { TestSocket } from "../../testing/test-socket.ts";
import { oldOffer } from "../../voice/forwarding/testing/old-offer.ts";
import { openVoiceWorld, type VoiceWorld } from "./testing/voice-world.ts";

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

test("a client that does not know the unit is refused, and the call stays forwarded", async () => {
  const refused = {
    code: 4005,
    reason: "Calls here go through the server. This client is too old for that: update it.",
  };
  expect(await voice.dial(voice.bob).closed).toEqual(refused);
  const ann = dialForwarded(voice.ann);
  await ann.next("offer");
  // Also of a user who is in the call, and stays there with the other client.
  for (const person of [voice.ann, voice.bob]) expect(await voice.dial(person).closed).toEqual(refused);
  await ann.roundTrip();
  expect([ann.all("media_changed"), ann.all("user_joined_voice")]).toEqual([[], []]);
});

test.each(["ws/voice", "ws/legacy/voice"])(
  "a client of version 1 at /%s is answered by the server, and the call stays forwarded",
  async (way) => {
    const ann = dialForwarded(voice.ann);
    await ann.next("offer");
    const old = voice.world.dial(`/${way}/${voice.voiceId}?token=${voice.bob.token}`);
    await old.next("participants");
    const isFlat = way === "ws/voice";
    const offer = isFlat ? { sdp: oldOffer } : { offer: { type: "offer", sdp: oldOffer } };
    old.send({ type: "offer", target_id: voice.ann.id, ...offer });
    const answer = await old.next("answer");
    const sdp = isFlat ? answer.sdp : (answer as never as { answer: { type: "answer"; sdp: string } }).answer.sdp;
    expect(answer).toMatchObject({ from_id: voice.ann.id });
    expect(sdp).toMatch(/^a=candidate:.* 127\.0\.0\.1 \d+ typ host\r$/m);
    old.send({ type: "offer", target_id: voice.stranger.id, ...offer, ref: 1 });
    expect(await old.next("error")).toMatchObject({ code: "not_found" });
    old.send({ type: "mute", is_muted: true });
    await old.roundTrip();
    voice.world.clock.advance(100);
    await ann.next("batch_status");
    expect(ann.all("offer").map(({ from_id }) => from_id)).toEqual([0]);
    expect(ann.all("media_changed")).toEqual([]);
  },
);
