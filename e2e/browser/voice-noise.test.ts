import { afterAll, beforeAll, expect, test } from "vitest";
import { openVoiceHouse, type VoiceHouse } from "../harness/voice-house.ts";
import { VoicePerson } from "../harness/voice-person.ts";
import { SoundFiles } from "../harness/voice-sounds.ts";
import {
  chorus,
  frameLevels,
  longestSilenceMs,
  noisySpeech,
  quantile,
  speechSeconds,
} from "../harness/voice-speech.ts";

/** One that has too much to do drops sound by itself; what is measured then says nothing. */
const busyMachine = { retry: 3 };
const sounds = new SoundFiles();
let house: VoiceHouse;
let ann: VoicePerson;
let bob: VoicePerson;

/** In a call, hearing themselves: what is played is what is sent. */
async function arrive(index: number, microphone: string): Promise<VoicePerson> {
  const person = await VoicePerson.arrive(house, house.logins[index]!, {
    microphone,
    // The gate would close in pauses; with this threshold it stays open, and only the suppressors count.
    // Of the two, neither is to be in the other's recording: they mute each other for themselves.
    settings: { noiseSuppression: "off", thresholdDb: -80, mutedUsers: [1, 2] },
  });
  await person.join();
  await person.press("Deafen");
  await person.press("Undeafen");
  await person.press("Voice settings");
  await person.page.getByRole("button", { name: "Start the test" }).click();
  await person.page.getByRole("switch", { name: "Hear myself" }).click();
  return person;
}

beforeAll(async () => {
  house = await openVoiceHouse(["ann", "bob"]);
  [ann, bob] = await Promise.all([arrive(0, noisySpeech(sounds)), arrive(1, chorus(sounds))]);
});

afterAll(async () => {
  await Promise.all([ann?.leaveForGood(), bob?.leaveForGood()]);
  await house?.server.dispose();
  sounds.remove();
});

const choose = ({ page }: VoicePerson, name: string) => page.getByRole("radio", { name }).click();

/** Levels of pauses and of speech. */
async function measure(name: string): Promise<{ pauseDb: number; speechDb: number }> {
  await choose(ann, name);
  // Suppressors take a while to know the noise.
  await ann.record(3);
  const levels = frameLevels(await ann.record(speechSeconds));
  return { pauseDb: quantile(levels, 0.2), speechDb: quantile(levels, 0.9) };
}

test(
  "RNNoise takes at least 15 dB of noise out of pauses and leaves speech as loud as it was",
  busyMachine,
  async () => {
    const [off, rnnoise, browser] = [await measure("Off"), await measure("RNNoise"), await measure("Browser")];
    expect(off.pauseDb - rnnoise.pauseDb).toBeGreaterThan(15);
    expect(Math.abs(off.speechDb - rnnoise.speechDb)).toBeLessThan(3);
    // Chosen in mid-call, the browser's own one works too.
    expect(off.pauseDb - browser.pauseDb).toBeGreaterThan(6);
  },
);

test("changing it in mid-call leaves no gap", busyMachine, async () => {
  const changes = ["RNNoise", "Browser", "Off", "RNNoise", "Off"];
  const recording = await bob.record(changes.length + 1, async () => {
    for (const [index, name] of changes.entries()) {
      await bob.hasRecorded(index + 0.5);
      await choose(bob, name);
    }
  });
  expect(longestSilenceMs(recording)).toBeLessThan(40);
});
