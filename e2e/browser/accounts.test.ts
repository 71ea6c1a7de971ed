import { expect, test } from "vitest";
import { logIn, logOut, openSettings, register } from "../harness/actions/accounts.ts";
import { desktop, phone } from "../harness/browser.ts";
import { createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { storyVariants, testInLongForm } from "../harness/variants.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

const atHome = (person: Person) =>
  person.page.getByRole("heading", { name: person.t("servers:none.heading") }).waitFor();
const atTheDoor = (person: Person) =>
  person.page.getByRole("heading", { name: person.t("auth:login.title") }).waitFor();

test.each(storyVariants({ locale: "en", viewport: desktop }, { locale: "ru", viewport: phone }))(
  "a user registers, is still logged in after a reload, logs out and logs in again ($locale)",
  async (options) => {
    const anna = await world.guest("Анна Ахматова", options);
    await anna.open();
    // Without an account, the language is the browser's.
    await atTheDoor(anna);
    expect(await anna.page.locator("html").getAttribute("lang")).toBe(options.locale);
    await anna.page.getByRole("link", { name: anna.t("auth:login.register") }).click();
    await register(anna);
    await atHome(anna);
    await anna.page.reload();
    await atHome(anna);
    await logOut(anna);
    await atTheDoor(anna);
    await anna.page.reload();
    await atTheDoor(anna);
    await logIn(anna);
    await atHome(anna);
  },
);

test("a page that was requested while logged out opens after the login", async () => {
  const anna = await world.person("Anna");
  const server = await anna.rest.createServer({ name: "Friends" });
  const away = await world.secondBrowser(anna, { viewport: phone, locale: "ru" });
  await away.open(`/channels/${server.id}/${server.channels[0]!.id}`);
  await logIn(away);
  await away.page.getByRole("heading", { level: 1, name: "general" }).waitFor();
});

testInLongForm("a failed login shows the same message whether or not the account exists", async () => {
  const anna = await world.person("Anna");
  const guest = await world.guest("Guest");
  const answers: string[] = [];
  for (const username of [anna.username, anna.email, "nobody_here", "nobody@example.org"]) {
    await guest.open("/login");
    await guest.field(guest.t("auth:username")).fill(username);
    await guest.field(guest.t("auth:password")).fill("not the password");
    await guest.button(guest.t("auth:login.submit")).click();
    answers.push(await guest.page.getByRole("alert").innerText());
  }
  expect(new Set(answers)).toEqual(new Set([guest.t("auth:login.wrong")]));
});

test("ending another session in the settings logs that browser out at once and says why", async () => {
  const anna = await world.person("Anna");
  const away = await world.secondBrowser(anna, { locale: "ru", viewport: phone });
  await away.open("/login");
  await logIn(away);
  await atHome(away);

  await anna.open();
  await openSettings(anna, "sessions");
  const { t, page } = anna;
  await page.getByText(t("settings:sessions.current")).waitFor();
  const end = page.getByRole("button", { name: t("settings:sessions.revokeOf", { device: "" }).trim() });
  await end.click();
  await away.page.getByText(away.t("common:sessionLost")).first().waitFor();
  await atTheDoor(away);
  await end.waitFor({ state: "hidden" });
  // The session that ended the other is still logged in.
  await page.reload();
  await atHome(anna);
});

test("a changed display name and colour show to others without a reload", async () => {
  const [anna, boris] = await Promise.all([
    world.person("Anna"),
    world.person("Борис", { locale: "ru", viewport: phone }),
  ]);
  await createServerWith([anna, boris]);
  await anna.page.getByRole("button", { name: /^Борис/ }).waitFor();
  await openSettings(boris, "profile");
  await boris.field(boris.t("settings:profile.displayName")).fill("Борис Борисович");
  await boris.page.getByRole("radio", { name: boris.t("settings:color.violet") }).click();
  await boris.button(boris.t("common:save")).click();
  await boris.page.getByText(boris.t("common:saved")).first().waitFor();
  const seen = anna.page.getByRole("button", { name: /^Борис Борисович/ });
  await seen.waitFor();
  await expect
    .poll(() =>
      seen
        .locator("[style]")
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor),
    )
    .toBe("rgb(142, 91, 208)");
});

test("a changed password ends the other sessions, and the old password is refused", async () => {
  const anna = await world.person("Anna");
  const away = await world.secondBrowser(anna);
  await away.open("/login");
  await logIn(away);
  await atHome(away);
  const { t } = anna;
  const change = async (current: string, next: string) => {
    await anna.field(t("settings:password.current")).fill(current);
    await anna.field(t("settings:password.next")).fill(next);
    await anna.button(t("settings:password.submit")).click();
  };
  await anna.open();
  await openSettings(anna, "account");
  await change("not the password", "another good one");
  await anna.page.getByText(t("settings:password.wrong")).waitFor();
  await change(anna.password, "short");
  await anna.page.getByText(t("settings:password.short", { min: 8 })).waitFor();
  await change(anna.password, "another good one");
  await anna.page.getByText(t("settings:password.done")).first().waitFor();
  await atTheDoor(away);
  await logIn(away);
  await away.page
    .getByRole("alert")
    .filter({ hasText: t("auth:login.wrong") })
    .waitFor();
  await logIn(away, "another good one");
  await atHome(away);
});

test("language and theme chosen in one browser apply in another after the login", async () => {
  const anna = await world.person("Анна", { theme: "dark" });
  await anna.open();
  await openSettings(anna, "appearance");
  await anna.page.getByRole("radio", { name: anna.t("settings:theme.light") }).click();
  await anna.field(anna.t("settings:language.title")).click();
  await anna.page.getByRole("option", { name: "Русский" }).click();
  const html = anna.page.locator("html");
  await expect.poll(() => html.getAttribute("data-theme")).toBe("light");
  await expect.poll(() => html.getAttribute("lang")).toBe("ru");
  // The page shows a choice before it is saved.
  await expect.poll(() => anna.rest.me()).toMatchObject({ locale: "ru", theme: "light" });
  await anna.page.reload();
  await anna.page.getByRole("heading", { name: "Пока здесь тихо" }).waitFor();

  const away = await world.secondBrowser(anna, { theme: "dark", viewport: phone });
  await away.open("/login");
  await logIn(away);
  await away.page.getByRole("heading", { name: "Пока здесь тихо" }).waitFor();
  expect(await away.page.locator("html").getAttribute("data-theme")).toBe("light");
});
