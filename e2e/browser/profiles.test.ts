import { profileCalls } from "@miscord/client";
import { test } from "vitest";
import { openOwnMenu, openSettings } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const [onDesktop, onPhone] = screenVariants;

async function setStatus(person: Person, text: string): Promise<void> {
  const { page, t } = person;
  await openOwnMenu(person);
  await page.getByRole("menuitem", { name: t("settings:customStatus") }).click();
  await person.field(t("profile:status.text")).fill(text);
  await person.button(t("common:save"), person.dialog()).click();
  await person.field(t("profile:status.text")).waitFor({ state: "hidden" });
}

test("what somebody says of themselves and what they are up to is shown to others, who press their face or a mention", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onPhone), world.person("Boris", onDesktop)]);
  await createServerWith([boris, anna]);
  await say(anna, "hello");
  await message(boris, "hello").waitFor();

  await openSettings(anna, "profile");
  await anna.field(anna.t("profile:own.pronouns")).fill("she/her");
  await anna.field(anna.t("profile:own.about")).fill("I *like* trees.\nAnd lakes.");
  const preview = anna.page.getByRole("region", { name: anna.t("profile:own.preview") });
  await preview.locator("em", { hasText: "like" }).waitFor();
  await expectScreenAccessible(anna, onPhone!, "own profile");
  await anna.button(anna.t("common:save"), anna.dialog()).click();
  await anna.page.getByText(anna.t("common:saved")).first().waitFor();
  await anna.page.keyboard.press("Escape");
  await anna.dialog().filter({ has: preview }).waitFor({ state: "hidden" });
  await setStatus(anna, "in the woods");

  const { page, t } = boris;
  const inList = page.getByRole("list", { name: t("servers:members.title") }).getByText("in the woods");
  await inList.waitFor();
  await say(boris, `@${anna.username} look`);
  const card = page.getByRole("dialog", { name: anna.name });
  for (const pressed of [
    message(boris, "hello").locator("button[aria-hidden]"),
    message(boris, "look").getByText("@Anna"),
  ]) {
    await pressed.click();
    await card.getByText("she/her").waitFor();
    await card.locator("em", { hasText: "like" }).waitFor();
    await card.getByText("in the woods").waitFor();
    await card.getByText(t("profile:mutualServers", { count: 1 })).waitFor();
    await page.keyboard.press("Escape");
    await card.waitFor({ state: "hidden" });
  }
  await message(boris, "hello")
    .getByRole("button", { name: t("chat:message.profile", { author: anna.name }) })
    .click();
  await page.getByRole("menu").getByText("she/her").waitFor();
  await expectScreenAccessible(boris, onDesktop!, "profile card");
  await page.keyboard.press("Escape");

  const short = page.getByText("back in a moment");
  const isShown = short.waitFor();
  await profileCalls(anna.rest).setCustomStatus({ text: "back in a moment", duration_s: 6 });
  await isShown;
  await inList.waitFor({ state: "hidden" });
  await short.waitFor({ state: "hidden" });
});
