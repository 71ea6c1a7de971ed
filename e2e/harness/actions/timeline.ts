import type { Locator } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "../person.ts";

/** Presses one of a message's action buttons, which show when the pointer is over it or, on a phone, when it is tapped. */
export async function act(person: Person, target: Locator, action: string): Promise<void> {
  if (person.isOnPhone) await target.tap({ position: { x: 80, y: 8 } });
  else await target.hover();
  await person.button(action, target).click();
}

/** Waits until the whole element is inside the viewport. */
export async function expectInView(person: Person, target: Locator): Promise<void> {
  await target.waitFor();
  const inView = () =>
    target.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
  await expect.poll(inView).toBe(true);
}

/** Pixels between the list's scroll position and its end. */
export function distanceFromEnd(person: Person): Promise<number> {
  return listOf(person).evaluate((list) => list.scrollHeight - list.clientHeight - list.scrollTop);
}

export function isAtTop(person: Person): Promise<boolean> {
  return listOf(person).evaluate((list) => list.scrollTop === 0);
}

function listOf({ page }: Person): Locator {
  return page.locator("#main ol").locator("xpath=ancestor::*[contains(@class,'overflow-y-auto')][1]");
}

/** The y coordinate in pixels of every rendered message, by its text. */
export async function places({ page }: Person): Promise<Map<string, number>> {
  const found = await page
    .getByRole("article")
    .evaluateAll((rows) => rows.map((row) => [row.textContent, Math.round(row.getBoundingClientRect().top)] as const));
  return new Map(found);
}

/** The median distance in pixels by which messages rendered before and now have moved down. */
export async function movedBy(person: Person, before: Map<string, number>): Promise<number> {
  const moved = [...(await places(person))].flatMap(([line, y]) => (before.has(line) ? y - before.get(line)! : []));
  return moved.toSorted((one, other) => one - other)[Math.floor(moved.length / 2)] ?? Number.NaN;
}

/** `places`, once no message moves any more: rows get their measured height after they are rendered. */
export async function settledPlaces(person: Person): Promise<Map<string, number>> {
  let before = await places(person);
  const movedSince = async () => {
    // Smooth scrolling starts slowly.
    await person.page.waitForTimeout(200);
    const moved = await movedBy(person, before);
    before = await places(person);
    return moved;
  };
  await expect.poll(movedSince, { interval: 500 }).toBe(0);
  return before;
}
