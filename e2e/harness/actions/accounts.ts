import type { Locator } from "playwright-core";
import type { Person } from "../person.ts";

/** Fills in and sends the form at /register, which must be open, and goes on from the recovery codes. */
export async function register(person: Person): Promise<void> {
  await sendRegistration(person);
  await person.button(person.t("security:codes.saved")).click();
}

/** Fills in and sends the form at /register, which must be open. */
export async function sendRegistration(person: Person): Promise<void> {
  const { t } = person;
  await person.field(t("auth:username")).fill(person.username);
  await person.field(t("auth:register.displayName")).fill(person.name);
  await person.field(t("auth:email")).fill(person.email);
  await person.field(t("auth:password")).fill(person.password);
  await person.button(t("auth:register.submit")).click();
}

/** Fills in and sends the form at /login, which must be open. */
export async function logIn(person: Person, password: string = person.password): Promise<void> {
  const { t } = person;
  await person.field(t("auth:username")).fill(person.username);
  await person.field(t("auth:password")).fill(password);
  await person.button(t("auth:login.submit")).click();
}

/** The user's own name below the channels; lists of members and messages have it too. */
export function ownPanel(person: Person): Locator {
  const sidebar = person.page.getByRole("region", { name: person.t("common:nav.sidebar") });
  return sidebar.getByRole("button", { name: person.name }).last();
}

/** The menu below the channels: status, the screens of administrators, logout. */
export async function openOwnMenu(person: Person): Promise<void> {
  await showChannels(person);
  await ownPanel(person).click();
}

export async function logOut(person: Person): Promise<void> {
  await openOwnMenu(person);
  await person.page.getByRole("menuitem", { name: person.t("settings:logout") }).click();
}

/** Becomes administrator by the link that the first start prints; `output` is what the server has printed. */
export async function claimInstance(person: Person, output: string): Promise<void> {
  const token = /\/claim#(\S+)/.exec(output)?.[1];
  if (!token) throw new Error("the server printed no link");
  await person.rest.claimInstance(token);
}

/** Opens the drawer that holds the channels and the user panel on a phone; on a desktop both are always visible. */
export async function showChannels(person: Person): Promise<void> {
  if (!person.isOnPhone) return;
  const open = person.button(person.t("common:nav.open"));
  await open.or(person.dialog()).first().waitFor();
  if (await open.isVisible()) await open.click();
}

/** Closes the phone's drawer, which stays open behind a dialog that was opened from it. */
export async function hideChannels(person: Person): Promise<void> {
  if (!person.isOnPhone) return;
  const drawer = person.page.getByRole("dialog", { name: person.t("common:nav.pane") });
  if (await drawer.isVisible()) await person.page.keyboard.press("Escape");
  await drawer.waitFor({ state: "hidden" });
}

export async function openSettings(
  person: Person,
  tab?: "profile" | "account" | "security" | "sessions" | "appearance" | "notifications" | "voice" | "bots" | "data",
): Promise<void> {
  await showChannels(person);
  await person.button(person.t("settings:title")).click();
  if (tab) await person.page.getByRole("tab", { name: person.t(`settings:tab.${tab}`) }).click();
}
