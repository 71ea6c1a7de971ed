import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../clock.ts";
import type { FromUnit } from "../voice/forwarding/messages.ts";
import { readNodeSettings, type NodeSettings } from "./node-settings.ts";
import { NodeUnit } from "./node-unit.ts";

const status = { isHeard: true, hears: true, isSharing: false, isCameraOn: false, isScreenHeard: true };
const secret = "s".repeat(16);

let unit: NodeUnit | null = null;
afterEach(() => unit?.close());

type Offer = Extract<FromUnit, { kind: "offer" }>;

/** The offer of a voice node with these settings to the user 7. */
async function offerOf(environment: Record<string, string>, address: string | null = null): Promise<Offer> {
  const needed = { INSTANCE_URL: "http://localhost", VOICE_NODE_TOKEN: "t".repeat(43), VOICE_PORT: "0" };
  const { settings } = readNodeSettings({ ...needed, ...environment }, []) as { settings: NodeSettings };
  const { promise, resolve } = Promise.withResolvers<Offer>();
  const send = (message: FromUnit) => void (message.kind === "offer" && resolve(message));
  unit = await NodeUnit.open(settings, { address, hasTurnOverTcp: false }, { clock: systemClock, send });
  unit.receive({ kind: "open", peer: "a", room: 1, userId: 7, status });
  return promise;
}

test("the relays of the region come with the offer, with credentials of the participant that expire, and without the secret", async () => {
  const offer = await offerOf({ TURN_URLS: "turn:ams.example.org", TURN_SECRET: secret, VOICE_ADDRESS: "127.0.0.1" });
  const [server] = offer.iceServers!;
  expect(server).toMatchObject({ urls: ["turn:ams.example.org"], username: expect.stringMatching(/^\d+:7$/) });
  const expected = createHmac("sha1", secret).update(server!.username!).digest("base64");
  expect(server!.credential).toBe(expected);
  expect(JSON.stringify(offer)).not.toContain(secret);
});

test("without relays of its own none are named", async () => {
  expect((await offerOf({ VOICE_ADDRESS: "127.0.0.1" })).iceServers).toBeUndefined();
});

test("browsers are told the address that the instance sees, unless another one is set", async () => {
  expect((await offerOf({}, "203.0.113.9")).sdp).toContain(" 203.0.113.9 ");
  unit?.close();
  expect((await offerOf({ VOICE_ADDRESS: "127.0.0.1" }, "203.0.113.9")).sdp).not.toContain(" 203.0.113.9 ");
});
