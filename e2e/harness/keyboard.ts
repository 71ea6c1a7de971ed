import { expect } from "vitest";
import type { Person } from "./person.ts";

/** What has the focus, by the name that a screen reader says. */
async function focusedName(person: Person): Promise<string> {
  return person.page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "";
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null;
    return (element.getAttribute("aria-label") ?? label ?? element.textContent).trim();
  });
}

export async function focused(person: Person, name: string): Promise<void> {
  await expect.poll(() => focusedName(person)).toBe(name);
}

/** As far as one round of a menu or a toolbar, which moves the focus a moment after the key. */
export async function arrowTo(person: Person, name: string, key = "ArrowDown"): Promise<void> {
  for (let step = 0; step < 20; step += 1) {
    const before = await focusedName(person);
    if (before === name) return;
    await person.page.keyboard.press(key);
    await expect.poll(() => focusedName(person)).not.toBe(before);
  }
  throw new Error(`${key} does not lead to ${name}`);
}

/** Tab by Tab, as far as one round of the page; each stop shows a ring. */
export async function tabTo(person: Person, name: string): Promise<void> {
  const stops: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    await person.page.keyboard.press("Tab");
    stops.push(await focusedName(person));
    expect(await hasRing(person), `a ring around ${stops.at(-1)}`).toBe(true);
    if (stops.at(-1) === name) return;
  }
  throw new Error(`Tab does not lead to ${name} but to ${stops.join(" → ")}`);
}

function hasRing(person: Person): Promise<boolean> {
  return person.page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return true;
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    const ringed = outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0;
    // Around the composer it is the frame that lights up; a whole pane shows by what is in it.
    return ringed || boxShadow !== "none" || element.matches('textarea, [role="dialog"], main');
  });
}
