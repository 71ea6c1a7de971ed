import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../apps/server/src/testing/free-port.ts";
import { OpenidService } from "../../apps/server/src/testing/openid-service.ts";
import { startTestServer, type TestServer } from "../../apps/server/src/testing/test-server.ts";
import { logIn, openSettings } from "../harness/actions/accounts.ts";
import { launchBrowser, phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { Person, type PersonOptions } from "../harness/person.ts";

let service: OpenidService;
let server: TestServer;
let chromium: Browser;

beforeAll(async () => {
  const port = await freePort();
  const publicUrl = `http://localhost:${port}`;
  service = await OpenidService.start(`${publicUrl}/api/auth/providers/school/callback`);
  [server, chromium] = await Promise.all([
    startTestServer(
      { port, publicUrl, oidcProviders: [service.settings()] },
      { issuers: { permitsLoopbackHttp: true } },
    ),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  await chromium.close();
  await server.cleanup();
  await service.close();
});

function arrive(name: string, options: PersonOptions = {}): Promise<Person> {
  const place = { browser: () => Promise.resolve(chromium), url: server.config.publicUrl! };
  return Person.open(place, name, name.toLowerCase(), options);
}

/** On the service's page. */
async function signIn({ page }: Person, name: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const atHome = ({ page, t }: Person) => page.getByRole("heading", { name: t("servers:none.heading") }).waitFor();

test("somebody comes in through a provider, and another links one to the account that they have", async () => {
  service.people.set("s-ada", { preferred_username: "ada", name: "Ada" });
  const ada = await arrive("Ada", { locale: "ru", viewport: phone });
  const school = { name: "School" };
  await ada.open("/login");
  const enter = ada.button(ada.t("security:provider.with", school));
  await enter.waitFor();
  await expectAccessible(ada.page);
  await enter.focus();
  await ada.page.keyboard.press("Enter");
  await signIn(ada, "s-ada");
  await ada.page.getByRole("heading", { name: ada.t("security:provider.choose") }).waitFor();
  await expectAccessible(ada.page);
  expect(await ada.field(ada.t("auth:username")).inputValue()).toBe("ada");
  await ada.page.keyboard.press("Enter");
  await ada.button(ada.t("security:codes.saved")).click();
  await atHome(ada);

  const bob = await arrive("Bob");
  await bob.registerQuickly();
  await bob.open();
  await atHome(bob);
  await openSettings(bob, "security");
  await bob.button(bob.t("security:logins.link", school)).click();
  await signIn(bob, "s-bob");
  await bob.page.getByText(bob.t("security:provider.linked", school)).first().waitFor();
  await openSettings(bob, "security");
  await bob.button(bob.t("security:logins.unlinkOf", school)).waitFor();
  await expectAccessible(bob.page);

  // Somebody who says no there is told so, and the password still does.
  await bob.context.clearCookies();
  await bob.open("/login");
  await bob.button(bob.t("security:provider.with", school)).click();
  await signIn(bob, "");
  await bob.page.getByText(bob.t("security:provider.problem.denied", school)).waitFor();
  await expectAccessible(bob.page);
  await bob.page.getByRole("link", { name: bob.t("security:provider.back") }).click();
  await logIn(bob);
  await atHome(bob);
});
