import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { say } from "../harness/actions/messages.ts";
import { phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { createServerWith } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";
import { testInLongForm } from "../harness/variants.ts";

const world = openWorld();

function isComposerFocused(page: Page): Promise<boolean> {
  return page.getByRole("textbox").evaluate((area) => area === document.activeElement);
}

test("an invite survives registration: its server is shown on every page, and is where the newcomer lands", async () => {
  const anna = await world.person("Anna");
  const home = await createServerWith([anna], { name: "Friday games" });
  const { code } = await anna.rest.createInvite(home.id);
  const boris = await world.guest("Boris");
  const { page, t } = boris;
  const card = page.getByRole("heading", { name: "Friday games" });
  await boris.open(`/invite/${code}`);
  await card.waitFor();
  await boris.button(t("auth:invite.register")).click();
  await page.getByRole("heading", { name: t("auth:register.title") }).waitFor();
  await card.waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: t("auth:register.login") }).click();
  await page.getByRole("heading", { name: t("auth:login.title") }).waitFor();
  await card.waitFor();
  await page.getByRole("link", { name: t("auth:login.register") }).click();
  await page.reload();
  await card.waitFor();
  await boris.field(t("auth:username")).fill(boris.username);
  await boris.field(t("auth:email")).fill(boris.email);
  await boris.field(t("auth:password")).fill(boris.password);
  await boris.button(t("auth:register.submit")).click();
  await boris.button(t("security:codes.saved")).click();
  await page.getByRole("heading", { level: 1, name: "general" }).waitFor();
  expect(new URL(page.url()).pathname).toContain(`/channels/${home.id}/`);
});

test("the focus goes on where the user does, tooltips stay with it, and the member list is one tab stop", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  await createServerWith([anna, boris]);
  const { page, t } = anna;
  const tooltip = page.getByRole("tooltip");
  const add = anna.button(t("servers:add.open"), page.getByRole("navigation", { name: t("servers:rail") }));
  await add.focus();
  await page.keyboard.press("Enter");
  await anna.dialog().waitFor();
  await page.keyboard.press("Escape");
  await anna.dialog().waitFor({ state: "hidden" });
  await expect.poll(() => add.evaluate((button) => button === document.activeElement)).toBe(true);
  expect(await tooltip.count()).toBe(0);

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: t("common:switcher.title") }).waitFor();
  await page.keyboard.type("boris");
  await page.getByRole("option", { name: "Boris" }).waitFor();
  await page.keyboard.press("Enter");
  await anna.dialog().getByText(`@${boris.username}`).waitFor();
  await expectAccessible(page);
  await anna.button(t("servers:members.mention"), anna.dialog()).click();
  await expect.poll(() => isComposerFocused(page)).toBe(true);
  expect(await page.getByRole("textbox").inputValue()).toBe(`@${boris.username} `);

  const members = page.getByRole("complementary", { name: t("servers:members.title") });
  expect(await members.locator('button[tabindex="0"]').count()).toBe(1);
  await members.getByRole("button", { name: /Anna/ }).focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Boris");
  expect(await page.getByRole("menu").count()).toBe(0);
  expect(await members.locator('button[tabindex="0"]').count()).toBe(1);
});

testInLongForm(
  "a mention from a phone's member list is written at the caret, with the focus, and undone at once",
  async () => {
    const anna = await world.person("Anna", { viewport: phone });
    await createServerWith([anna]);
    const { page, t } = anna;
    const composer = page.getByRole("textbox");
    await composer.fill("hello  there");
    await composer.evaluate((area) => (area as HTMLTextAreaElement).setSelectionRange(6, 6));
    await anna.button(t("servers:members.title")).click();
    await anna.dialog().getByRole("button", { name: /Anna/ }).click();
    await page.getByRole("menuitem", { name: t("servers:members.mention") }).click();
    await anna.dialog().waitFor({ state: "detached" });
    await expect.poll(() => isComposerFocused(page)).toBe(true);
    expect(await composer.inputValue()).toBe(`hello @${anna.username}  there`);
    await page.keyboard.press("Control+z");
    expect(await composer.inputValue()).toBe("hello  there");
  },
);

test("@everyone reaches a member whose page is visible without the focus, by sound and in the inbox", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  const { page, t } = boris;
  await page.addInitScript(() => {
    const counted = globalThis as unknown as { notes: number };
    counted.notes = 0;
    globalThis.OscillatorNode = class extends OscillatorNode {
      constructor(context: BaseAudioContext, options?: OscillatorOptions) {
        super(context, options);
        counted.notes += 1;
      }
    };
  });
  await createServerWith([anna, boris]);
  await say(boris, "I am here");
  await page.evaluate(() => {
    document.hasFocus = () => false;
    dispatchEvent(new Event("blur"));
  });
  await say(anna, "@everyone the game starts");
  await expect.poll(() => page.evaluate(() => (globalThis as unknown as { notes: number }).notes)).toBeGreaterThan(0);
  const bell = boris.button(t("notifications:title"));
  await bell
    .locator("..")
    .getByText(t("notifications:unread", { count: 1 }))
    .waitFor();
  await page.reload();
  await bell.click();
  await page.getByText(t("notifications:kind.everyone", { author: "Anna", channel: "#general" })).waitFor();
});
