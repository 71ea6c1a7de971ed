import type { Locator } from "playwright-core";
import type { Person } from "../person.ts";

/** Writes into the composer of the open channel and sends: with Enter, or on a phone with the button. */
export async function say(person: Person, text: string): Promise<void> {
  const composer = person.page.locator("#main").getByRole("textbox").last();
  await composer.fill(text);
  if (person.isOnPhone) await person.button(person.t("chat:composer.send")).click();
  else await composer.press("Enter");
}

/** The messages in the list that contain this text. */
export function message(person: Person, text: string | RegExp): Locator {
  return person.page.getByRole("article").filter({ hasText: text });
}

/** The message once the server has acknowledged it: until then it is another row, with other choices. */
export function sent(person: Person, text: string): Locator {
  return person.page.locator("article[data-message]").filter({ hasText: text });
}

/** Attaches a file to the message in the composer and waits until it is uploaded. */
export async function attach(person: Person, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await person.page.locator('#main input[type="file"]').setInputFiles(file);
  await person.button(person.t("chat:upload.remove", { name: file.name })).waitFor();
}
