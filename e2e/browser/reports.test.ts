import { expect, test } from "vitest";
import { message, say } from "../harness/actions/messages.ts";
import { act } from "../harness/actions/timeline.ts";
import { expectScreenAccessible, onOneDesktop, onOnePhone } from "../harness/checks/screens.ts";
import { chooseInServerMenu, createServerWith, firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ env: () => ({ RATE_CHANGES: "1000/s" }) });

async function chooseInMessageMenu(person: Person, text: string, entry: string): Promise<void> {
  await act(person, message(person, text), person.t("chat:action.more"));
  await person.page.getByRole("menuitem", { name: entry }).click();
}

test.each(onOnePhone)(
  "a report goes from its reporter to a moderator, who acts, and back to the reporter ($locale, $size)",
  async (options) => {
    const [anna, boris, clara] = await Promise.all([
      world.person("Anna", options),
      world.person("Boris", options),
      world.person("Clara"),
    ]);
    const server = await createServerWith([anna, boris]);
    const channelId = firstChannel(server, "text");
    await clara.rest.joinInvite((await anna.rest.createInvite(server.id)).code);
    await clara.rest.createMessage(channelId, { content: "buy my boots" });

    await chooseInMessageMenu(boris, "buy my boots", boris.t("chat:action.report"));
    await boris.field(boris.t("moderation:report.reason")).fill("advertising");
    await expectScreenAccessible(boris, options, "report dialog");
    await boris.button(boris.t("moderation:report.submit")).click();
    await boris.page.getByText(boris.t("moderation:report.sent")).waitFor();

    const { page, t } = anna;
    await page.getByText(t("moderation:reports.arrived", { server: server.name })).waitFor();
    await anna.button(t("notifications:show")).first().click();
    const report = page.getByRole("article", { name: t("moderation:reports.about", { name: "Clara" }) });
    await report.getByText("advertising").waitFor();
    await anna.button(t("moderation:reports.claim"), report).click();
    await report.getByText(t("moderation:reports.yours")).waitFor();
    await expectScreenAccessible(anna, options, "reports");
    await anna.button(t("moderation:reports.delete"), report).click();
    await message(boris, "buy my boots").waitFor({ state: "hidden" });
    await report.getByText("buy my boots").waitFor();
    await anna.button(t("moderation:reports.close"), report).click();
    await anna.field(t("moderation:reports.note"), report).fill("deleted");
    await anna.button(t("moderation:reports.confirmClose"), report).click();
    await page.getByText(t("moderation:reports.none.open")).waitFor();
    await boris.page
      .getByText(boris.t("notifications:kind.report_acted", { server: server.name }))
      .first()
      .waitFor();
  },
);

test.each(onOneDesktop)(
  "a raid is stopped by one press, its people are banned with their messages, and other messages are deleted together ($locale, $size)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna", options), world.person("Boris", options)]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = anna;
    const channelId = firstChannel(server, "text");
    for (const content of ["one", "two", "three"]) await anna.rest.createMessage(channelId, { content });
    await say(boris, "flood");
    await message(anna, "flood").waitFor();

    await chooseInMessageMenu(anna, "one", t("chat:action.select"));
    const bar = page.getByRole("region", { name: t("moderation:selection.title") });
    await bar.getByText(t("moderation:selection.count", { count: 1 })).waitFor();
    if (anna.isOnPhone) await message(anna, "two").getByRole("checkbox").check();
    else {
      await message(anna, "one").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Space");
    }
    await bar.getByText(t("moderation:selection.count", { count: 2 })).waitFor();
    await expectScreenAccessible(anna, options, "chosen messages");
    await anna.button(t("moderation:selection.delete"), bar).click();
    await anna.button(t("moderation:selection.delete"), page.getByRole("alertdialog")).click();
    await message(anna, "two").waitFor({ state: "hidden" });
    await bar.waitFor({ state: "hidden" });
    await message(anna, "three").waitFor();

    await chooseInServerMenu(anna, server.name, t("servers:settings.open"));
    await page.getByRole("tab", { name: t("moderation:raid.title"), exact: true }).click();
    await anna.button(t("moderation:raid.start")).click();
    await anna.button(t("moderation:raid.end")).waitFor();
    await boris.page.locator("#main").getByRole("textbox").waitFor({ state: "hidden" });
    await expectScreenAccessible(anna, options, "raid mode");
    await anna.button(t("moderation:raid.ban", { count: 1 })).click();
    await anna.button(t("moderation:raid.ban", { count: 1 }), page.getByRole("alertdialog")).click();
    await page.getByText(t("moderation:raid.newcomers", { count: 0 })).waitFor();
    await anna.button(t("moderation:raid.end")).click();
    await anna.button(t("moderation:raid.start")).waitFor();
    const { messages } = await anna.rest.listMessages(channelId);
    expect(messages.map(({ content }) => content)).toEqual(["three"]);
  },
);
