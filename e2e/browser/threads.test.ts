import { expect, test } from "vitest";
import { showChannels } from "../harness/actions/accounts.ts";
import { message, say, sent } from "../harness/actions/messages.ts";
import { desktop, phone } from "../harness/browser.ts";
import { expectScreenAccessible } from "../harness/checks/screens.ts";
import { channelList, createServerWith, firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });

const onPhone = { locale: "ru", theme: "light", viewport: phone, size: "phone" } as const;
const onDesktop = { locale: "en", theme: "dark", viewport: desktop, size: "desktop" } as const;

const pane = ({ page }: Person, name: string) => page.getByRole("complementary", { name });
const chip = (person: Person, name: string) =>
  person.page.getByRole("link", { name: person.t("chat:thread", { name }) });

test("a thread is started from a message, read and written in by another one, left, found again and archived", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onDesktop), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris]);
  await say(anna, "Where do we meet?");
  await sent(anna, "Where do we meet?").click({ button: "right" });
  await anna.page.getByRole("menuitem", { name: anna.t("chat:action.thread") }).click();
  const name = anna.field(anna.t("threads:name"));
  expect(await name.inputValue()).toBe("Where do we meet?");
  await name.fill("Meeting");
  await anna.page.keyboard.press("Enter");
  const beside = pane(anna, "Meeting");
  const composer = beside.getByRole("textbox", {
    name: anna.t("chat:composer.label", { channel: "Meeting" }),
    exact: true,
  });
  await composer.fill("At the station");
  await composer.press("Enter");
  await message(anna, "At the station").waitFor();
  // The channel is still there, beside the thread.
  await message(anna, "Where do we meet?").waitFor();
  await expectScreenAccessible(anna, onDesktop, "thread");

  await chip(boris, "Meeting").click();
  await message(boris, "At the station").waitFor();
  await say(boris, "See you there");
  await message(anna, "See you there").waitFor();
  await boris.button(boris.t("threads:menu")).waitFor();
  await expectScreenAccessible(boris, onPhone, "thread");

  await anna.button(anna.t("common:close"), beside).click();
  await beside.waitFor({ state: "hidden" });
  await boris.rest.createMessage((await anna.rest.listThreads(firstChannel(server, "text"))).threads[0]!.id, {
    content: `@${anna.username} soon?`,
  });
  const row = channelList(anna).getByRole("link", { name: "Meeting" });
  await row.getByText(anna.t("servers:channels.mentions", { count: 1 })).waitFor();
  const [channelBox, menuBox] = await Promise.all([
    channelList(anna).getByRole("link", { name: "general" }).boundingBox(),
    anna.button(anna.t("servers:channels.menu", { channel: "general" })).boundingBox(),
  ]);
  expect(menuBox!.y + menuBox!.height, "the menu button in its own channel's row").toBeLessThanOrEqual(
    channelBox!.y + channelBox!.height,
  );
  await anna.button(anna.t("chat:threads")).click();
  await anna.page.getByText(anna.t("threads:messages", { count: 3 })).waitFor();
  await expectScreenAccessible(anna, onDesktop, "threads");
  await anna.page.keyboard.press("Escape");

  await row.click();
  await message(anna, "soon?").waitFor();
  await anna.button(anna.t("threads:menu"), pane(anna, "Meeting")).click();
  await anna.page.getByRole("menuitem", { name: anna.t("threads:archive") }).click();
  await row.waitFor({ state: "hidden" });
  await showChannels(boris);
  await expect.poll(() => channelList(boris).getByRole("link", { name: "Meeting" }).count()).toBe(0);
  await expectScreenAccessible(boris, onPhone, "channels without the thread");
});
