import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCoturn, type Coturn } from "../../apps/server/src/testing/coturn.ts";
import { openVoiceHouse, type VoiceHouse } from "../harness/voice-house.ts";
import { VoicePerson } from "../harness/voice-person.ts";
import { SoundFiles } from "../harness/voice-sounds.ts";

const patient = { timeout: 60_000, interval: 100 };
const tones = { ann: 400, bob: 900 };
const sounds = new SoundFiles();
let coturn: Coturn;

beforeAll(async () => {
  coturn = await startCoturn();
});
afterAll(async () => {
  await coturn.stop();
  sounds.remove();
});

describe.each(["udp", "tcp"])("through a real coturn over %s, with every direct way forbidden", (transport) => {
  let house: VoiceHouse;
  let people: VoicePerson[] = [];

  beforeAll(async () => {
    house = await openVoiceHouse(Object.keys(tones), {
      TURN_URLS: `turn:127.0.0.1:${coturn.port}?transport=${transport}`,
      TURN_SECRET: coturn.secret,
    });
    const arrive = (index: number, frequency: number) =>
      VoicePerson.arrive(house, house.logins[index]!, {
        microphone: sounds.beeps(frequency),
        rtcOverrides: { iceTransportPolicy: "relay" },
      });
    people = await Promise.all([arrive(0, tones.ann), arrive(1, tones.bob)]);
    for (const person of people) await person.join();
  });
  afterAll(async () => {
    await Promise.all(people.map((person) => person.leaveForGood()));
    await house.server.dispose();
  });

  test("both hear each other, and are told that a relay is in between", async () => {
    const [ann, bob] = people;
    await expect.poll(() => ann!.heard(tones.bob), patient).toBeGreaterThan(-40);
    await expect.poll(() => bob!.heard(tones.ann), patient).toBeGreaterThan(-40);
    await ann!.page.getByRole("button", { name: /^Voice connection/ }).click();
    await ann!.page.getByText("through a relay").waitFor();
  });
});
