import { emojiCalls, messageToolCalls } from "@miscord/client";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { drawnPicture } from "../harness/actions/pictures.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { chooseInServerMenu, createServerWith, firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const [onDesktop, onPhone] = screenVariants;

/** Opens the stickers of the picker. */
async function openStickers(person: Person): Promise<void> {
  await person.button(person.t("chat:composer.emoji")).click();
  await person.page.getByRole("tab", { name: person.t("stickers:title") }).click();
}

test("stickers that the owner uploads are found by another word and sent on a phone, answered, and readable when they are deleted", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onDesktop), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris]);
  const channelId = firstChannel(server, "text");
  const { t } = anna;
  await openStickers(boris);
  await boris.page.getByText(boris.t("stickers:noneAnywhere")).waitFor();
  await boris.page.keyboard.press("Escape");

  await chooseInServerMenu(anna, "Friends", t("servers:settings.open"));
  await anna.page.getByRole("tab", { name: t("stickers:title") }).click();
  const packed = {
    "cats/довольный_кот.png": (await drawnPicture(anna, "", "#e0a030")).buffer,
    "Good night.png": (await drawnPicture(anna, "", "#4080c0")).buffer,
    "read me.txt": Buffer.from("no picture"),
  };
  const archive = { name: "pack.zip", mimeType: "application/zip", buffer: Buffer.from(zipSync(packed)) };
  await anna.dialog().locator('input[type="file"]').setInputFiles(archive);
  await anna.dialog().getByText("read me.txt").waitFor();
  await expectScreenAccessible(anna, onDesktop!, "stickers of an archive");
  const second = anna.field(t("stickers:nameOf", { file: "Good night.png" }), anna.dialog());
  expect(await second.inputValue()).toBe("Good night");
  await anna.button(t("stickers:add", { count: 2 }), anna.dialog()).click();
  await anna.button(t("stickers:change", { name: "Довольный кот" })).click();
  await anna.field(t("stickers:aliases")).fill("happy cat, 😺");
  await anna.button(t("common:save")).click();
  await anna.dialog().getByText("happy cat, 😺", { exact: true }).waitFor();
  await expectScreenAccessible(anna, onDesktop!, "stickers of a server");
  await anna.page.keyboard.press("Escape");

  await openStickers(boris);
  await boris.page.getByRole("gridcell", { name: "Good night" }).waitFor();
  await expectScreenAccessible(boris, onPhone!, "picker with stickers");
  await boris.field(boris.t("stickers:search")).fill("happ");
  await boris.page.getByRole("gridcell", { name: "Good night" }).waitFor({ state: "hidden" });
  await boris.page.getByRole("gridcell", { name: "Довольный кот" }).click();
  const shown = (person: Person) =>
    person.page.getByRole("img", { name: person.t("stickers:alt", { name: "Довольный кот" }) });
  for (const person of [anna, boris]) await shown(person).waitFor();
  await expect.poll(() => shown(anna).evaluate((picture: HTMLImageElement) => picture.naturalWidth)).toBe(200);

  await anna.page
    .getByRole("article")
    .filter({ has: shown(anna) })
    .hover();
  await anna.button(t("chat:action.reply")).click();
  await openStickers(anna);
  await anna.page.keyboard.press("Tab");
  await anna.page.keyboard.type("good");
  await anna.page.keyboard.press("ArrowDown");
  await anna.page.keyboard.press("Enter");
  await boris.page.getByText(":Довольный кот:", { exact: true }).waitFor();
  // What slow mode would refuse for an hour is not offered: it would hold up all that is sent after it.
  await anna.rest.updateChannel(channelId, { slow_mode_s: 3_600 });
  await openStickers(boris);
  await boris.page
    .getByRole("tabpanel")
    .getByText(/(1:00:00|59:\d\d)$/)
    .waitFor();
  expect(await boris.page.getByRole("gridcell").count()).toBe(0);
  await boris.page.keyboard.press("Escape");
  const { messages } = await boris.rest.listMessages(channelId);
  expect(messages).toMatchObject([
    { sticker: { name: "Довольный кот" } },
    { sticker: { name: "Good night" }, reply_to: { content: ":Довольный кот:" } },
  ]);
  await messageToolCalls(anna.rest).forward(messages[0]!.id, { channel_id: channelId });
  await expect.poll(() => shown(boris).count()).toBe(2);
  await anna.button(t("chat:composer.more"), anna.page.locator("#main")).last().click();
  await anna.page.getByRole("menuitem", { name: t("chat:composer.later") }).click();
  await anna.button(t("later:sticker.choose"), anna.dialog()).click();
  await expectScreenAccessible(anna, onDesktop!, "choosing a sticker for later");
  await anna.dialog().getByRole("gridcell", { name: "Good night" }).click();
  await anna.button(t("later:submit"), anna.dialog()).click();
  const waiting = anna.dialog().getByRole("listitem");
  await waiting.getByRole("img", { name: t("stickers:alt", { name: "Good night" }) }).waitFor();
  await expectScreenAccessible(anna, onDesktop!, "a sticker that waits");
  await anna.page.keyboard.press("Escape");

  await emojiCalls(anna.rest, server.id, "stickers").remove(messages[0]!.sticker!.id);
  for (const person of [anna, boris]) {
    await expect
      .poll(() => person.page.getByText(person.t("stickers:gone", { name: "Довольный кот" })).count())
      .toBe(2);
  }
  await expectScreenAccessible(boris, onPhone!, "messages that are stickers");
});
