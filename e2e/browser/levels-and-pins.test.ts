import { mutedForever } from "@miscord/protocol";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openSettings, showChannels } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { expectScreenAccessible, onOnePhone, screenVariants } from "../harness/checks/screens.ts";
import { channelList, createServerWith, firstChannel, openChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });

const [onDesktop, onPhone] = screenVariants;

const row = (person: Person, channel: string) => channelList(person).getByRole("link", { name: channel });
const toast = ({ page }: Person, text: string) => page.locator("[data-toasts]").getByText(text);

/** Opens the submenu and chooses its entry: with the mouse, or by touch. */
async function chooseInSubmenu(page: Page, submenu: string, entry: string): Promise<void> {
  await page.getByRole("menuitem", { name: submenu }).click();
  await page
    .getByRole("menuitem", { name: entry })
    .or(page.getByRole("menuitemradio", { name: entry }))
    .click();
}

test.each(onOnePhone)(
  "a channel muted in its menu is quiet on every device until it is unmuted in the settings ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris", options)]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = boris;
    const { id: sideId } = await anna.rest.createChannel(server.id, { name: "side" });
    await openChannel(anna, server, sideId);
    await openChannel(boris, server);

    await showChannels(boris);
    if (boris.isOnPhone) {
      await row(boris, "side").dispatchEvent("contextmenu", { clientX: 120, clientY: 155, button: 2 });
    } else {
      await row(boris, "side").hover();
      await boris.button(t("servers:channels.menu", { channel: "side" })).click();
    }
    await expectScreenAccessible(boris, options, "channel menu");
    await chooseInSubmenu(page, t("notifications:mute.open"), t("notifications:mute.forever"));
    await row(boris, "side").getByText(t("notifications:mute.mark")).waitFor();
    const stored = async () => (await boris.rest.getServer(server.id)).channels.find(({ id }) => id === sideId)!;
    expect((await stored()).notifications?.muted_until).toBe(mutedForever);

    // The menu button, which has the focus again, covers the count.
    if (!boris.isOnPhone) await page.locator("#main").getByRole("textbox").click();
    await say(anna, `@${boris.username} psst`);
    // The mention is counted beside the name of the channel, and nothing else tells of it.
    await row(boris, "side")
      .getByText(t("servers:channels.mentions", { count: 1 }))
      .waitFor();
    await expect.poll(async () => (await boris.rest.listNotifications()).notifications.length).toBe(1);
    expect(await row(boris, "side").getByText(t("servers:channels.unread")).count()).toBe(0);
    expect(await toast(boris, "psst").count()).toBe(0);
    expect(await page.title()).toBe("#general — Miscord");
    await expectScreenAccessible(boris, options, "muted channel");

    await openSettings(boris, "notifications");
    await expectScreenAccessible(boris, options, "notification levels");
    const name = `#side · ${server.name}`;
    await boris.button(t("notifications:level.reset", { name })).click();
    await page.getByText(t("notifications:level.noExceptions")).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.title()).toBe("(1) #general — Miscord");
    await say(anna, `@${boris.username} hello again`);
    await toast(boris, "hello again").waitFor();
  },
);

test("a pinned message is in everybody's list at once, leads back to its place, and leaves with its pin", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris], { history: 40 });
  await message(anna, "line 40.").waitFor();
  const pins = ({ page, t }: Person) => page.getByRole("dialog", { name: t("chat:pins.title") });
  for (const person of [anna, boris]) await person.button(person.t("chat:pins.title")).click();
  await pins(boris).getByText(boris.t("chat:pins.empty")).waitFor();
  await expectScreenAccessible(boris, onPhone!, "no pins");
  await anna.page.keyboard.press("Escape");

  await message(anna, "line 40.").click({ button: "right" });
  await anna.page.getByRole("menuitem", { name: anna.t("chat:action.pin"), exact: true }).click();
  await pins(boris).getByText("line 40.").waitFor();
  const notice = (person: Person) => message(person, person.t("chat:pins.notice"));
  for (const person of [anna, boris]) await notice(person).getByText("line 40.").waitFor();
  await expectScreenAccessible(anna, onDesktop!, "the line of a pin");
  await notice(anna).click({ button: "right" });
  await anna.page.getByRole("menuitem", { name: anna.t("chat:action.copyLink") }).waitFor();
  for (const entry of ["edit", "pin", "forward"] as const)
    expect(await anna.page.getByRole("menuitem", { name: anna.t(`chat:action.${entry}`), exact: true }).count()).toBe(
      0,
    );
  await anna.page.keyboard.press("Escape");
  // Of somebody blocked it is covered, as in the channel.
  const { id: annaId } = await anna.rest.me();
  await boris.rest.block(annaId);
  await pins(boris).getByText(boris.t("people:hidden")).waitFor();
  expect(await pins(boris).getByText("line 40.").count()).toBe(0);
  await expectScreenAccessible(boris, onPhone!, "a pin of somebody blocked");
  await boris.button(boris.t("people:reveal"), pins(boris)).click();
  await pins(boris).getByText("line 40.").waitFor();
  await boris.rest.unblock(annaId);
  const { messages } = await anna.rest.listMessages(firstChannel(server, "text"), { limit: 50 });
  await anna.rest.pinMessage(firstChannel(server, "text"), messages[0]!.id);
  await pins(boris).getByRole("link", { name: "line 1." }).click();
  await message(boris, "line 1.").first().waitFor();
  await expect.poll(() => new URL(boris.page.url()).pathname).toContain(`/${messages[0]!.id}`);

  await anna.button(anna.t("chat:pins.title")).click();
  await expectScreenAccessible(anna, onDesktop!, "pins");
  await pins(anna).getByRole("listitem").filter({ hasText: "line 40." }).hover();
  await anna.button(anna.t("chat:action.unpin"), pins(anna)).last().waitFor();
  await pins(anna).getByRole("listitem").filter({ hasText: "line 40." }).getByRole("button").click();
  await pins(anna).getByText("line 40.").waitFor({ state: "hidden" });
  expect((await boris.rest.listPins(firstChannel(server, "text"))).messages.map(({ id }) => id)).toEqual([
    messages[0]!.id,
  ]);
});
