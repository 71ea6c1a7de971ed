import { expect, test } from "vitest";
import { say } from "../harness/actions/messages.ts";
import { desktop, phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { chooseInServerMenu, createServerWith, firstChannel } from "../harness/community.ts";
import { storyVariants } from "../harness/variants.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const picture = process.env["PICTURES"];

test.each(storyVariants({ locale: "en", viewport: desktop }, { locale: "ru", viewport: phone }))(
  "a newcomer accepts the rules before the first message, and has a nickname wherever members see them ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris", options)]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = boris;
    const show = async (name: string, of = page) =>
      picture && (await of.screenshot({ path: `${picture}/${options.locale}-${name}.png` }));
    await chooseInServerMenu(anna, server.name, anna.t("servers:settings.open"));
    await anna.page.getByRole("tab", { name: anna.t("verification:title") }).click();
    await anna.field(anna.t("verification:rules")).fill("Be kind.\nNo advertising.");
    await anna.button(anna.t("common:save")).click();
    await anna.page.getByText(anna.t("common:saved")).first().waitFor();
    await expectAccessible(anna.page);
    await show("settings", anna.page);
    await anna.page.keyboard.press("Escape");

    await page.getByText(t("verification:accept")).waitFor();
    await show("held");
    await boris.button(t("verification:read")).click();
    await page.getByText("No advertising.").waitFor();
    await expectAccessible(page);
    await show("rules");
    await boris.button(t("verification:submit")).click();
    await boris.field(t("chat:composer.label", { channel: "#general" })).waitFor();
    await say(boris, "hello");

    await boris.button(t("chat:message.profile", { author: "Boris" })).click();
    await page.getByRole("menuitem", { name: t("servers:members.nickname") }).click();
    await boris.field(t("servers:nickname.label")).fill("Captain");
    await expectAccessible(page);
    await show("nickname");
    await page.keyboard.press("Enter");
    await anna.button(anna.t("chat:message.profile", { author: "Captain" })).waitFor();
    await boris.button(t("chat:message.profile", { author: "Captain" })).waitFor();
    await anna.page
      .getByRole("list", { name: anna.t("servers:members.title") })
      .getByText("Captain")
      .waitFor();
    await show("named", anna.page);
    await show("named-own");
    const { messages } = await anna.rest.listMessages(firstChannel(server, "text"));
    expect(messages.map(({ content }) => content)).toEqual(["hello"]);
  },
);
