import { botCalls, createClient } from "@miscord/client";
import { expect, test } from "vitest";
import { openSettings, showChannels } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { drawnPicture } from "../harness/actions/pictures.ts";
import { desktop, phone } from "../harness/browser.ts";
import { expectScreenAccessible } from "../harness/checks/screens.ts";
import { channelList, createServerWith } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });

const onPhone = { locale: "ru", theme: "light", viewport: phone, size: "phone" } as const;
const onDesktop = { locale: "en", theme: "dark", viewport: desktop, size: "desktop" } as const;

const embed = {
  title: "Build 42 failed",
  url: "https://ci.example.org/42",
  description: "**3 of 812 tests** in `store`",
  color: 0xcf222e,
  fields: [
    { name: "Branch", value: "main", inline: true },
    { name: "Duration", value: "2 min", inline: true },
  ],
  footer: { text: "ci.example.org" },
  image: { url: "https://ci.example.org/graph.png" },
};

test("a webhook is made in a channel on a phone, a program posts to it, and everybody sees what it is", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onPhone), world.person("Boris", onDesktop)]);
  await createServerWith([anna, boris]);
  const { page, t } = anna;
  await showChannels(anna);
  await channelList(anna)
    .getByRole("link", { name: "general" })
    .dispatchEvent("contextmenu", { clientX: 120, clientY: 155, button: 2 });
  await page.getByRole("menuitem", { name: t("servers:channels.webhooks") }).click();
  await page.getByText(t("webhooks:none")).waitFor();
  await expectScreenAccessible(anna, onPhone, "no webhooks");
  await anna.button(t("webhooks:make")).click();
  await anna.field(t("webhooks:name")).fill("Builds");
  await page.keyboard.press("Enter");
  const address = await anna.field(t("webhooks:address", { name: "Builds" })).inputValue();
  await page.getByText(t("webhooks:neverUsed")).waitFor();
  await expectScreenAccessible(anna, onPhone, "a new webhook");
  await anna.button(t("webhooks:addressDone")).click();
  expect(await page.getByText(address).count()).toBe(0);
  await anna.button(t("webhooks:actions", { name: "Builds" })).click();
  await page.getByRole("menuitem", { name: t("webhooks:change") }).click();
  await page.getByLabel(t("pictures:file")).setInputFiles(await drawnPicture(anna, "face.png", "#4080c0"));
  await anna.button(t("pictures:crop.use")).click();
  await anna.button(t("pictures:remove")).waitFor();
  await expectScreenAccessible(anna, onPhone, "a webhook's picture");
  await anna.button(t("common:cancel")).click();
  await anna.button(t("common:cancel")).waitFor({ state: "hidden" });
  await page.keyboard.press("Escape");

  const requests: string[] = [];
  for (const person of [anna, boris]) person.page.on("request", (request) => requests.push(request.url()));
  const body = JSON.stringify({
    content: "Look at this",
    username: "Boris",
    avatar_url: embed.image.url,
    embeds: [embed],
  });
  const answer = await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body });
  expect(answer.status).toBe(204);
  await message(boris, "Look at this").getByText(boris.t("common:webhook"), { exact: true }).waitFor();
  // Nothing can be read at its address, so it is the webhook's own.
  await message(boris, "Look at this").locator('img[src^="/api/pictures/"]').waitFor();
  const title = message(boris, "Look at this").getByRole("link", { name: embed.title });
  expect(await title.getAttribute("href")).toBe(embed.url);
  await expectScreenAccessible(boris, onDesktop, "a webhook's message");
  // The drawer with the channels.
  await page.keyboard.press("Escape");
  await message(anna, "Look at this").getByText(t("common:webhook"), { exact: true }).waitFor();
  await message(anna, "Look at this").getByText("main", { exact: true }).waitFor();
  await expectScreenAccessible(anna, onPhone, "a webhook's message");
  expect(requests.filter((url) => url.includes("ci.example.org"))).toEqual([]);
});

test("a bot is made in the settings, added to a server, answers there, and is marked", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onDesktop), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris]);
  const { page, t } = anna;
  await openSettings(anna, "bots");
  await page.getByText(t("bots:none")).waitFor();
  await anna.button(t("bots:make")).click();
  await anna.field(t("bots:username")).fill("helper.bot");
  await page.keyboard.press("Enter");
  const token = await anna.field(t("bots:token", { name: "helper.bot" })).inputValue();
  await expectScreenAccessible(anna, onDesktop, "a new bot");
  await anna.button(t("bots:actions", { name: "helper.bot" })).click();
  await page.getByRole("menuitem", { name: t("bots:add") }).click();
  await page.getByRole("menuitem", { name: server.name }).click();
  await page.getByText(t("bots:servers", { count: 1 })).waitFor();
  await page.keyboard.press("Escape");

  const bot = createClient({ baseUrl: world.server.url, botToken: token });
  bot.on("message", ({ channel_id, content }) => {
    if (content === "!help") bot.sendMessage(channel_id, { content: "How can I help?" });
  });
  await bot.start();
  await expect.poll(() => Object.keys(bot.store.getState().channels).length).toBeGreaterThan(0);
  for (const { id, type } of Object.values(bot.store.getState().channels))
    if (type === "text") await bot.openChannel(id);
  await say(boris, "!help");
  await message(boris, "How can I help?").getByText(boris.t("common:bot"), { exact: true }).waitFor();
  await expectScreenAccessible(boris, onPhone, "a bot's message");
  await anna.page.getByRole("listitem").filter({ hasText: "helper.bot" }).first().waitFor();
  bot.close();
  expect(await botCalls(anna.rest).list()).toMatchObject([{ username: "helper.bot", server_ids: [server.id] }]);
});
