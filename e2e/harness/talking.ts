import type { Locator } from "playwright-core";
import type { Person } from "./person.ts";

/** Writes into the composer of the channel that is open and presses Enter. */
export async function say(person: Person, text: string): Promise<void> {
  const composer = person.page.locator("#main").getByRole("textbox").last();
  await composer.fill(text);
  await composer.press("Enter");
}

/** The message with this text, wherever in the list. */
export function message(person: Person, text: string | RegExp): Locator {
  return person.page.getByRole("article").filter({ hasText: text });
}
