import { expect, test } from "vitest";
import { createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";

const world = openWorld();

/** A page from before an update of the server: the files that it has not loaded yet are gone. */
async function personOfOldPage(): Promise<Person> {
  const anna = await world.person("Anna", { context: { serviceWorkers: "block" } });
  anna.problems.allow(/dynamically imported module|Unable to preload CSS/);
  await createServerWith([anna], { name: "Home" });
  await anna.page.getByRole("textbox").fill("half a thought");
  await anna.page.route("**/assets/*", (route) => route.fulfill({ status: 404, body: "" }));
  return anna;
}

test("a dialog that cannot be loaded says so, and a reload brings it back with the draft", async () => {
  const anna = await personOfOldPage();
  const { page, t } = anna;
  await anna.button(t("settings:title")).click();
  await page.getByRole("dialog", { name: t("common:part.failed") }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => anna.dialog().count()).toBe(0);
  expect(await page.getByRole("textbox").inputValue()).toBe("half a thought");
  // A second try is answered too, and other dialogs are tried for themselves.
  await anna.button(t("settings:title")).click();
  await page.getByRole("dialog", { name: t("common:part.failed") }).waitFor();
  await page.unroute("**/assets/*");
  await anna.button(t("common:reload")).click();
  await expect.poll(() => page.getByRole("textbox").inputValue()).toBe("half a thought");
  await anna.button(t("settings:title")).click();
  await page.getByRole("dialog", { name: t("settings:title") }).waitFor();
});

test("so does a popover, and the rest goes on", async () => {
  const anna = await personOfOldPage();
  const { page, t } = anna;
  await anna.button(t("notifications:title")).click();
  const popover = page.getByRole("dialog", { name: t("notifications:title") });
  await popover.getByText(t("common:part.failed")).waitFor();
  await anna.button(t("common:reload"), popover).waitFor();
  await page.keyboard.press("Escape");
  await say(anna, "still here");
  await message(anna, "still here").waitFor();
});

test("code shows without its colours", async () => {
  const anna = await personOfOldPage();
  await say(anna, "```js\nconst here = true;\n```");
  await message(anna, "const here = true;").waitFor();
  await say(anna, "still here");
  await message(anna, "still here").waitFor();
  await message(anna, "const here = true;").waitFor();
});

test("voice that cannot be loaded says so, and works as soon as it can be", async () => {
  const anna = await personOfOldPage();
  const { page, t } = anna;
  // The machine may have no speaker.
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
