import { afterAll, beforeAll, expect, test } from "vitest";
import { startMailServer, type MailServer } from "../../apps/server/src/testing/mail-server.ts";
import { claimInstance, logIn, openSettings } from "../harness/actions/accounts.ts";
import { phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const publicUrl = "http://localhost";
const newPassword = "another good one";
let smtp: MailServer;

beforeAll(async () => {
  smtp = await startMailServer();
});
const world = openWorld({
  env: () => ({ SMTP_URL: smtp.url, SMTP_FROM: "miscord@example.org", PUBLIC_URL: publicUrl }),
});
afterAll(() => smtp.close());

/** The page of this path that a mail to somebody leads to, with its secret. */
async function linkTo({ email }: Person, path: string): Promise<string> {
  const link = new RegExp(`^${publicUrl}(${path}#[\\w-]+)$`, "m");
  const found = () => smtp.received.filter(({ to }) => to.includes(email)).flatMap(({ text }) => link.exec(text) ?? []);
  await expect.poll(found).toHaveLength(2);
  return found()[1]!;
}

test("somebody confirms an address, and sets a forgotten password from a mail, which ends the other session", async () => {
  const anna = await world.person("Анна", { locale: "ru", viewport: phone });
  await anna.open();
  await openSettings(anna, "account");
  await anna.page.getByText(anna.t("settings:mail.pending", { email: anna.email })).waitFor();

  // The mail is opened in another browser, which has to log in first.
  const away = await world.secondBrowser(anna);
  await away.open(await linkTo(anna, "/confirm-email"));
  await away.page.getByRole("heading", { name: away.t("security:email.title") }).waitFor();
  expect(new URL(away.page.url()).hash).toBe("");
  await away.page.getByRole("link", { name: away.t("auth:register.login") }).click();
  await logIn(away);
  await away.button(away.t("security:email.submit", { username: anna.username })).click();
  await away.page.getByText(away.t("security:email.done", { email: anna.email })).waitFor();
  await expectAccessible(away.page);
  // The page that was open all the time shows it, and lets its user choose mails.
  await anna.page.getByText(anna.t("settings:mail.confirmed")).waitFor();
  const digest = anna.page.getByRole("switch", { name: anna.t("settings:mail.digest") });
  expect(await digest.getAttribute("aria-checked")).toBe("false");
  await digest.click();
  await expect.poll(() => digest.getAttribute("aria-checked")).toBe("true");
  await expectAccessible(anna.page);

  // The other browser has lost its login, and its user the password.
  await away.context.clearCookies();
  await away.open("/login");
  await away.page.getByRole("link", { name: away.t("security:forgot") }).click();
  await away.field(away.t("security:mailReset.email")).fill(anna.email);
  await expectAccessible(away.page);
  await away.button(away.t("security:mailReset.submit")).click();
  await away.page.getByText(away.t("security:mailReset.sent", { email: anna.email })).waitFor();
  await away.open(await linkTo(anna, "/reset"));
  await away.field(away.t("security:recover.password")).fill(newPassword);
  await away.button(away.t("security:recover.submit")).click();
  await away.page.getByText(away.t("security:reset.done", { username: anna.username })).waitFor();
  await anna.page.getByRole("heading", { name: anna.t("auth:login.title") }).waitFor();
  await away.page.getByRole("link", { name: away.t("security:recover.back") }).click();
  await logIn(away, newPassword);
  await away.page.getByRole("heading", { name: away.t("servers:none.heading") }).waitFor();
});

test("an administrator sees that mails leave, and sends one to try it", async () => {
  const boss = await world.person("Boss");
  await claimInstance(boss, world.server.output());
  await boss.open("/instance#mail");
  await boss.page.getByRole("heading", { name: boss.t("instance:mail.title") }).waitFor();
  await boss.button(boss.t("instance:mail.test")).click();
  await boss.page.getByText(boss.t("instance:mail.tested")).first().waitFor();
  await expect
    .poll(() => smtp.received.some(({ to, text }) => to.includes(boss.email) && /arrive/.test(text)))
    .toBe(true);
});
