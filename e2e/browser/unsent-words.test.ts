import { expect, test } from "vitest";
import { act } from "../harness/actions/timeline.ts";
import { attach, message, say } from "../harness/actions/messages.ts";
import { phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { createServerWith, firstChannel, openChannel } from "../harness/community.ts";
import { answeredByTest, type Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { testInLongForm } from "../harness/variants.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });

const composer = ({ page }: Person) => page.locator("#main").getByRole("textbox").last();

/** Dispatches a key as an input method does. Runs in the page. */
function dispatchEnter(field: Element, key: { isComposing: boolean; keyCode: number }): void {
  if (!key.isComposing) field.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "日本" }));
  const event = new KeyboardEvent("keydown", {
    key: "Enter",
    bubbles: true,
    cancelable: true,
    isComposing: key.isComposing,
  });
  Object.defineProperty(event, "keyCode", { value: key.keyCode });
  field.dispatchEvent(event);
}

test("Enter that confirms an input method sends, searches and saves nothing", async () => {
  const anna = await world.person("Anna");
  await createServerWith([anna]);
  await composer(anna).fill("日本");
  await composer(anna).evaluate(dispatchEnter, { isComposing: true, keyCode: 229 });
  await composer(anna).evaluate(dispatchEnter, { isComposing: false, keyCode: 229 });
  expect(await composer(anna).inputValue()).toBe("日本");
  await composer(anna).evaluate(dispatchEnter, { isComposing: false, keyCode: 13 });
  await message(anna, "日本").waitFor();
  expect(await composer(anna).inputValue()).toBe("");

  await anna.page.keyboard.press("Control+k");
  const search = anna.page.getByRole("combobox", { name: anna.t("common:switcher.title") });
  await search.fill("general");
  await search.evaluate(dispatchEnter, { isComposing: false, keyCode: 229 });
  await search.waitFor();
});

testInLongForm("letters typed right after Ctrl+K go to the switcher, although it is still loading", async () => {
  const anna = await world.person("Anna", answeredByTest);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await anna.page.route(/quick-switcher.*\.js/, async (route) => {
    await released;
    await route.continue();
  });
  await createServerWith([anna]);
  await composer(anna).click();
  await anna.page.keyboard.press("Control+k");
  await anna.page.keyboard.type("gen");
  release();
  const search = anna.page.getByRole("combobox", { name: anna.t("common:switcher.title") });
  await search.waitFor();
  await expect.poll(() => search.inputValue()).toBe("gen");
  await anna.page.keyboard.type("eral");
  await expect.poll(() => search.inputValue()).toBe("general");
  await anna.page.keyboard.press("Escape");
  await expect.poll(() => composer(anna).evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await composer(anna).inputValue()).toBe("");
});

test("words that were not sent when the tab closed are sent by the next tab, and drafts are kept", async () => {
  const [anna, boris] = await world.people([["Anna"], ["Boris"]]);
  const server = await createServerWith([anna!, boris!]);
  await anna!.rest.createChannel(server.id, { name: "plans" });
  anna!.problems.allowOutage();
  await anna!.context.setOffline(true);
  await anna!.page.evaluate(() => dispatchEvent(new Event("offline")));
  const button = anna!.button(anna!.t("connection:open", { quality: anna!.t("connection:quality.disconnected") }));
  await button.waitFor({ timeout: 5_000 });
  await say(anna!, "written in a tunnel");
  await composer(anna!).fill("half a thought");
  await anna!.page.close();
  await anna!.context.setOffline(false);

  const page = await anna!.context.newPage();
  await page.goto(`/channels/${server.id}/${firstChannel(server, "text")}`);
  await message(boris!, "written in a tunnel").waitFor();
  await expect.poll(() => page.locator("#main").getByRole("textbox").last().inputValue()).toBe("half a thought");
});

test("a draft keeps its uploads and its reply when the tab closes, and an upload that is gone says so", async () => {
  const [anna, boris] = await world.people([["Anna"], ["Boris"]]);
  const server = await createServerWith([anna!, boris!]);
  const channelId = firstChannel(server, "text");
  const question = await boris!.rest.createMessage(channelId, { content: "a question" });
  await act(anna!, message(anna!, "a question"), anna!.t("chat:action.reply"));
  for (const name of ["kept.txt", "gone.txt"]) {
    await attach(anna!, { name, mimeType: "text/plain", buffer: Buffer.from(name) });
  }
  await composer(anna!).fill("an answer");
  await anna!.page.close();
  // An upload of a day ago is deleted; ids are given in order.
  await anna!.rest.deleteAttachment(2);

  const page = await anna!.context.newPage();
  await page.goto(`/channels/${server.id}/${channelId}`);
  await page.getByText(anna!.t("chat:upload.expired")).waitFor();
  await page.getByText(anna!.t("chat:composer.replyingTo", { author: "Boris" })).waitFor();
  await page.getByRole("button", { name: anna!.t("chat:upload.remove", { name: "gone.txt" }) }).click();
  await page.locator("#main").getByRole("textbox").last().press("Enter");
  const answer = message(boris!, "an answer");
  await answer.getByText("kept.txt").waitFor();
  const { messages } = await boris!.rest.listMessages(channelId);
  expect(messages.at(-1)).toMatchObject({ reply_to: { id: question.id }, attachments: [{ filename: "kept.txt" }] });
});

test("a channel that is deleted under the writer keeps the words, and takes the reader elsewhere without a caret", async () => {
  const [anna, boris, clara] = await world.people([
    ["Anna"],
    ["Boris", { locale: "ru" }],
    ["Clara", { viewport: phone }],
  ]);
  const server = await createServerWith([anna!, boris!, clara!]);
  const doomed = await anna!.rest.createChannel(server.id, { name: "plans" });
  for (const person of [boris!, clara!]) await openChannel(person, server, doomed.id);
  await openChannel(anna!, server, doomed.id);
  await composer(boris!).fill("a long thought");
  await boris!.page.keyboard.press("End");
  await anna!.rest.deleteChannel(doomed.id);

  const title = boris!.t("common:lostChannel.title", { channel: "plans" });
  await boris!.page.getByRole("heading", { level: 1, name: title }).waitFor();
  await boris!.page.keyboard.type(" and more");
  await boris!.page.getByText("a long thought", { exact: true }).waitFor();
  await expectAccessible(boris!.page);
  await boris!.page.getByRole("link", { name: boris!.t("common:lostChannel.next") }).click();
  await boris!.page.getByRole("heading", { level: 1, name: "general" }).waitFor();
  expect(await composer(boris!).inputValue()).toBe("");

  for (const person of [anna!, clara!]) {
    await person.page.getByRole("heading", { level: 1, name: "general" }).waitFor();
    await person.page.getByText(person.t("common:lostChannel.title", { channel: "plans" })).waitFor();
    expect(await person.page.evaluate(() => document.activeElement?.matches("textarea"))).toBe(false);
  }
});

test("a text over the limit says so at the composer and can be sent as a file", async () => {
  const [anna, boris] = await world.people([["Anna"], ["Boris", { viewport: phone, locale: "ru" }]]);
  await createServerWith([anna!, boris!]);
  for (const person of [anna!, boris!]) {
    const { t, page } = person;
    // On a desktop there is no such button.
    const send = person.button(t("chat:composer.send"));
    expect(await send.and(page.locator(":enabled")).count()).toBe(0);
    await composer(person).fill("x".repeat(5_003));
    await page.getByText(t("chat:composer.tooLong", { count: 3 })).waitFor();
    if (!person.isOnPhone) await composer(person).press("Enter");
    expect(await composer(person).getAttribute("aria-invalid")).toBe("true");
    await expectAccessible(page);
    await person.button(t("chat:composer.sendAsFile")).click();
    await page.getByRole("article").getByText("message.txt").last().waitFor();
    expect(await composer(person).inputValue()).toBe("");
  }
});

testInLongForm("toasts cover neither the composer nor the newest message", async () => {
  const [anna, boris] = await world.people([["Anna"], ["Boris", { viewport: phone, locale: "ru" }]]);
  await createServerWith([anna!, boris!], { history: 40 });
  for (const person of [anna!, boris!]) {
    const { page } = person;
    await page.locator('#main input[type="file"]').setInputFiles(
      Array.from({ length: 30 }, (_, index) => ({
        name: `${index}.txt`,
        mimeType: "text/plain",
        buffer: Buffer.from("x"),
      })),
    );
    const toast = page.locator("[data-toasts] [role=alert]").last();
    await toast.waitFor();
    const bottom = await toast.evaluate((element) => element.getBoundingClientRect().bottom);
    const newest = await page
      .getByRole("article")
      .last()
      .evaluate((element) => element.getBoundingClientRect().top);
    expect(bottom).toBeLessThan(newest);
  }
});

testInLongForm(
  "the emoji picker has categories, cells of one size, whole rows and the composer's ranking",
  async () => {
    const [anna, boris] = await world.people([["Anna"], ["Boris", { viewport: phone, locale: "ru", theme: "light" }]]);
    await createServerWith([anna!, boris!]);
    for (const person of [anna!, boris!]) {
      const { page, t } = person;
      await person.button(t("chat:composer.emoji")).click();
      const picker = page.getByRole("dialog", { name: t("chat:emoji.title") });
      await picker.getByRole("gridcell").first().waitFor();
      await expectAccessible(page);
      const grid = await picker.getByRole("grid").boundingBox();
      const sizes = await picker
        .getByRole("gridcell")
        .evaluateAll((cells) => cells.map((cell) => `${Math.round(cell.clientWidth)}×${cell.clientHeight}`));
      expect(new Set(sizes).size).toBe(1);
      expect(Math.round(grid!.height) % 36).toBe(0);
      await picker.getByRole("tab").last().click();
      await picker.getByRole("gridcell").first().waitFor();
      await person.field(t("chat:emoji.search")).fill("thumbs");
      await picker.getByRole("gridcell").first().waitFor();
      await person.field(t("chat:emoji.search")).press("Enter");
      await expect.poll(() => composer(person).inputValue()).toContain("👍");
    }
  },
);
