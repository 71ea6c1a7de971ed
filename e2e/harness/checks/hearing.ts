import { expect } from "vitest";
import { heard } from "../audio/listening.ts";
import { toneOf } from "../call-world.ts";
import type { Person } from "../person.ts";

/** A louder tone is audible, one below `silentDb` is not; the gap between the two holds what other tones leak. */
export const audibleDb = -40;
const silentDb = -60;

/** A change in a call takes effect within this time. */
export const patient = { timeout: 60_000, interval: 100 };

/** Level in dBFS at which the listener hears the speaker now. */
export function levelOf(listener: Person, speaker: Person): Promise<number> {
  return heard(listener, toneOf(speaker));
}

export async function expectHears(listener: Person, speaker: Person): Promise<void> {
  const message = `${listener.name} hears ${speaker.name}`;
  await expect.poll(() => levelOf(listener, speaker), { ...patient, message }).toBeGreaterThan(audibleDb);
}

/** Waits until the speaker cannot be heard any more. */
export async function expectSilence(listener: Person, speaker: Person): Promise<void> {
  const message = `${listener.name} does not hear ${speaker.name}`;
  await expect.poll(() => levelOf(listener, speaker), { ...patient, message }).toBeLessThan(silentDb);
}

/** Unlike `expectSilence`, does not wait: the speaker must be silent at this moment. */
export async function expectSilentNow(listener: Person, speaker: Person): Promise<void> {
  expect(await levelOf(listener, speaker)).toBeLessThan(silentDb);
}

/** Everybody hears everybody else. */
export async function expectAllHearAll(people: readonly Person[]): Promise<void> {
  for (const listener of people) {
    for (const speaker of people) if (speaker !== listener) await expectHears(listener, speaker);
  }
}
