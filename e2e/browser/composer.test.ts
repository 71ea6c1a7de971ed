import { expect, test } from "vitest";
import { FaultyLink } from "../harness/faulty-link.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { channelList, createServerWith, goToChannel } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";

const world = openWorld();

test("the composer completes names and emoji by keyboard, and announces the suggestion to screen readers", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  await createServerWith([anna, boris], { name: "Home" });
  const field = anna.page.getByRole("textbox");
  const active = async () => {
    const id = await field.getAttribute("aria-activedescendant");
    return id === null ? null : anna.page.locator(`[id="${id}"]`).innerText();
  };
  // Typing while nothing has the focus goes into the composer.
  await anna.page.locator("#main h1").click();
  await anna.page.keyboard.type("hello @");
  await anna.page.getByRole("listbox", { name: anna.t("chat:composer.suggestions") }).waitFor();
  await expect.poll(active).toContain("Boris");
  await expectAccessible(anna.page);
  await field.press("ArrowDown");
  await expect.poll(active).toContain("@everyone");
  await field.press("ArrowUp");
  await field.press("Enter");
  expect(await field.inputValue()).toBe(`hello @${boris.username} `);

  await field.pressSequentially(":thumbsu");
  await expect.poll(active).toContain(":thumbsup:");
  await field.press("Tab");
  await field.pressSequentially(":smile:");
  await expect.poll(() => field.inputValue()).toBe(`hello @${boris.username} 👍 😄`);
  await field.pressSequentially(" @bo");
  await expect.poll(active).toContain("Boris");
  await field.press("Escape");
  await expect.poll(active).toBeNull();
  await field.press("Shift+Enter");
  await field.pressSequentially("next line");
  await field.press("Enter");
  await message(boris, "next line").waitFor();
  const [sent] = (await boris.rest.listMessages((await boris.rest.listServers())[0]!.channels[0]!.id)).messages;
  expect(sent?.content).toBe(`hello @${boris.username} 👍 😄 @bo\nnext line`);
  expect(sent?.mentions).toHaveLength(1);
});

test("the composer keeps a draft for each channel, and counts the characters that are left", async () => {
  const anna = await world.person("Anna");
  const home = await createServerWith([anna], { name: "Home" });
  await anna.rest.createChannel(home.id, { name: "side", type: "text" });
  const field = anna.page.getByRole("textbox");
  await field.fill("half a thought");
  await goToChannel(anna, "side");
  await anna.field(anna.t("chat:composer.label", { channel: "side" })).waitFor();
  await expect.poll(() => field.inputValue()).toBe("");
  await goToChannel(anna, "general");
  await expect.poll(() => field.inputValue()).toBe("half a thought");
  await anna.page.reload();
  await expect.poll(() => field.inputValue()).toBe("half a thought");

  await field.fill("x".repeat(4_990));
  await anna.page.getByText(anna.t("chat:composer.left", { count: 10 })).waitFor();
  await field.fill("x".repeat(5_001));
  await anna.page.getByText(anna.t("chat:composer.tooLong", { count: 1 })).waitFor();
  await field.press("Enter");
  expect(await field.inputValue()).toHaveLength(5_001);
  await say(anna, "short");
  await message(anna, "short").waitFor();
  // A message can be edited once the server has acknowledged it.
  await anna.page.locator("article[data-message]").filter({ hasText: "short" }).waitFor();
  await field.press("ArrowUp");
  await expect.poll(() => anna.field(anna.t("chat:edit.label")).inputValue()).toBe("short");
});

test("a message written before the channel has loaded shows as pending, and is sent after the network is back", async () => {
  const link = await FaultyLink.to(world.server.port);
  try {
    const anna = await world.person("Anna", { url: link.httpUrl });
    anna.problems.allow(/net::ERR_|WebSocket connection|Failed to fetch/);
    const { id } = await createServerWith([anna]);
    const side = await anna.rest.createChannel(id, { name: "side", type: "text" });
    await channelList(anna).getByRole("link", { name: "side" }).waitFor();
    link.sever();
    await goToChannel(anna, "side");
    await say(anna, "early");
    const pending = message(anna, "early").getByText(anna.t("chat:message.sending"));
    await pending.waitFor();
    link.restore();
    await expect.poll(async () => (await anna.rest.listMessages(side.id)).messages.length).toBe(1);
    await expect.poll(() => pending.count()).toBe(0);
    await message(anna, "early").waitFor();
  } finally {
    await link.close();
  }
});
