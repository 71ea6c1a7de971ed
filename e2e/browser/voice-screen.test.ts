import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible } from "../harness/accessibility.ts";
import { lectureHz, lectureTitle, writeLecture } from "../harness/voice-lecture.ts";
import { openVoiceHouse, type VoiceHouse } from "../harness/voice-house.ts";
import { VoicePerson } from "../harness/voice-person.ts";
import { SoundFiles } from "../harness/voice-sounds.ts";

const patient = { timeout: 60_000, interval: 100 };
const sounds = new SoundFiles();
let house: VoiceHouse;
let ann: VoicePerson;
let bob: VoicePerson;
let lecture: Page;

beforeAll(async () => {
  house = await openVoiceHouse(["ann", "bob"]);
  const address = writeLecture(sounds.path("lecture.html"));
  const arrive = (index: number, colorScheme: "dark" | "light") =>
    VoicePerson.arrive(house, house.logins[index]!, {
      screen: lectureTitle,
      microphone: sounds.beeps(400),
      reducedMotion: "reduce",
      colorScheme,
    });
  [ann, bob] = await Promise.all([arrive(0, "dark"), arrive(1, "light")]);
  for (const person of [ann, bob]) await person.join();
  lecture = await ann.secondWindow(address);
  await bob.secondWindow(address);
  for (const person of [ann, bob]) await person.page.bringToFront();
});

afterAll(async () => {
  await Promise.all([ann?.leaveForGood(), bob?.leaveForGood()]);
  await house?.server.dispose();
  sounds.remove();
});

async function share(person: VoicePerson): Promise<void> {
  const { page } = person;
  await person.press("Share a screen");
  await page.getByRole("button", { name: "Choose what to show" }).click();
  await page.getByText("You are sharing your screen").first().waitFor();
}

const offerOf = ({ page }: VoicePerson, name: string) =>
  page.getByRole("button", { name: `Watch the screen of ${name}` });
const screenOf = ({ page }: VoicePerson, name: string) => page.locator(`video[aria-label="Screen of ${name}"]`);

/** The picture has this many different colours before long. */
async function seesChanges(video: Locator): Promise<void> {
  const colours = new Set<string>();
  await expect
    .poll(async () => {
      colours.add(await video.evaluate(colourOf));
      return colours.size;
    }, patient)
    .toBeGreaterThan(4);
}

/** Of its middle, in steps coarse enough for an encoder. */
function colourOf(video: HTMLElement | SVGElement): string {
  const context = new OffscreenCanvas(1, 1).getContext("2d")!;
  const { videoWidth, videoHeight } = video as HTMLVideoElement;
  if (videoWidth === 0) return "nothing";
  context.drawImage(video as HTMLVideoElement, videoWidth / 2, videoHeight / 2, 1, 1, 0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].map((value) => value >> 5).join(" ");
}

test("a screen is offered, and nothing of it is sent before somebody watches", async () => {
  await share(ann);
  await offerOf(bob, "Ann").waitFor();
  await bob.page.getByRole("list", { name: "2 people are here" }).getByLabel("sharing a screen").waitFor();
  expect(await ann.sentVideoBytes()).toBe(0);
  expect(await bob.heard(lectureHz)).toBeLessThan(-60);
});

test("whoever watches sees it move and hears it, in full screen too", async () => {
  await offerOf(bob, "Ann").click();
  await seesChanges(screenOf(bob, "Ann"));
  await expect.poll(() => bob.heard(lectureHz), patient).toBeGreaterThan(-45);
  await bob.page.getByRole("button", { name: "Full screen" }).click();
  await expect.poll(() => bob.page.evaluate(() => document.fullscreenElement !== null), patient).toBe(true);
  await bob.page.evaluate(() => document.exitFullscreen());
});

test("both share at once, each sees the other's and their own", async () => {
  await share(bob);
  await offerOf(ann, "Bob").click();
  await seesChanges(screenOf(ann, "Bob"));
  await seesChanges(screenOf(bob, "Ann"));
  await ann.page.getByText("You are sharing your screen").waitFor();
});

test("screens and what goes with them are accessible", async () => {
  await expectAccessible(ann.page);
  await expectAccessible(bob.page);
});

test("who stops to watch is sent no more", async () => {
  await bob.page.getByRole("button", { name: "Stop watching" }).click();
  await offerOf(bob, "Ann").waitFor();
  await expect.poll(() => bob.heard(lectureHz), patient).toBeLessThan(-60);
  const sent = await ann.sentVideoBytes();
  await seesChanges(screenOf(ann, "Bob"));
  expect(await ann.sentVideoBytes()).toBe(sent);
});

test("a button stops it for everybody", async () => {
  await bob.press("Stop sharing");
  await screenOf(ann, "Bob").waitFor({ state: "detached" });
  await offerOf(ann, "Bob").waitFor({ state: "detached" });
  await bob.page.getByText("You are sharing your screen").waitFor({ state: "detached" });
});

test("who comes later is offered it, and who restarts it is seen again", async () => {
  await bob.press("Leave voice");
  await bob.join();
  await offerOf(bob, "Ann").click();
  await seesChanges(screenOf(bob, "Ann"));
  await ann.press("Stop sharing");
  await screenOf(bob, "Ann").waitFor({ state: "detached" });
  await share(ann);
  await offerOf(bob, "Ann").click();
  await seesChanges(screenOf(bob, "Ann"));
});

test("closing what is shared ends it on all sides", async () => {
  await lecture.close();
  await screenOf(bob, "Ann").waitFor({ state: "detached" });
  await ann.page.getByText("You are sharing your screen").waitFor({ state: "detached" });
  await expect.poll(() => bob.heard(lectureHz), patient).toBeLessThan(-60);
});
