import { expect, test } from "vitest";
import { message } from "../harness/actions/messages.ts";
import { drawnPicture } from "../harness/actions/pictures.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { chooseInServerMenu, createServerWith, firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const [onDesktop, onPhone] = screenVariants;

async function openEmojis(person: Person): Promise<void> {
  await chooseInServerMenu(person, "Friends", person.t("servers:settings.open"));
  await person.page.getByRole("tab", { name: person.t("emojis:title") }).click();
}

test("emoji that the owner uploads are written on a phone by name and alias, reacted with, and readable when they are deleted", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onDesktop), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris]);
  const { t } = anna;
  await openEmojis(anna);
  await anna.page.getByText(t("emojis:none")).waitFor();
  const files = [
    await drawnPicture(anna, "кот в сапогах.png", "#e0a030"),
    await drawnPicture(anna, "IMG 1.png", "#4080c0"),
  ];
  await anna.dialog().locator('input[type="file"]').setInputFiles(files);
  const second = anna.field(t("emojis:nameOf", { file: "IMG 1.png" }), anna.dialog());
  expect(await second.inputValue()).toBe("IMG_1");
  await second.fill("kot_v_sapogakh");
  await anna.dialog().getByText(t("emojis:taken")).first().waitFor();
  await second.fill("party");
  await expectScreenAccessible(anna, onDesktop!, "new emoji");
  await anna.button(t("emojis:add", { count: 2 }), anna.dialog()).click();
  await anna.dialog().getByText(":party:").waitFor();
  await anna.dialog().getByText(":kot_v_sapogakh:").waitFor();
  await anna.dialog().getByText("кот в сапогах", { exact: true }).waitFor();
  await expectScreenAccessible(anna, onDesktop!, "emoji of a server");
  await anna.page.keyboard.press("Escape");

  const composer = boris.page.locator("#main").getByRole("textbox").last();
  const options = boris.page.getByRole("listbox").getByRole("option");
  await composer.pressSequentially("look :кот");
  await options.filter({ hasText: ":kot_v_sapogakh:" }).click();
  expect(await composer.inputValue()).toBe("look :kot_v_sapogakh: ");
  await composer.pressSequentially(":par");
  await options.filter({ hasText: ":party:" }).locator("img").waitFor();
  await options.filter({ hasText: ":party:" }).first().click();
  await boris.button(boris.t("chat:composer.send")).click();
  const shown = (person: Person, name: string) => message(person, "look").getByRole("img", { name: `:${name}:` });
  for (const name of ["kot_v_sapogakh", "party"]) await shown(anna, name).waitFor();
  await expect.poll(() => shown(anna, "party").evaluate((picture: HTMLImageElement) => picture.naturalWidth)).toBe(96);

  await message(boris, "look").dispatchEvent("contextmenu", { clientX: 60, clientY: 300, button: 2 });
  await boris.page.getByRole("menuitem", { name: boris.t("chat:action.react"), exact: true }).click();
  await boris.page.getByRole("tab", { name: "Friends" }).click();
  await boris.page.getByRole("gridcell", { name: ":party:" }).waitFor();
  await expectScreenAccessible(boris, onPhone!, "picker with emoji of a server");
  await boris.page.getByRole("gridcell", { name: ":party:" }).click();
  const reaction = (person: Person) =>
    person.page.getByRole("button", { name: person.t("chat:reaction.count", { emoji: ":party:", count: 1 }) });
  await reaction(anna).locator("img").waitFor();

  await openEmojis(anna);
  await anna.button(t("emojis:remove", { name: "party" })).click();
  await anna.button(t("emojis:removeConfirm")).click();
  await anna.page.getByRole("alertdialog").waitFor({ state: "hidden" });
  await anna.page.getByRole("dialog").getByText(":party:").waitFor({ state: "hidden" });
  await anna.page.keyboard.press("Escape");
  await anna.dialog().waitFor({ state: "hidden" });
  for (const person of [anna, boris]) {
    await shown(person, "party").waitFor({ state: "hidden" });
    await message(person, "look").getByText(":party:").first().waitFor();
    await reaction(person).getByText(":party:").waitFor();
  }
  const { messages } = await boris.rest.listMessages(firstChannel(server, "text"));
  expect(messages[0]!.content).toMatch(/^look <:kot_v_sapogakh:\d+> <:party:\d+>$/);
});
