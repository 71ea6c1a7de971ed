import { test } from "vitest";
import { openSettings, showChannels } from "../harness/actions/accounts.ts";
import { expectScreenAccessible, onOneDesktop, onOnePhone, screenVariants } from "../harness/checks/screens.ts";
import { createServerWith } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

test.each(onOneDesktop)(
  "login, registration, invite and claim pages are accessible ($size, $theme, $locale)",
  async (options) => {
    const owner = await world.person("Вера");
    const server = await owner.rest.createServer({ name: "Настольные игры" });
    const { code } = await owner.rest.createInvite(server.id);
    const guest = await world.guest("Guest", options);
    const { page, t } = guest;

    await guest.open("/login");
    await page.getByRole("heading", { name: t("auth:login.title") }).waitFor();
    await expectScreenAccessible(guest, options, "login");
    await guest.field(t("auth:username")).fill("nobody");
    await guest.field(t("auth:password")).fill("not the password");
    await guest.button(t("auth:login.submit")).click();
    await page.getByRole("alert").waitFor();
    await expectScreenAccessible(guest, options, "login-refused");

    await guest.open("/register");
    await guest.field(t("auth:email")).fill("not an address");
    await guest.button(t("auth:register.submit")).click();
    await page.getByRole("alert").first().waitFor();
    await expectScreenAccessible(guest, options, "register");

    await guest.open(`/invite/${code}`);
    await page.getByRole("heading", { name: server.name }).waitFor();
    await expectScreenAccessible(guest, options, "invite");
    await guest.open("/invite/none");
    await page.getByRole("alert").waitFor();
    await expectScreenAccessible(guest, options, "invite-invalid");
    await guest.open("/claim#none");
    await guest.field(t("auth:username")).waitFor();
    await expectScreenAccessible(guest, options, "claim");
  },
);

test.each(screenVariants)(
  "the channel page, its drawers and a member card are accessible ($size, $theme, $locale)",
  async (options) => {
    const boris = await world.person("Борис");
    const anna = await world.person("Анна", options);
    const { page, t } = anna;
    await anna.open();
    await page.getByRole("heading", { name: t("servers:none.heading") }).waitFor();
    await expectScreenAccessible(anna, options, "empty");
    await createServerWith([anna, boris], { name: "Настольные игры" });
    if (!anna.isOnPhone) await page.getByRole("button", { name: /^Борис/ }).waitFor();
    await expectScreenAccessible(anna, options, "channel");
    if (anna.isOnPhone) {
      await showChannels(anna);
      await expectScreenAccessible(anna, options, "drawer");
      await page.keyboard.press("Escape");
      await anna.dialog().waitFor({ state: "hidden" });
      await anna.button(t("servers:members.toggle")).click();
      await page.getByRole("button", { name: /^Борис/ }).waitFor();
      await expectScreenAccessible(anna, options, "members-drawer");
    }
    await anna
      .button(`Борис`)
      .or(page.getByRole("button", { name: /Борис/ }))
      .first()
      .click();
    await expectScreenAccessible(anna, options, "member-card");
    await page.keyboard.press("Escape");
    if (anna.isOnPhone) await page.keyboard.press("Escape");
    await anna.open("/channels/1/999999");
    await page.getByRole("heading", { name: t("common:notFound.heading") }).waitFor();
    await expectScreenAccessible(anna, options, "not-found");
  },
);

test.each(onOnePhone)("every tab of the user settings is accessible ($size, $theme, $locale)", async (options) => {
  const anna = await world.person("Анна", options);
  await createServerWith([anna], { name: "Настольные игры" });
  await openSettings(anna);
  for (const tab of ["profile", "account", "sessions", "appearance", "notifications", "voice"] as const) {
    await anna.page.getByRole("tab", { name: anna.t(`settings:tab.${tab}`) }).click();
    await expectScreenAccessible(anna, options, `settings-${tab}`);
  }
});
