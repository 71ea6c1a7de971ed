import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectAccessible } from "../harness/accessibility.ts";
import { openVoiceHouse, type VoiceHouse } from "../harness/voice-house.ts";
import { VoicePerson } from "../harness/voice-person.ts";
import { SoundFiles } from "../harness/voice-sounds.ts";

/** Each voice is a tone of its own, so that one can tell who is heard. */
const tones = { ann: 400, bob: 900, cid: 1_700 };
type Name = keyof typeof tones;
const names = Object.keys(tones) as Name[];
/** Between the two lies what other tones leave beside theirs. */
const audibleDb = -40;
const silentDb = -60;
const patient = { timeout: 60_000, interval: 100 };

const sounds = new SoundFiles();
let house: VoiceHouse;
let people: Record<Name, VoicePerson>;

beforeAll(async () => {
  house = await openVoiceHouse(names);
  const arrivals = house.logins.map((login) =>
    VoicePerson.arrive(house, login, {
      microphone: sounds.beeps(tones[login.username as Name]),
      reducedMotion: "reduce",
    }),
  );
  const [ann, bob, cid] = await Promise.all(arrivals);
  people = { ann: ann!, bob: bob!, cid: cid! };
  for (const name of names) await people[name].join();
});

afterAll(async () => {
  await Promise.all(Object.values(people ?? {}).map((person) => person.leaveForGood()));
  await house?.server.dispose();
  sounds.remove();
});

/** How loud one is to the other at present. */
const level = (listener: Name, speaker: Name) => people[listener].heard(tones[speaker]);

/** The same over some seconds. A busy machine drops packets, and what fills such a gap is now louder, now quieter. */
async function steadyLevel(listener: Name, speaker: Name): Promise<number> {
  const levels: number[] = [];
  while (levels.length < 9) {
    levels.push(await level(listener, speaker));
    await setTimeout(400);
  }
  return levels.toSorted((a, b) => a - b)[4]!;
}

async function hears(listener: Name, speaker: Name): Promise<void> {
  await expect.poll(() => level(listener, speaker), patient).toBeGreaterThan(audibleDb);
}

async function hearsNothingOf(listener: Name, speaker: Name): Promise<void> {
  await expect.poll(() => level(listener, speaker), patient).toBeLessThan(silentDb);
}

async function allHearAll(): Promise<void> {
  for (const listener of names) for (const speaker of names) if (listener !== speaker) await hears(listener, speaker);
}

test("three people hear one another, and nobody hears themselves", async () => {
  await allHearAll();
  for (const name of names) await hearsNothingOf(name, name);
});

test("who speaks has a ring, for those in the channel and for those who only look at the list", async () => {
  const { page } = people.ann;
  await page.getByRole("main").locator("[data-speaking]").nth(2).waitFor();
  await page.getByRole("list", { name: "3 people are here" }).locator("[data-speaking]").nth(2).waitFor();
});

test("the stage, a person's options, the connection's panel and the settings are accessible", async () => {
  const { page } = people.ann;
  await expectAccessible(page);
  await page.getByRole("main").getByRole("button", { name: /Bob/ }).click();
  await page.getByRole("slider", { name: "Volume of Bob" }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Voice connection/ }).click();
  await page.getByRole("img", { name: "Delay to Cid over the last minute" }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await people.ann.press("Voice settings");
  await page.getByRole("button", { name: "Start the test" }).click();
  await page.getByRole("meter").waitFor();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("region", { name: "Voice" }).getByText("In voice", { exact: true }).waitFor();
});

test("mute silences one for everybody and shows; unmute brings them back", async () => {
  await people.bob.press("Mute");
  await hearsNothingOf("ann", "bob");
  await hearsNothingOf("cid", "bob");
  await hears("ann", "cid");
  await people.cid.page
    .getByRole("main")
    .getByRole("button", { name: /Bob.*muted/ })
    .waitFor();
  await people.bob.press("Unmute");
  await hears("ann", "bob");
});

test("deafen silences everybody for one, and mutes them", async () => {
  await people.ann.press("Deafen");
  await hearsNothingOf("ann", "bob");
  await hearsNothingOf("ann", "cid");
  await hearsNothingOf("bob", "ann");
  await hears("bob", "cid");
  await people.bob.page
    .getByRole("main")
    .getByRole("button", { name: /Ann.*hears nothing/ })
    .waitFor();
  await people.ann.press("Undeafen");
  await hears("ann", "bob");
  await hears("bob", "ann");
});

test("a volume scales one person for one listener, from nothing to double, and is remembered", async () => {
  const { page } = people.ann;
  await page.getByRole("main").getByRole("button", { name: /Bob/ }).click();
  const slider = page.getByRole("slider", { name: "Volume of Bob" });
  const usual = await steadyLevel("ann", "bob");
  const others = await steadyLevel("ann", "cid");
  await slider.press("End");
  await expect.poll(() => steadyLevel("ann", "bob"), patient).toBeCloseTo(usual + 6, 0);
  await expect.poll(() => steadyLevel("ann", "cid"), patient).toBeCloseTo(others, 0);
  await slider.press("Home");
  await hearsNothingOf("ann", "bob");
  await hears("ann", "cid");
  await hears("cid", "bob");
  for (let percent = 0; percent < 100; percent += 5) await slider.press("ArrowRight");
  await hears("ann", "bob");
  await page.getByRole("button", { name: "Mute for me" }).click();
  await hearsNothingOf("ann", "bob");
  await page.reload();
  await people.ann.join();
  await hears("ann", "cid");
  await hearsNothingOf("ann", "bob");
  await page.getByRole("main").getByRole("button", { name: /Bob/ }).click();
  await page.getByRole("button", { name: "Unmute for me" }).click();
  await hears("ann", "bob");
  await page.keyboard.press("Escape");
});

test("a server that is killed does not stop the sound, and signalling comes back by itself", async () => {
  await allHearAll();
  const connections = await Promise.all(names.map((name) => people[name].connectionCount()));
  await house.server.kill("SIGKILL");
  for (const name of names) await people[name].page.getByText("Reconnecting…", { exact: true }).first().waitFor();
  await allHearAll();
  await house.server.start();
  for (const name of names) await people[name].page.getByText("In voice", { exact: true }).waitFor();
  await people.cid.press("Mute");
  await people.ann.page
    .getByRole("main")
    .getByRole("button", { name: /Cid.*muted/ })
    .waitFor();
  await hearsNothingOf("ann", "cid");
  await people.cid.press("Unmute");
  await allHearAll();
  expect(await Promise.all(names.map((name) => people[name].connectionCount()))).toEqual(connections);
});

test("leaving removes one from everybody's ears and eyes", async () => {
  await people.cid.press("Leave voice");
  await hearsNothingOf("ann", "cid");
  await hearsNothingOf("cid", "ann");
  await people.ann.page.getByRole("list", { name: "2 people are here" }).waitFor();
  await people.cid.page.getByRole("list", { name: "2 people are here" }).waitFor();
  await hears("ann", "bob");
});

test("a second window takes the call over, and the first says so", async () => {
  const { page } = people.bob;
  const second = await people.bob.secondWindow(house.path);
  await second
    .getByRole("button", { name: /^Join General|^Join voice/ })
    .first()
    .click();
  await second.getByText("In voice", { exact: true }).waitFor();
  await page.getByText("Voice goes on in another window.").waitFor();
  await page.getByRole("region", { name: "Voice" }).waitFor({ state: "detached" });
  await hears("ann", "bob");
  await people.ann.page.getByRole("list", { name: "2 people are here" }).waitFor();
});
