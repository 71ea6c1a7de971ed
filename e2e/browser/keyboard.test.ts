import { expect, test } from "vitest";
import { phone } from "../harness/browser.ts";
import { createServerWith } from "../harness/community.ts";
import { arrowTo, focused, tabTo } from "../harness/checks/keyboard.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { message, say, sent } from "../harness/actions/messages.ts";

/** No pointer is used; `tabTo` also checks the focus ring at every stop. */
const world = openWorld();

test("registering, creating a server and channels, inviting and switching channels work by keyboard alone", async () => {
  const anna = await world.guest("Анна", { locale: "ru" });
  const { page, t } = anna;
  const type = (text: string) => page.keyboard.type(text);
  const press = (...keys: string[]) =>
    keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());

  await anna.open("/login");
  await page.getByRole("heading", { name: t("auth:login.title") }).waitFor();
  await tabTo(anna, t("auth:login.register"));
  await press("Enter");
  await focused(anna, t("auth:username"));
  await type(anna.username);
  await tabTo(anna, t("auth:register.displayName"));
  await type(anna.name);
  await tabTo(anna, t("auth:email"));
  await type(anna.email);
  await tabTo(anna, t("auth:password"));
  await type(anna.password);
  await press("Enter");
  await page.getByRole("heading", { name: t("security:codes.title") }).waitFor();
  await tabTo(anna, t("security:codes.saved"));
  await press("Enter");
  await page.getByRole("heading", { name: t("servers:none.heading") }).waitFor();

  await tabTo(anna, t("servers:add.open"));
  await press("Enter");
  await focused(anna, t("servers:add.name"));
  await type("Друзья");
  await press("Enter");
  await page.getByRole("heading", { level: 1, name: "общий" }).waitFor();

  await tabTo(anna, t("servers:channels.create"));
  await press("Enter");
  await focused(anna, t("servers:channelName"));
  await type("планы");
  await press("Enter");
  await page.getByRole("heading", { level: 1, name: "планы" }).waitFor();

  await tabTo(anna, t("servers:channels.menu", { channel: "планы" }));
  await press("Enter");
  await focused(anna, t("servers:channels.markRead"));
  await arrowTo(anna, t("servers:channels.moveUp"));
  await press("Enter");
  await expect
    .poll(() =>
      page
        .getByRole("navigation", { name: /Друзья/ })
        .getByRole("list")
        .first()
        .getByRole("link")
        .allInnerTexts(),
    )
    .toEqual(["планы", "общий"]);

  await tabTo(anna, "Друзья");
  await press("Enter");
  await focused(anna, t("servers:invite.open"));
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  await tabTo(anna, t("servers:invite.create"));
  await press("Enter");
  await focused(anna, t("servers:invite.link"));
  await press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  // The focus returns to the button that opened the dialog.
  await focused(anna, "Друзья");

  await press("Control+k");
  await focused(anna, t("common:switcher.title"));
  await type("общ");
  await press("Enter");
  await page.getByRole("heading", { level: 1, name: "общий" }).waitFor();
  await press("Alt+ArrowUp");
  await page.getByRole("heading", { level: 1, name: "планы" }).waitFor();
});

/** Opens by keyboard what the button opens, closes it with Escape, and expects the focus back on the button. */
async function openAndLeave(person: Person, button: string, entry?: string): Promise<void> {
  await tabTo(person, button);
  await leave(person, entry);
  await focused(person, button);
}

async function leave(person: Person, entry?: string): Promise<void> {
  const { page } = person;
  // By selector, because roles do not find what lies below a modal dialog.
  const opened = page.locator('[role="dialog"], [role="alertdialog"], [role="menu"]');
  const before = await opened.count();
  await page.keyboard.press("Enter");
  if (entry) {
    await page.getByRole("menu").waitFor();
    await arrowTo(person, entry);
    await page.keyboard.press("Enter");
    await page.getByRole("menu").waitFor({ state: "hidden" });
  }
  await expect.poll(() => opened.count()).toBe(before + 1);
  await expect.poll(() => opened.last().evaluate((last) => last.contains(document.activeElement))).toBe(true);
  await page.keyboard.press("Escape");
  await expect.poll(() => opened.count()).toBe(before);
}

test("a dialog, menu or popover that closes returns the focus to what opened it", async () => {
  const anna = await world.person("Anna");
  const { page, t } = anna;
  await createServerWith([anna]);
  await focused(anna, t("chat:composer.label", { channel: "#general" }));
  for (const keys of ["Control+k", "Control+/"]) {
    await page.keyboard.press(keys);
    await anna.dialog().waitFor();
    await page.keyboard.press("Escape");
    await focused(anna, t("chat:composer.label", { channel: "#general" }));
  }

  await openAndLeave(anna, "Friends");
  // The second time, the dialog's code is loaded and the dialog opens at once.
  for (let time = 0; time < 2; time += 1) {
    await openAndLeave(anna, "Friends", t("servers:invite.open"));
    await openAndLeave(anna, t("servers:channels.menu", { channel: "general" }), t("servers:channels.delete"));
  }
  await tabTo(anna, "Friends");
  for (let time = 0; time < 2; time += 1) {
    await page.keyboard.press("Control+k");
    await focused(anna, t("common:switcher.title"));
    await page.keyboard.type("Appearance");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: t("settings:title") }).waitFor();
    await page.keyboard.press("Escape");
    await focused(anna, "Friends");
  }
  await openAndLeave(anna, t("settings:title"));
  await openAndLeave(anna, t("notifications:title"));

  await say(anna, "hello");
  await sent(anna, "hello").focus();
  await tabTo(anna, t("chat:action.react"));
  await arrowTo(anna, t("chat:action.delete"), "ArrowRight");
  await leave(anna);
  const hasFocus = () => message(anna, "hello").evaluate((row) => row.contains(document.activeElement));
  await expect.poll(hasFocus).toBe(true);
});

test("a phone's drawers, and dialogs opened from them, return the focus when they close", async () => {
  const anna = await world.person("Anna", { viewport: phone });
  const { page, t } = anna;
  await createServerWith([anna]);
  await openAndLeave(anna, t("servers:members.toggle"));
  await openAndLeave(anna, t("common:nav.open"));
  await page.keyboard.press("Enter");
  await anna.dialog().waitFor();
  await openAndLeave(anna, t("settings:title"));
  // The first Escape may close the tooltip of the focused button.
  await expect
    .poll(async () => {
      await page.keyboard.press("Escape");
      return anna.dialog().count();
    })
    .toBe(0);
  await focused(anna, t("common:nav.open"));
});
