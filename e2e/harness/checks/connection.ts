import type { Mode } from "@miscord/client";
import type { Locator } from "playwright-core";
import type { Person } from "../person.ts";

/** Opens the connection panel and its details. Its button is beside the user's name; on a phone the drawer has to be open. */
export async function openConnection({ page, t }: Person): Promise<Locator> {
  // From the beginning of the name: in a call, the button of the voice connection has a name that ends alike.
  const name = new RegExp(`^${t("connection:open", { quality: "" }).trim()}`);
  await page.getByRole("button", { name }).click();
  const panel = page.getByRole("dialog", { name: t("connection:title"), exact: true });
  await panel.getByText(t("connection:details"), { exact: true }).click();
  return panel;
}

/** The value of this figure in the open panel. */
export function figure(panel: Locator, name: string): Locator {
  return panel
    .locator("div")
    .filter({ has: panel.page().locator("dt", { hasText: name }) })
    .last()
    .locator("dd");
}

export async function switchMode(person: Person, mode: Mode): Promise<void> {
  const { t } = person;
  const panel = await openConnection(person);
  await panel.getByRole("radio", { name: t(`connection:mode.${mode}`) }).click();
  await panel.getByRole("heading", { name: t("connection:status.online"), exact: true }).waitFor();
  await person.page.keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
}
