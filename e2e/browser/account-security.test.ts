import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { claimInstance, logIn, logOut, openSettings, register, sendRegistration } from "../harness/actions/accounts.ts";
import { phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { answeredByTest, type Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

const atHome = (person: Person) =>
  person.page.getByRole("heading", { name: person.t("servers:none.heading") }).waitFor();
const atTheDoor = (person: Person) =>
  person.page.getByRole("heading", { name: person.t("auth:login.title") }).waitFor();

/** A device that unlocks a passkey at once, as if its user had put a finger on it. */
async function addAuthenticator(page: Page): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send("WebAuthn.enable");
  await devTools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** Closes settings and, on a phone, what they were opened from. */
async function leaveSettings({ page }: Person): Promise<void> {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").first().waitFor({ state: "hidden" });
}

test("somebody protects the account with an app and a passkey, and gets back in without the password", async () => {
  const anna = await world.guest("Anna", answeredByTest);
  const { page, t } = anna;
  await addAuthenticator(page);
  await anna.open("/register");
  await sendRegistration(anna);

  // The codes are shown before anything else.
  const list = page.getByRole("list", { name: t("security:codes.list") });
  await expect.poll(() => list.getByRole("listitem").count()).toBe(10);
  const [first, second, third] = await list.getByRole("listitem").allInnerTexts();
  await expectAccessible(page);
  await anna.button(t("security:codes.saved")).click();
  await atHome(anna);

  // An authenticator app.
  await openSettings(anna, "security");
  await anna.button(t("security:app.add")).click();
  await page.getByRole("img", { name: t("security:app.picture") }).waitFor();
  await expectAccessible(page);
  const key = await page.getByText(/^(?:[A-Z2-7]{4} ?){8}$/).innerText();
  const totp = new TOTP({ secret: Secret.fromBase32(key.replaceAll(" ", "")) });
  await anna.field(t("security:app.code")).fill(totp.generate());
  await page.keyboard.press("Enter");
  await anna.button(t("security:app.remove")).waitFor();
  await leaveSettings(anna);

  await logOut(anna);
  await atTheDoor(anna);
  await logIn(anna);
  await page.getByRole("heading", { name: t("security:step.title") }).waitFor();
  await expectAccessible(page);
  await anna.field(t("security:step.code")).fill("000000");
  await page.keyboard.press("Enter");
  await page.getByText(t("security:step.wrong")).waitFor();
  await anna.field(t("security:step.code")).fill(totp.generate({ timestamp: Date.now() + 30_000 }));
  await page.keyboard.press("Enter");
  await atHome(anna);

  // A passkey, which then logs in alone.
  await openSettings(anna, "security");
  await anna.button(t("security:passkeys.add")).click();
  await anna.field(t("security:passkeys.name")).fill("Laptop");
  await page.keyboard.press("Enter");
  await page.getByText("Laptop", { exact: true }).waitFor();
  await leaveSettings(anna);
  await logOut(anna);
  await anna.button(t("security:passkey.logIn")).click();
  await atHome(anna);
  await logOut(anna);

  // A forgotten password: one code sets a new one, another is the second step.
  await page.getByRole("link", { name: t("security:forgot") }).click();
  const recover = async (code: string) => {
    await anna.field(t("auth:username")).fill(anna.username);
    await anna.field(t("security:recover.code")).fill(code);
    await anna.field(t("security:recover.password")).fill("another good one");
    await anna.button(t("security:recover.submit")).click();
  };
  await recover("0000-0000-0000-0000");
  await page.getByText(t("security:recover.wrong")).waitFor();
  await expectAccessible(page);
  // The login after it fails: the page says what is true, and does not ask for the used code again.
  const disabled = { error: { code: "account_disabled", message: "" } };
  await page.route("**/api/auth/login", (route) => route.fulfill({ status: 403, json: disabled }), { times: 1 });
  anna.problems.allow(/403/);
  await recover(first!.toUpperCase());
  await page.getByText(t("security:reset.done", { username: anna.username })).waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: t("security:recover.back") }).click();
  await logIn(anna, "another good one");
  await anna.field(t("security:step.code")).fill(second!);
  await anna.button(t("security:step.submit")).click();
  await atHome(anna);

  await openSettings(anna, "security");
  await page.getByText(t("security:recovery.left", { count: 8 })).waitFor();
  await anna.button(t("security:passkeys.removeOf", { name: "Laptop" })).click();
  await page.getByText(t("security:passkeys.none")).waitFor();
  // As ten minutes after the login: the server asks for a proof, gets it, and then does what was asked for.
  const methods = ["authenticator", "recovery_code"];
  const refusal = { error: { code: "confirmation_required", message: "", details: { methods } } };
  await page.route("**/api/auth/authenticator", (route) => route.fulfill({ status: 403, json: refusal }), { times: 1 });
  anna.problems.allow(/403/);
  await anna.button(t("security:app.remove")).click();
  await page.getByRole("dialog", { name: t("security:confirm.title") }).waitFor();
  await expectAccessible(page);
  await anna.field(t("security:step.code")).fill("0000-0000-0000-0000");
  await page.keyboard.press("Enter");
  await page.getByText(t("security:step.wrong")).waitFor();
  await anna.field(t("security:step.code")).fill(third!);
  await page.keyboard.press("Enter");
  await anna.button(t("security:app.add")).waitFor();
});

test("an administrator's link lets somebody set a new password on a phone", async () => {
  const [boss, boris] = [await world.person("Boss"), await world.guest("Борис", { locale: "ru", viewport: phone })];
  await claimInstance(boss, world.server.output());
  await boris.open("/register");
  await register(boris);
  await boss.open();
  await openSettings(boss, "security");
  await boss.field(boss.t("security:help.username")).fill(boris.username);
  await boss.button(boss.t("security:help.submit")).click();
  const link = await boss.field(boss.t("security:help.link", { username: boris.username })).inputValue();
  await expectAccessible(boss.page);

  const lost = await world.secondBrowser(boris, { locale: "ru", viewport: phone });
  const { t, page } = lost;
  const { pathname, hash } = new URL(link);
  await lost.open(pathname + hash);
  await lost.field(t("security:recover.password")).fill("совсем другой пароль");
  expect(new URL(page.url()).hash).toBe("");
  await expectAccessible(page);
  await lost.button(t("security:recover.submit")).click();
  await page.getByText(t("security:reset.done", { username: boris.username })).waitFor();
  // The session of before has ended.
  await atTheDoor(boris);
  await page.getByRole("link", { name: t("security:recover.back") }).click();
  await logIn(lost, "совсем другой пароль");
  await atHome(lost);
  await lost.open(pathname + hash);
  await lost.field(t("security:recover.password")).fill("ещё один пароль");
  await lost.button(t("security:recover.submit")).click();
  await page.getByText(t("security:reset.broken")).waitFor();
  // Another link in the same tab changes only the hash of the address.
  await page.evaluate(() => (location.hash = "#another"));
  await page.getByText(t("security:reset.broken")).waitFor({ state: "hidden" });
  expect(new URL(page.url()).hash).toBe("");
});
