import { expect, test } from "vitest";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { hideChannels, showChannels } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { drawnPicture } from "../harness/actions/pictures.ts";
import { phone } from "../harness/browser.ts";
import { createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });

const menuItem = ({ page }: Person, name: string) => page.getByRole("menuitem", { name, exact: true });

/** The conversations in the second pane, which on a phone is in the drawer. */
async function goHome(person: Person): Promise<void> {
  await showChannels(person);
  await person.page.getByRole("link", { name: person.t("people:home"), exact: true }).click();
}

/** Opens the conversation with this name in the list. */
async function goToDm(person: Person, name: string): Promise<void> {
  await showChannels(person);
  const list = person.page.getByRole("list", { name: person.t("people:conversations") });
  await list.getByRole("link", { name: new RegExp(name) }).click();
}

test("two people write to each other, make friends and a group, and one blocks the other", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Борис", { locale: "ru", viewport: phone });
  const clara = await world.person("Clara");
  await createServerWith([anna, boris, clara], { name: "Home" });

  // From the member list.
  const members = anna.page.getByRole("complementary", { name: anna.t("servers:members.title") });
  await members.getByRole("button", { name: new RegExp(boris.name) }).click();
  await menuItem(anna, anna.t("people:message")).click();
  await anna.page.getByRole("heading", { level: 1, name: boris.name }).waitFor();
  await expectAccessible(anna.page);
  await say(anna, "just between us");

  // The other one is told of it, with the words and a badge.
  const toast = boris.page.locator("[data-toasts]");
  await toast.getByText("just between us").waitFor();
  await goHome(boris);
  await boris.page.getByRole("heading", { level: 1, name: boris.t("people:friends.title") }).waitFor();
  await expectAccessible(boris.page);
  await showChannels(boris);
  await boris.page
    .getByText(boris.t("people:unread", { count: 1 }))
    .first()
    .waitFor();
  await goToDm(boris, "Anna");
  await message(boris, "just between us").waitFor();
  await expectAccessible(boris.page);
  await showChannels(boris);
  await boris.page.getByText(boris.t("people:unread", { count: 1 })).waitFor({ state: "detached" });
  await hideChannels(boris);
  await say(boris, "наконец-то");
  await message(anna, "наконец-то").waitFor();

  // Friends, asked by name and accepted on the other side.
  await goHome(anna);
  await anna.field(anna.t("people:friend.byName")).fill(boris.username);
  await anna.button(anna.t("people:friend.send")).click();
  await anna.page.getByText(anna.t("people:group.outgoing")).waitFor();
  await goHome(boris);
  await boris.button(boris.t("people:friend.acceptOf", { name: "Anna" })).click();
  await anna.button(anna.t("people:messageTo", { name: boris.name })).waitFor();
  await expectAccessible(anna.page);

  // A group.
  await anna.button(anna.t("people:new.open")).click();
  for (const name of [boris.name, "Clara"])
    await anna
      .dialog()
      .getByRole("checkbox", { name: new RegExp(name) })
      .check();
  await expectAccessible(anna.page);
  await anna.button(anna.t("people:new.group", { count: 2 })).click();
  await anna.page.getByRole("heading", { level: 1, name: /Clara/ }).waitFor();
  await say(anna, "picnic?");
  await clara.page.locator("[data-toasts]").getByText("picnic?").waitFor();
  await anna.button(anna.t("people:groupDialog.open")).click();
  await anna.field(anna.t("people:groupDialog.name")).fill("Picnic");
  await anna.button(anna.t("common:save"), anna.dialog()).click();
  await anna.page.getByLabel(anna.t("pictures:file")).setInputFiles(await drawnPicture(anna, "tree.png", "#40a060"));
  await anna.button(anna.t("pictures:crop.use")).click();
  await anna.button(anna.t("pictures:remove"), anna.dialog()).waitFor();
  await expectAccessible(anna.page);
  await anna.page.keyboard.press("Escape");
  await anna.page.getByRole("heading", { level: 1, name: "Picnic" }).waitFor();
  await goHome(clara);
  await clara.page.locator('img[src^="/api/pictures/"]:visible').first().waitFor();

  // By keyboard to the conversation of two.
  await anna.page.keyboard.press("Control+k");
  await anna.dialog().getByRole("combobox").fill(boris.name);
  await anna.page.keyboard.press("Enter");
  await message(anna, "наконец-то").waitFor();

  // Calls without encryption: one turns it off, both see that.
  await anna.button(anna.t("people:more", { name: boris.name })).click();
  await menuItem(anna, anna.t("people:callEncryption.open")).click();
  const encryption = anna.dialog().getByRole("switch", { name: anna.t("people:callEncryption.label") });
  expect(await encryption.getAttribute("aria-checked")).toBe("true");
  await encryption.click();
  await anna.dialog().getByText(anna.t("people:callEncryption.offHint")).waitFor();
  await expectAccessible(anna.page);
  await anna.page.keyboard.press("Escape");
  await message(anna, anna.t("chat:call.encryption.off")).waitFor();

  // Found in that conversation, and nothing of others.
  await anna.page.keyboard.press("Control+f");
  const field = anna.page.getByRole("combobox", { name: anna.t("search:label") });
  await field.fill("наконец");
  await field.press("Enter");
  const hits = anna.page.locator("[data-search-hit]");
  await expect.poll(() => hits.allTextContents()).toEqual([expect.stringContaining("наконец-то")]);
  await expectAccessible(anna.page);
  await field.fill("picnic");
  await field.press("Enter");
  await anna.page.getByText(anna.t("search:nothing")).waitFor();
  await anna.button(anna.t("search:close")).click();

  // Blocked on the phone: the field goes there, and what Anna writes is refused.
  await goToDm(boris, "Anna");
  await boris.button(boris.t("people:more", { name: "Anna" })).click();
  await menuItem(boris, boris.t("people:block")).click();
  await boris.page.getByText(boris.t("people:cannotWrite")).waitFor();
  await message(boris, boris.t("people:hidden")).first().waitFor();
  await expectAccessible(boris.page);
  await say(anna, "hello?");
  await anna.page.getByText(anna.t("chat:message.failed")).waitFor();
  expect(await message(boris, "hello?").count()).toBe(0);
  await goHome(boris);
  await boris.button(boris.t("people:unblock")).click();
  await goToDm(boris, "Anna");
  await message(boris, "just between us").waitFor();
});
