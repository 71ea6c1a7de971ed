import { test } from "vitest";
import { claimInstance, logIn, openOwnMenu, ownPanel, showChannels } from "../harness/actions/accounts.ts";
import { phone } from "../harness/browser.ts";
import { expectScreenAccessible, onOneDesktop, screenVariants } from "../harness/checks/screens.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const onPhone = {
  locale: "en",
  theme: "dark",
  viewport: phone,
  size: "phone",
} as const satisfies (typeof screenVariants)[number];

async function openTab(operator: Person, tab: "accounts" | "applications" | "servers" | "settings" | "log") {
  await operator.page.getByRole("tab", { name: operator.t(`instance:tab.${tab}`), exact: true }).click();
}

/** The applicant asks for an account at a phone and waits; the operator lets them in. */
async function applyAndAccept(operator: Person, carl: Person): Promise<void> {
  const { t } = carl;
  await carl.open("/register");
  await carl.field(t("auth:username")).fill(carl.username);
  await carl.field(t("auth:register.displayName")).fill(carl.name);
  await carl.field(t("auth:email")).fill(carl.email);
  await carl.field(t("auth:password")).fill(carl.password);
  await carl.button(t("auth:register.apply")).click();
  await carl.page.getByText(t("auth:fault.reasonNeeded")).waitFor();
  await carl.field(t("auth:register.reason")).fill("I play on Fridays");
  await expectScreenAccessible(carl, onPhone, "application");
  await carl.button(t("auth:register.apply")).click();
  await carl.page.getByText(t("auth:register.waiting")).waitFor();
  await carl.open("/login");
  await logIn(carl);
  await carl.page.getByText(t("common:error.approval_pending")).waitFor();

  await openTab(operator, "applications");
  await operator.page.getByText("I play on Fridays").waitFor();
  await operator.button(operator.t("instance:applications.refuseOf", { name: carl.name })).click();
  await operator.field(operator.t("instance:applications.note")).fill("Ask again later");
  await operator.button(operator.t("instance:applications.refuse"), operator.dialog()).click();
  await operator.page.getByText(operator.t("instance:applications.none.waiting")).waitFor();
  await logIn(carl);
  await carl.page.getByText(t("auth:login.refused", { note: "Ask again later" })).waitFor();
  await operator.field(operator.t("instance:applications.show")).click();
  await operator.page
    .getByRole("option", { name: operator.t("instance:applications.states.refused"), exact: true })
    .click();
  await operator.button(operator.t("instance:applications.acceptOf", { name: carl.name })).click();
  await operator.page.getByText(operator.t("instance:applications.none.refused")).waitFor();
  await logIn(carl);
  await showChannels(carl);
  await ownPanel(carl).waitFor();
}

/** Everybody sees an announcement at once; it is gone in a browser that dismissed it, and everywhere once it is taken back. */
async function announce(operator: Person, carl: Person): Promise<void> {
  const { t } = operator;
  await operator.page.getByRole("tab", { name: t("instance:tab.announcement"), exact: true }).click();
  await operator.field(t("instance:announcement.text")).fill("Updates tonight at nine");
  await operator.button(t("instance:announcement.tell")).click();
  const banner = (person: Person) =>
    person.page.getByRole("complementary", { name: person.t("instance:announcement.title") });
  await banner(carl).getByText("Updates tonight at nine").waitFor();
  await expectScreenAccessible(operator, onOneDesktop[0]!, "announcement");
  await operator.button(t("instance:announcement.dismiss")).click();
  await banner(operator).waitFor({ state: "hidden" });
  await operator.button(t("instance:announcement.takeBack")).click();
  await banner(carl).waitFor({ state: "hidden" });
}

/** The operator disables an account: its owner is out at once, and back once it is enabled. */
async function disableAndEnable(operator: Person, carl: Person): Promise<void> {
  const { t, page } = operator;
  await openTab(operator, "accounts");
  await operator.field(t("instance:accounts.search")).fill(carl.name);
  await operator.button(t("instance:accounts.disableOf", { name: carl.name })).click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: t("instance:accounts.disable") })
    .click();
  await carl.button(carl.t("auth:login.submit")).waitFor();
  await logIn(carl);
  await carl.page.getByText(carl.t("common:error.account_disabled")).waitFor();
  await operator.button(t("instance:accounts.enableOf", { name: carl.name })).click();
  await operator.button(t("instance:accounts.disableOf", { name: carl.name })).waitFor();
}

test.each(onOneDesktop)(
  "an administrator opens registration to applicants, lets one in, announces something and disables an account ($locale, $size)",
  async (options) => {
    const [operator, carl] = await Promise.all([world.person("Olga", options), world.guest("Carl", onPhone)]);
    await claimInstance(operator, world.server.output());
    await operator.rest.createServer({ name: "Friday games" });
    carl.problems.allow(/status of 40[13]/);
    const { t, page } = operator;
    await operator.open();
    await openOwnMenu(operator);
    await page.getByRole("menuitem", { name: t("settings:instance") }).click();
    const steps = page.getByRole("region", { name: t("instance:first.title") });
    await steps.waitFor();
    await expectScreenAccessible(operator, options, "first steps");
    await operator.button(t("instance:first.dismiss")).click();
    await steps.waitFor({ state: "hidden" });
    await openTab(operator, "settings");
    await operator.field(t("instance:settings.registration")).click();
    await page.getByRole("option", { name: t("instance:settings.modes.approval"), exact: true }).click();
    await expectScreenAccessible(operator, options, "instance settings");
    // The rules of retention below have a button of their own.
    await operator.button(t("common:save")).first().click();
    await page.getByText(t("common:saved")).first().waitFor();

    await applyAndAccept(operator, carl);
    await announce(operator, carl);
    await openTab(operator, "servers");
    await page.getByRole("article", { name: "Friday games" }).waitFor();
    await expectScreenAccessible(operator, options, "instance servers");
    await disableAndEnable(operator, carl);
    await openTab(operator, "log");
    await page.getByText(t("instance:log.actions.application_refuse")).waitFor();
    await expectScreenAccessible(operator, options, "instance log");
  },
);
