import { expect, test } from "vitest";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { createServerWith } from "../harness/community.ts";
import { answeredByTest, type Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";
import { testInLongForm } from "../harness/variants.ts";

const world = openWorld();

/** A page opened before an update of the server: the files that it has not loaded yet are gone. */
async function personWithOutdatedPage(): Promise<Person> {
  const anna = await world.person("Anna", answeredByTest);
  anna.problems.allow(/dynamically imported module|Unable to preload CSS/);
  await createServerWith([anna], { name: "Home" });
  await anna.page.getByRole("textbox").fill("half a thought");
  await anna.page.route("**/assets/*", (route) => route.fulfill({ status: 404, body: "" }));
  return anna;
}

test("a dialog whose script cannot be loaded says so, and opens after a reload that keeps the draft", async () => {
  const anna = await personWithOutdatedPage();
  const { page, t } = anna;
  await anna.button(t("settings:title")).click();
  await page.getByRole("dialog", { name: t("common:part.failed") }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => anna.dialog().count()).toBe(0);
  expect(await page.getByRole("textbox").inputValue()).toBe("half a thought");
  // Opening the dialog again shows the error again.
  await anna.button(t("settings:title")).click();
  await page.getByRole("dialog", { name: t("common:part.failed") }).waitFor();
  await page.unroute("**/assets/*");
  await anna.button(t("common:reload")).click();
  await expect.poll(() => page.getByRole("textbox").inputValue()).toBe("half a thought");
  await anna.button(t("settings:title")).click();
  await page.getByRole("dialog", { name: t("settings:title") }).waitFor();
});

testInLongForm("a popover whose script cannot be loaded says so, and messages can still be sent", async () => {
  const anna = await personWithOutdatedPage();
  const { page, t } = anna;
  await anna.button(t("notifications:title")).click();
  const popover = page.getByRole("dialog", { name: t("notifications:title") });
  await popover.getByText(t("common:part.failed")).waitFor();
  await anna.button(t("common:reload"), popover).waitFor();
  await page.keyboard.press("Escape");
  await say(anna, "still here");
  await message(anna, "still here").waitFor();
});

testInLongForm("a code block shows without colours when the highlighter cannot be loaded", async () => {
  const anna = await personWithOutdatedPage();
  await say(anna, "```js\nconst here = true;\n```");
  await message(anna, "const here = true;").waitFor();
  await say(anna, "still here");
  await message(anna, "still here").waitFor();
  await message(anna, "const here = true;").waitFor();
});

testInLongForm("joining a call says so when the voice script cannot be loaded, and works on a later try", async () => {
  const anna = await personWithOutdatedPage();
  const { page, t } = anna;
  // Chromium logs this on a machine without a sound device.
  anna.problems.allow(/The AudioContext encountered an error/);
  const [server] = await anna.rest.listServers();
  const channel = server!.channels.find(({ type }) => type === "voice")!.name;
  const enter = anna.button(t("voice:channels.join", { channel })).first();
  await enter.click();
  await page.getByRole("dialog", { name: t("common:part.failed") }).waitFor();
  await page.keyboard.press("Escape");
  await page.unroute("**/assets/*");
  await enter.click();
  await page.getByRole("region", { name: t("voice:panel.label") }).waitFor();
});

/** The page's code does not arrive: the first `times` requests of scripts fail. */
async function failScripts(person: Person, times: number): Promise<() => number> {
  let failed = 0;
  person.problems.allow(/net::ERR_CONNECTION_RESET/);
  await person.page.route(/assets\/app-.*\.js/, (route) => {
    failed += 1;
    return failed > times ? route.fallback() : route.abort("connectionreset");
  });
  return () => failed;
}

test("a page whose code does not arrive is loaded once more by itself", async () => {
  const anna = await world.person("Anna", answeredByTest);
  await createServerWith([anna], { name: "Home" });
  const failed = await failScripts(anna, 1);
  await anna.page.reload();
  await anna.page.getByRole("textbox").waitFor();
  expect(failed()).toBe(2);
});

test("a page whose code does not arrive twice says so, and its link loads it again", async () => {
  const anna = await world.person("Anna", answeredByTest);
  await createServerWith([anna], { name: "Home" });
  const failed = await failScripts(anna, 2);
  await anna.page.reload();
  await anna.page.getByText("Miscord has not loaded.").waitFor();
  await expectAccessible(anna.page);
  expect(failed()).toBe(2);
  await anna.page.getByRole("link", { name: "reload the page" }).click();
  await anna.page.getByRole("textbox").waitFor();
  // It has started since: the next failure is again the first.
  const again = await failScripts(anna, 1);
  await anna.page.reload();
  await anna.page.getByRole("textbox").waitFor();
  expect(again()).toBe(2);
});

testInLongForm("a page whose code fails slowly is loaded once more only, and its link keeps the fragment", async () => {
  const anna = await world.person("Anna", answeredByTest);
  await createServerWith([anna], { name: "Home" });
  const failed = await failScripts(anna, 2);
  // Each page sees a clock that is two minutes later than that of the one before.
  await anna.page.addInitScript(() => {
    const loads = Number(sessionStorage.getItem("loads") ?? 0) + 1;
    sessionStorage.setItem("loads", String(loads));
    const now = Date.now.bind(Date);
    Date.now = () => now() + loads * 120_000;
  });
  await anna.page.evaluate(() => {
    location.hash = "#token";
    location.reload();
  });
  await anna.page.getByText("Miscord has not loaded.").waitFor();
  expect(failed()).toBe(2);
  await anna.page.getByRole("link", { name: "reload the page" }).click();
  await anna.page.getByRole("textbox").waitFor();
  expect(new URL(anna.page.url()).hash).toBe("#token");
});
