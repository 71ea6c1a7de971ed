import { securityCalls } from "@miscord/client";
import type { Page, Route } from "playwright-core";
import { expect, test } from "vitest";
import { FaultyLink } from "../harness/faulty-link.ts";
import { logIn, openSettings } from "../harness/actions/accounts.ts";
import { channelList, chooseInServerMenu, createServerWith } from "../harness/community.ts";
import { answeredByTest, type Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";
import { act } from "../harness/actions/timeline.ts";
import { wordsOf } from "../harness/words.ts";
import { testInLongForm } from "../harness/variants.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s", RATE_CHANGES: "1000/s" }) });

/** Holds back the first request of this method and path until `letGo`. */
async function holdFirst({ page }: Person, path: string, method: string) {
  const held = Promise.withResolvers<Route>();
  let isFirst = true;
  await page.route(path, async (route) => {
    if (!isFirst || route.request().method() !== method) return route.continue();
    isFirst = false;
    held.resolve(route);
  });
  return { begun: held.promise, letGo: async () => (await held.promise).continue() };
}

test("a theme changed and changed back while the first change is being saved ends up as before", async () => {
  const anna = await world.person("Anna", answeredByTest);
  const { page, t } = anna;
  await anna.rest.updateProfile({ theme: "dark" });
  await anna.open();
  await openSettings(anna, "appearance");
  const shown = () => page.locator("html").getAttribute("data-theme");
  const saving = await holdFirst(anna, "**/api/auth/me", "PATCH");
  await page.getByRole("radio", { name: t("settings:theme.light") }).click();
  await saving.begun;
  await page.getByRole("radio", { name: t("settings:theme.dark") }).click();
  await anna.field(t("settings:language.title")).click();
  await page.getByRole("option", { name: "Русский" }).click();
  await saving.letGo();
  await expect.poll(async () => (await anna.rest.me()).locale).toBe("ru");
  expect((await anna.rest.me()).theme).toBe("dark");
  await expect.poll(shown).toBe("dark");
});

test("a channel moved up twice, the second time during the first save, ends up two places higher", async () => {
  const anna = await world.person("Anna", answeredByTest);
  const { page, t } = anna;
  const server = await createServerWith([anna], { name: "Home" });
  for (const name of ["second", "third"]) await anna.rest.createChannel(server.id, { name, type: "text" });
  const links = channelList(anna)
    .getByRole("list", { name: t("servers:channels.title") })
    .getByRole("link");
  await expect.poll(() => links.allInnerTexts()).toEqual(["general", "second", "third"]);
  const saving = await holdFirst(anna, "**/channels/order", "PUT");
  const moveUp = async () => {
    await links.filter({ hasText: "third" }).click({ button: "right" });
    await page.getByRole("menuitem", { name: t("servers:channels.moveUp") }).click();
  };
  await moveUp();
  await saving.begun;
  await expect.poll(() => links.allInnerTexts()).toEqual(["general", "third", "second"]);
  await moveUp();
  await expect.poll(() => links.allInnerTexts()).toEqual(["third", "general", "second"]);
  await saving.letGo();
  const saved = async () => {
    const { channels } = await anna.rest.getServer(server.id);
    return channels.filter(({ type }) => type === "text").map(({ name }) => name);
  };
  await expect.poll(saved).toEqual(["third", "general", "second"]);
  await expect.poll(() => links.allInnerTexts()).toEqual(["third", "general", "second"]);
});

testInLongForm(
  "the End key moves the cursor in a message's editor, and on a message scrolls to the newest",
  async () => {
    const anna = await world.person("Anna", answeredByTest);
    const { id, channels } = await createServerWith([anna], { history: 150 });
    const channel = channels.find(({ type }) => type === "text")!;
    const first = (await anna.rest.listMessages(channel.id, { limit: 100 })).messages[0]!;
    await anna.open(`/channels/${id}/${channel.id}/${first.id}`);
    const row = anna.page.locator(`[data-message="${first.id}"]`);
    await row.waitFor();
    await act(anna, row, anna.t("chat:action.edit"));
    const editor = anna.field(anna.t("chat:edit.label"));
    await editor.fill("changed");
    await editor.press("Home");
    await editor.press("End");
    await editor.pressSequentially("!");
    await editor.press("Enter");
    await row.getByText("changed!").waitFor();
    await row.focus();
    await row.press("End");
    await message(anna, "line 150.").waitFor();
  },
);

test("the settings dialog of a server that is deleted closes, and shortcuts work again", async () => {
  const anna = await world.person("Anna", answeredByTest);
  const { page, t } = anna;
  const server = await createServerWith([anna], { name: "Home" });
  await chooseInServerMenu(anna, "Home", t("servers:settings.open"));
  await anna.dialog().waitFor();
  await anna.rest.deleteServer(server.id);
  await expect.poll(() => anna.dialog().count()).toBe(0);
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: t("common:switcher.title") }).waitFor();
});

testInLongForm("settings that were open when the session ended are closed after the next login", async () => {
  const anna = await world.person("Anna", answeredByTest);
  const { page, t } = anna;
  await createServerWith([anna], { name: "Home" });
  await openSettings(anna);
  await anna.dialog().waitFor();
  const [session] = await securityCalls(anna.rest).listSessions();
  await securityCalls(anna.rest).revokeSession(session!.id);
  await logIn(anna);
  await anna.field(t("chat:composer.label", { channel: "#general" })).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: t("common:switcher.title") }).waitFor();
  expect(await anna.dialog().count()).toBe(1);
});

test("a slow save of one message does not close the editor of another", async () => {
  const anna = await world.person("Anna", answeredByTest);
  await createServerWith([anna], { name: "Home" });
  for (const text of ["one", "two"]) await say(anna, text);
  const saving = await holdFirst(anna, "**/api/messages/*", "PATCH");
  const editor = anna.field(anna.t("chat:edit.label"));
  await act(anna, message(anna, "one"), anna.t("chat:action.edit"));
  await editor.fill("one, changed");
  await editor.press("Enter");
  await saving.begun;
  await act(anna, message(anna, "two"), anna.t("chat:action.edit"));
  await editor.fill("two, half changed");
  await saving.letGo();
  await message(anna, "one, changed").getByText(anna.t("chat:message.edited")).waitFor();
  expect(await editor.inputValue()).toBe("two, half changed");
  await editor.press("Enter");
  await message(anna, "two, half changed").getByText(anna.t("chat:message.edited")).waitFor();
  await expect.poll(() => editor.count()).toBe(0);
});

testInLongForm("a focused pending message keeps the focus when the server acknowledges it", async () => {
  const link = await FaultyLink.to(world.server.port);
  try {
    const anna = await world.person("Anna", { ...answeredByTest, url: link.httpUrl });
    anna.problems.allowOutage();
    await createServerWith([anna], { name: "Home" });
    link.sever();
    await say(anna, "early");
    const row = message(anna, "early");
    await row.getByText(anna.t("chat:message.sending")).waitFor();
    await row.focus();
    link.restore();
    await expect.poll(() => row.getAttribute("data-message")).not.toBeNull();
    expect(await row.evaluate((element) => element === document.activeElement)).toBe(true);
  } finally {
    await link.close();
  }
});

test("a confirmation dialog stays open when its request is refused", async () => {
  const anna = await world.person("Anna", answeredByTest);
  const { page, t } = anna;
  const server = await createServerWith([anna], { name: "Home" });
  const { name } = server.channels.find(({ type }) => type === "voice")!;
  const refused = { error: { code: "forbidden", message: "not now" } };
  await page.route("**/api/channels/*", (route) => route.fulfill({ status: 403, json: refused }), { times: 1 });
  await channelList(anna)
    .getByRole("button", { name: t("voice:channels.join", { channel: name }) })
    .click({ button: "right" });
  await page.getByRole("menuitem", { name: t("servers:channels.delete") }).click();
  const question = page.getByRole("alertdialog", { name: t("servers:deleteChannel.voiceTitle", { channel: name }) });
  await question.getByText(t("servers:deleteChannel.voiceDescription")).waitFor();
  const confirm = anna.button(t("servers:deleteChannel.submit"), question);
  await confirm.click();
  await page.getByText(t("common:error.forbidden")).waitFor();
  await confirm.click();
  await expect.poll(() => question.count()).toBe(0);
  expect((await anna.rest.getServer(server.id)).channels.map((channel) => channel.name)).not.toContain(name);
});

testInLongForm("the message that a call has ended is not repeated when the language changes", async () => {
  const anna = await world.person("Anna", answeredByTest);
  const { page, t } = anna;
  // Chromium logs this on a machine without a sound device.
  anna.problems.allow(/The AudioContext encountered an error/);
  const server = await createServerWith([anna], { name: "Home" });
  const channel = server.channels.find(({ type }) => type === "voice")!.name;
  const enter = (where: Page) =>
    where
      .getByRole("button", { name: t("voice:channels.join", { channel }) })
      .first()
      .click();
  const panel = (where: Page) => where.getByRole("region", { name: t("voice:panel.label") });
  await enter(page);
  await panel(page).getByText(t("voice:status.connected")).waitFor();
  const second = await anna.context.newPage();
  await second.goto(page.url());
  await enter(second);
  await page.getByText(t("voice:ended.replaced")).waitFor();
  await openSettings(anna, "appearance");
  await anna.field(t("settings:language.title")).click();
  await page.getByRole("option", { name: "Русский" }).click();
  const russian = wordsOf("ru");
  await page.getByRole("dialog", { name: russian("settings:title") }).waitFor();
  expect(await page.getByText(russian("voice:ended.replaced")).count()).toBe(0);
});
