import { expect, test } from "vitest";
import { FaultyLink } from "../harness/faulty-link.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { channelList, createServerWith, goToChannel } from "../harness/community.ts";
import { phone } from "../harness/browser.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { message, say, sent } from "../harness/actions/messages.ts";
import { testInLongForm } from "../harness/variants.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });

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
  await anna.field(anna.t("chat:composer.label", { channel: "#side" })).waitFor();
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
  await sent(anna, "short").waitFor();
  await field.press("ArrowUp");
  await expect.poll(() => anna.field(anna.t("chat:edit.label")).inputValue()).toBe("short");
});

test("a message written before the channel has loaded shows as pending, and is sent after the network is back", async () => {
  const link = await FaultyLink.to(world.server.port);
  try {
    const anna = await world.person("Anna", { url: link.httpUrl });
    anna.problems.allowOutage();
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

testInLongForm(
  "a tall draft with ten files leaves the newest message in sight, and no field is wider than the messages",
  async () => {
    const [anna, boris] = await world.people([
      ["Anna", { viewport: phone }],
      ["Boris", { viewport: { width: 2560, height: 1300 } }],
    ]);
    await createServerWith([anna!, boris!], { history: 40 });
    const files = Array.from({ length: 10 }, (_, index) => ({
      name: `${index}.txt`,
      mimeType: "text/plain",
      buffer: Buffer.from("x"),
    }));
    for (const { page, t } of [anna!, boris!]) {
      await page.locator('#main input[type="file"]').setInputFiles(files);
      await page.getByRole("textbox").last().fill("line\n".repeat(60));
      await page.getByRole("button", { name: t("chat:upload.remove", { name: "9.txt" }) }).waitFor();
    }
    // Upright, above a keyboard, and turned.
    for (const size of [phone, { width: 390, height: 508 }, { width: 844, height: 390 }]) {
      await anna!.page.setViewportSize(size);
      await expect.poll(() => newestInSight(anna!), { message: JSON.stringify(size) }).toBe(true);
    }
    const [field, row] = await Promise.all(
      [boris!.page.getByRole("textbox").last(), message(boris!, "line 40").locator("> div").nth(1)].map((one) =>
        one.boundingBox(),
      ),
    );
    expect(field!.x + field!.width).toBeLessThanOrEqual(row!.x + row!.width);
  },
);

/** Whether the whole last message lies between the header and the composer. */
function newestInSight({ page }: Person): Promise<boolean> {
  return page
    .getByRole("article")
    .last()
    .evaluate((article) => {
      const scroller = article.closest(".overflow-y-auto")!.getBoundingClientRect();
      const { top, bottom } = article.getBoundingClientRect();
      return top >= scroller.top && bottom <= scroller.bottom + 1 && bottom <= innerHeight;
    });
}
