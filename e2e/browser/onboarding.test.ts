import { onboardingCalls, securityCalls, safetyCalls } from "@miscord/client";
import { bitsOf } from "@miscord/rights";
import { Secret, TOTP } from "otpauth";
import { expect, test } from "vitest";
import { claimInstance } from "../harness/actions/accounts.ts";
import { desktop, phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { chooseInServerMenu, createServerWith, openChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const picture = process.env["PICTURES"];
const show = async ({ page }: Person, name: string) =>
  picture && (await page.screenshot({ path: `${picture}/onboarding-${name}.png` }));

test.each(storyVariants({ locale: "ru", viewport: phone }, { locale: "en", viewport: desktop, theme: "light" }))(
  "an owner writes an onboarding, and a newcomer meets it once, chooses a role and finds their channel ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris", options)]);
    const server = await createServerWith([anna]);
    const role = await anna.rest.createRole(server.id, { name: "Cat people" });
    await safetyCalls(anna.rest).setVerification(server.id, {
      account_minutes: 0,
      member_minutes: 0,
      rules: "Be kind.",
    });
    const view = bitsOf("viewChannel");
    const hidden = [
      { type: "role" as const, target_id: server.everyone_role_id, allow: 0, deny: view },
      { type: "role" as const, target_id: role.id, allow: view, deny: 0 },
    ];
    await anna.rest.createChannel(server.id, { name: "cats", type: "text", overrides: hidden });

    // The owner, in the settings.
    const { page, t } = anna;
    await chooseInServerMenu(anna, server.name, t("servers:settings.open"));
    await page.getByRole("tab", { name: t("onboarding:tab") }).click();
    await page.getByRole("switch", { name: t("onboarding:edit.enabled") }).click();
    await anna.field(t("onboarding:edit.welcome")).fill("Good to have you here!");
    await anna.button(t("onboarding:edit.addQuestion")).click();
    await anna.field(t("onboarding:edit.question", { number: 1 })).fill("What do you like?");
    await anna.field(t("onboarding:edit.answer", { number: 1 })).fill("Cats");
    await anna.button(`${t("onboarding:edit.roles")} ${t("onboarding:edit.add")}`).click();
    await page.getByRole("menuitem", { name: "Cat people" }).click();
    await anna.button(`${t("onboarding:edit.answerChannels")} ${t("onboarding:edit.add")}`).click();
    await page.getByRole("menuitem", { name: "#cats" }).click();
    await anna.button(t("onboarding:edit.addAnswer")).click();
    await anna.field(t("onboarding:edit.answer", { number: 2 })).fill("Dogs");
    await expectAccessible(page);
    await show(anna, "editor");
    await anna.button(t("common:save")).click();
    await page.getByText(t("common:saved")).first().waitFor();

    // The newcomer, by an invite.
    const { code } = await anna.rest.createInvite(server.id);
    await boris.rest.joinInvite(code);
    await openChannel(boris, server);
    const dialog = boris.dialog();
    await dialog.getByText("Good to have you here!").waitFor();
    await expectAccessible(boris.page);
    await show(boris, `newcomer-${options.locale}`);
    await dialog.getByRole("checkbox", { name: boris.t("onboarding:accept") }).click();
    const cats = dialog.getByRole("checkbox", { name: "Cats" });
    await cats.focus();
    await boris.page.keyboard.press("Space");
    await boris.button(boris.t("onboarding:done")).click();
    const room = dialog.getByRole("link", { name: "cats" });
    await room.waitFor();
    await show(boris, `places-${options.locale}`);
    await room.click();
    await boris.page.locator("#main h1").filter({ hasText: "cats" }).waitFor();
    // Accepted with it: nothing holds the first message back.
    await boris.field(boris.t("chat:composer.label", { channel: "#cats" })).waitFor();

    // It does not come again, and the answers can be changed.
    await openChannel(boris, server);
    await chooseInServerMenu(boris, server.name, boris.t("servers:onboarding.open"));
    await dialog.getByRole("checkbox", { name: "Cats", checked: true }).click();
    await boris.button(boris.t("common:save")).click();
    await boris.button(boris.t("common:save")).waitFor({ state: "hidden" });
    await expect.poll(async () => (await boris.rest.getServer(server.id)).role_ids).toEqual([]);
  },
);

test("a server is found among the public ones and joined, once the administrator has switched the list on", async () => {
  const anna = await world.person("Anna");
  await claimInstance(anna, world.server.output());
  const boris = await world.person("Boris", { viewport: phone, locale: "ru" });
  const server = await anna.rest.createServer({ name: "Астрономы" });
  await anna.rest.call("PATCH", "/api/instance/settings", { body: { discovery: "on" } });
  await onboardingCalls(anna.rest).setListing(server.id, { is_public: true, description: "Мы смотрим на звёзды" });

  const { page, t } = boris;
  await boris.open("/");
  await boris.button(t("servers:discover.open")).click();
  await page.getByText("Мы смотрим на звёзды").waitFor();
  await expectAccessible(page);
  await show(boris, "discovery");
  await page.getByRole("searchbox", { name: t("discovery:search") }).fill("ничего такого");
  await page.getByText(t("discovery:none.found")).waitFor();
  await page.getByRole("searchbox", { name: t("discovery:search") }).fill("астро");
  await boris.button(t("discovery:joinOf", { name: server.name })).click();
  await page.getByRole("heading", { level: 1, name: server.channels[0]!.name }).waitFor();
  expect((await boris.rest.listServers()).map(({ id }) => id)).toEqual([server.id]);
});

test("a moderator's rights rest until the second factor that the server requires is set up", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris", { theme: "light" })]);
  const server = await createServerWith([anna, boris]);
  const crew = await anna.rest.createRole(server.id, { name: "Crew", permissions: bitsOf("manageChannels") });
  const { id: borisId } = await boris.rest.me();
  await anna.rest.giveRole(server.id, borisId, crew.id);
  const create = () => boris.page.getByRole("button", { name: boris.t("servers:channels.create"), exact: true });
  await create().first().waitFor();
  const calls = securityCalls(anna.rest);
  const { secret } = await calls.beginAuthenticator();
  await calls.finishAuthenticator(new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  await onboardingCalls(anna.rest).requireFactor(server.id, true);

  // At once, and with the reason.
  const { page, t } = boris;
  await page.getByText(t("security:required.text")).waitFor();
  await create().first().waitFor({ state: "hidden" });
  await expectAccessible(page);
  await show(boris, "resting");
  await boris.button(t("security:required.setUp")).click();
  await boris.button(t("security:app.add")).click();
  const key = await page.getByText(/^(?:[A-Z2-7]{4} ?){8}$/).innerText();
  const totp = new TOTP({ secret: Secret.fromBase32(key.replaceAll(" ", "")) });
  await boris.field(t("security:app.code")).fill(totp.generate());
  await page.keyboard.press("Enter");
  await boris.button(t("security:codes.saved")).click();
  await boris.button(t("security:app.remove")).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText(t("security:required.text")).waitFor({ state: "hidden" });
  await create().first().waitFor();
});
