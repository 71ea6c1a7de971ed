import type { Locator } from "playwright-core";
import type { Person } from "./person.ts";

/** Writes into the composer of the channel that is open and sends it: with Enter, or on a phone with the button. */
export async function say(person: Person, text: string): Promise<void> {
  const composer = person.page.locator("#main").getByRole("textbox").last();
  await composer.fill(text);
  if (person.isOnPhone) await person.button(person.t("chat:composer.send")).click();
  else await composer.press("Enter");
}

/** The message with this text, wherever in the list. */
export function message(person: Person, text: string | RegExp): Locator {
  return person.page.getByRole("article").filter({ hasText: text });
}

/** Picks a file for the message that is being written, and waits until it is uploaded. */
export async function attach(person: Person, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await person.page.locator('#main input[type="file"]').setInputFiles(file);
  await person.button(person.t("chat:upload.remove", { name: file.name })).waitFor();
}
