import { expect } from "vitest";
import type { Person } from "../person.ts";

/** The accessible name of the focused element; empty when nothing has the focus. */
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

/** Presses an arrow key until the named item of a menu or toolbar has the focus; the focus moves a moment after each key. */
export async function arrowTo(person: Person, name: string, key = "ArrowDown"): Promise<void> {
  for (let step = 0; step < 20; step += 1) {
    const before = await focusedName(person);
    if (before === name) return;
    await person.page.keyboard.press(key);
    await expect.poll(() => focusedName(person)).not.toBe(before);
  }
  throw new Error(`${key} does not lead to ${name}`);
}

/** Presses Tab until the named element has the focus, at most 60 times; every stop must show a focus ring. */
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
    const isRinged = (shown: Element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(shown);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) || boxShadow !== "none";
    };
    // The frame around a field shows the ring of the field; dialogs and the main pane need none.
    const frame = element.matches('input, [contenteditable="true"]') ? element.parentElement : null;
    return isRinged(element) || (frame && isRinged(frame)) || element.matches('textarea, [role="dialog"], main');
  });
}
