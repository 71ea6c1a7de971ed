import type { Mode } from "@miscord/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { switchMode } from "../harness/connection.ts";
import { openVoiceHouse, type VoiceHouse } from "../harness/voice-house.ts";
import { VoicePerson } from "../harness/voice-person.ts";
import { SoundFiles } from "../harness/voice-sounds.ts";

const tones = { ann: 400, bob: 900 };
type Name = keyof typeof tones;
const audibleDb = -40;
const silentDb = -60;
const patient = { timeout: 60_000, interval: 100 };

const sounds = new SoundFiles();
let house: VoiceHouse;
let people: Record<Name, VoicePerson>;

beforeAll(async () => {
  house = await openVoiceHouse(Object.keys(tones));
  const [ann, bob] = await Promise.all(
    house.logins.map((login) =>
      VoicePerson.arrive(house, login, { microphone: sounds.beeps(tones[login.username as Name]) }),
    ),
  );
  people = { ann: ann!, bob: bob! };
  await ann!.join();
  await bob!.join();
});

afterAll(async () => {
  await Promise.all(Object.values(people ?? {}).map((person) => person.leaveForGood()));
  await house?.server.dispose();
  sounds.remove();
});

async function hearEachOther(): Promise<void> {
  await expect.poll(() => people.ann.heard(tones.bob), patient).toBeGreaterThan(audibleDb);
  await expect.poll(() => people.bob.heard(tones.ann), patient).toBeGreaterThan(audibleDb);
}

const steps: [Name, Mode, string][] = [
  ["bob", "legacy", "one in each mode"],
  ["ann", "legacy", "both in legacy mode"],
  ["bob", "enhanced", "one in each mode, the other way round"],
  ["ann", "enhanced", "both as they began"],
];

test("in the middle of a call either one switches, and they go on hearing each other", async () => {
  await hearEachOther();
  for (const [name, mode] of steps) {
    const before = await people[name].connectionCount();
    await switchMode(people[name], mode);
    // The old connection's last sound is no proof of the new one.
    await expect.poll(() => people[name].connectionCount(), patient).toBeGreaterThan(before);
    await hearEachOther();
    await people[name].page.getByText("In voice", { exact: true }).waitFor();
  }
});

test("whoever is muted stays so in the other mode", async () => {
  await people.ann.press("Mute");
  await expect.poll(() => people.bob.heard(tones.ann), patient).toBeLessThan(silentDb);
  await switchMode(people.ann, "legacy");
  await people.bob.page
    .getByRole("main")
    .getByRole("button", { name: /Ann.*muted/ })
    .waitFor();
  await expect.poll(() => people.ann.heard(tones.bob), patient).toBeGreaterThan(audibleDb);
  expect(await people.bob.heard(tones.ann)).toBeLessThan(silentDb);
  await people.ann.press("Unmute");
  await hearEachOther();
});
