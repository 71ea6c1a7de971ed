import { afterAll, beforeAll, expect, test } from "vitest";
import { openVoiceHouse, type VoiceHouse } from "../harness/voice-house.ts";
import { VoicePerson } from "../harness/voice-person.ts";
import { SoundFiles } from "../harness/voice-sounds.ts";

const patient = { timeout: 60_000, interval: 100 };
const tones = { ann: 400, bob: 900 };
const sounds = new SoundFiles();
let house: VoiceHouse;
let ann: VoicePerson;
let bob: VoicePerson;
let cid: VoicePerson;

beforeAll(async () => {
  house = await openVoiceHouse(["ann", "bob", "cid"]);
  ann = await VoicePerson.arrive(house, house.logins[0]!, { microphone: sounds.beeps(tones.ann) });
  await ann.join();
});

afterAll(async () => {
  await Promise.all([ann, bob, cid].map((person) => person?.leaveForGood()));
  await house?.server.dispose();
  sounds.remove();
});

const hears = (person: VoicePerson, frequency: number) =>
  expect.poll(() => person.heard(frequency), patient).toBeGreaterThan(-40);
const hearsNothing = (person: VoicePerson, frequency: number) =>
  expect.poll(() => person.heard(frequency), patient).toBeLessThan(-60);

test("without a microphone, and with sound held back: both are said, and one click lets one listen", async () => {
  cid = await VoicePerson.arrive(house, house.logins[2]!, {
    microphone: null,
    isLenient: false,
    permissions: ["microphone"],
    holdsSoundBack: true,
  });
  await cid.join();
  await cid.page.getByText("The browser holds the sound back until you click.").waitFor();
  await cid.page.getByText(/^No microphone found\. Plug one in/).waitFor();
  expect(await cid.heard(tones.ann)).toBeLessThan(-60);
  await cid.press("Play the sound");
  await hears(cid, tones.ann);
  await cid.page.getByText("The browser holds the sound back until you click.").waitFor({ state: "detached" });
  await cid.leaveForGood();
});

test("a denied microphone: one listens, and is heard once it is allowed", async () => {
  bob = await VoicePerson.arrive(house, house.logins[1]!, {
    microphone: sounds.beeps(tones.bob, 0.1),
    isLenient: false,
    permissions: ["notifications"],
  });
  await bob.join();
  await bob.page.getByText(/^The microphone is blocked for this site\. Allow it/).waitFor();
  await hears(bob, tones.ann);
  expect(await ann.heard(tones.bob)).toBeLessThan(-60);
  await bob.allowMicrophone();
  await bob.press("Try again");
  await hears(ann, tones.bob);
  await bob.page.getByText(/^The microphone is blocked/).waitFor({ state: "detached" });
});

test("a microphone that is pulled out: one still listens, and is heard again once it is back", async () => {
  await bob.plug(false);
  await bob.page.getByText(/^The microphone was unplugged\. Plug it in again/).waitFor();
  await hearsNothing(ann, tones.bob);
  await hears(bob, tones.ann);
  await bob.plug(true);
  await hears(ann, tones.bob);
  await bob.page.getByText(/^The microphone was unplugged/).waitFor({ state: "detached" });
});

test("another microphone is taken in mid-call, and kept for the next time", async () => {
  await bob.press("Voice settings");
  await bob.page.getByRole("combobox", { name: "Microphone" }).click();
  await bob.page.getByRole("option", { name: "Fake Audio Input 1" }).click();
  await expect.poll(() => bob.microphones(), patient).toEqual(["Fake Audio Input 1"]);
  await hears(ann, tones.bob);
});

test("the meter shows one's level, and one can hear oneself", async () => {
  const { page } = bob;
  await page.getByRole("button", { name: "Start the test" }).click();
  const meter = page.getByRole("meter", { name: "Microphone level" });
  await expect.poll(async () => Number(await meter.getAttribute("aria-valuenow")), patient).toBeGreaterThan(50);
  expect(await bob.heard(tones.bob)).toBeLessThan(-60);
  await page.getByRole("switch", { name: "Hear myself" }).click();
  await hears(bob, tones.bob);
  await page.getByRole("button", { name: "Stop the test" }).click();
  await hearsNothing(bob, tones.bob);
});

test("what is quieter than the chosen level is not sent", async () => {
  const { page } = bob;
  await page.getByRole("switch", { name: "Find the level of my voice by itself" }).click();
  await page.getByRole("slider", { name: "Sensitivity" }).press("End");
  await hearsNothing(ann, tones.bob);
  await page.getByRole("switch", { name: "Find the level of my voice by itself" }).click();
  await hears(ann, tones.bob);
});

test("with push to talk one is heard while the chosen key is held", async () => {
  const { page } = bob;
  await page.getByRole("radio", { name: "While I hold a key" }).click();
  await hearsNothing(ann, tones.bob);
  await page.getByRole("button", { name: "Change the key" }).click();
  await page.keyboard.press("F8");
  await page.getByText("F8", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.down("F8");
  await hears(ann, tones.bob);
  await page.keyboard.up("F8");
  await hearsNothing(ann, tones.bob);
});

test("a sign sounds when somebody comes or goes, for those who want it", async () => {
  await ann.openVoiceSettings();
  await ann.page.getByRole("switch", { name: "Sounds when people come and go" }).click();
  await ann.page.keyboard.press("Escape");
  await bob.press("Leave voice");
  await expect.poll(() => ann.heard(659, 10), patient).toBeGreaterThan(-60);
});
