import { afterAll, beforeAll, expect, test } from "vitest";
import { callAsOldClient } from "../harness/voice-old-caller.ts";
import { openVoiceHouse, type VoiceHouse } from "../harness/voice-house.ts";
import { VoicePerson } from "../harness/voice-person.ts";
import { SoundFiles } from "../harness/voice-sounds.ts";

/** Bob calls with version 1. His id lies between the others', so he meets both the polite and the impolite end. */
const tones = { ann: 400, bob: 900, cid: 1_700 };
type Name = keyof typeof tones;
const names = Object.keys(tones) as Name[];
const audibleDb = -40;
const patient = { timeout: 60_000, interval: 100 };

const sounds = new SoundFiles();
let house: VoiceHouse;
let people: Record<Name, VoicePerson>;

beforeAll(async () => {
  house = await openVoiceHouse(names);
  const arrivals = house.logins.map((login) =>
    VoicePerson.arrive(house, login, { microphone: sounds.beeps(tones[login.username as Name]) }),
  );
  const [ann, bob, cid] = await Promise.all(arrivals);
  people = { ann: ann!, bob: bob!, cid: cid! };
}, 180_000);

afterAll(async () => {
  await Promise.all(Object.values(people ?? {}).map((person) => person.leaveForGood()));
  await house?.server.dispose();
  sounds.remove();
});

async function logInAsOldClient(name: Name): Promise<string> {
  const { username, password } = house.logins.find((login) => login.username === name)!;
  const body = new URLSearchParams({ username, password });
  const answer = await fetch(`${house.server.url}/api/auth/login`, { method: "POST", body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function callAsBob(): Promise<void> {
  await people.bob.page.goto("/health/live");
  // What is heard from then on is not of the call before.
  await expect.poll(() => people.ann.heard(tones.bob), patient).toBeLessThan(audibleDb);
  await callAsOldClient(people.bob.page, { voiceId: house.voiceId, token: await logInAsOldClient("bob") });
}

async function hear(listener: Name, speaker: Name): Promise<void> {
  const level = () => people[listener].heard(tones[speaker]);
  await expect.poll(level, { ...patient, message: `${listener} hears ${speaker}` }).toBeGreaterThan(audibleDb);
}

test("somebody with a client of version 1 and people with ours hear one another", async () => {
  await people.ann.join();
  await callAsBob();
  await people.cid.join();
  for (const listener of names) {
    for (const speaker of names.filter((name) => name !== listener)) await hear(listener, speaker);
  }
});

test("also when offers are slow to come, again and again", async () => {
  for (const times of [4, 10, 10, 4]) {
    await people.bob.slowDown(times);
    await callAsBob();
    await hear("ann", "bob");
    await hear("bob", "ann");
  }
});
