import type { Mode } from "@miscord/client";
import type { Locator, Page } from "playwright-core";
import { wordsOf, type Words } from "./words.ts";

/** Somebody at a page, whichever story they are from. */
interface AtPage {
  page: Page;
  t?: Words;
}

/** How the connection does. The button is by one's own name; on a phone the drawer has to be open. */
export async function openConnection({ page, t = wordsOf("en") }: AtPage): Promise<Locator> {
  await page.getByRole("button", { name: t("connection:open", { quality: "" }).trim() }).click();
  const panel = page.getByRole("dialog", { name: t("connection:title"), exact: true });
  await panel.waitFor();
  return panel;
}

/** What stands beside this name in the open panel. */
export function figure(panel: Locator, name: string): Locator {
  return panel
    .locator("div")
    .filter({ has: panel.page().locator("dt", { hasText: name }) })
    .last()
    .locator("dd");
}

export async function switchMode(person: AtPage, mode: Mode): Promise<void> {
  const t = person.t ?? wordsOf("en");
  const panel = await openConnection(person);
  await panel.getByRole("radio", { name: t(`connection:mode.${mode}`) }).click();
  await panel.getByRole("heading", { name: t("connection:status.online"), exact: true }).waitFor();
  await person.page.keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
}
