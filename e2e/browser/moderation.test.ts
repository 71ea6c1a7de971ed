import type { Locale } from "@miscord/protocol";
import { expect, test } from "vitest";
import { createFormat } from "../../apps/web/src/i18n/format.ts";
import { showChannels } from "../harness/actions/accounts.ts";
import { say } from "../harness/actions/messages.ts";
import { desktop, phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { chooseInServerMenu, createServerWith, firstChannel } from "../harness/community.ts";
import type { Person, PersonOptions } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

const onDesktop: PersonOptions & { locale: Locale } = { locale: "en", viewport: desktop };
const onPhone: PersonOptions & { locale: Locale } = { locale: "ru", viewport: phone };

async function openServerSettings(person: Person, server: string, tab: string): Promise<void> {
  await chooseInServerMenu(person, server, person.t("servers:settings.open"));
  await person.page.getByRole("tab", { name: tab, exact: true }).click();
}

test.each(storyVariants(onPhone, onDesktop))(
  "a time out is shown to the member in place of the composer, and is lifted; a ban takes the messages along ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna", options), world.person("Boris", options)]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = anna;
    await say(boris, "buy my boots");
    await openServerSettings(anna, server.name, t("servers:members.title"));
    const timeOut = anna.button(t("moderation:timeOut.of", { name: "Boris" }));
    await timeOut.click();
    const dialog = page.getByRole("dialog", { name: t("moderation:timeOut.title", { name: "Boris" }) });
    await expectAccessible(page);
    await anna.button(t("moderation:timeOut.submit"), dialog).click();
    await dialog.waitFor({ state: "hidden" });
    const { timed_out_until: until } = await boris.rest.getServer(server.id);
    const when = createFormat(options.locale).dateTime(until!);
    await boris.page.getByText(boris.t("moderation:timeOut.own", { when })).waitFor();
    await page.getByText(t("moderation:timeOut.mark")).waitFor();
    await timeOut.click();
    await anna.button(t("moderation:timeOut.end"), dialog).click();
    await boris.field(boris.t("chat:composer.label", { channel: "#general" })).waitFor();

    await anna.button(t("servers:members.banName", { name: "Boris" })).click();
    await anna.field(t("moderation:reason.label")).fill("boots");
    await anna.field(t("moderation:ban.deletes")).click();
    await page.getByRole("option", { name: t("moderation:ban.deletion.hour") }).click();
    await expectAccessible(page);
    await anna.button(t("servers:removal.ban.submit")).click();
    await page.getByRole("alertdialog").waitFor({ state: "hidden" });
    const history = async () => (await anna.rest.listMessages(firstChannel(server, "text"))).messages;
    await expect.poll(history).toEqual([]);
    await page.getByRole("tab", { name: t("servers:settings.bans") }).click();
    await page.getByText("boots", { exact: true }).waitFor();
    await anna.button(t("servers:bans.liftOf", { name: "Boris" })).click();
    await page.getByText(t("servers:bans.none")).waitFor();
  },
);

test.each(storyVariants(onDesktop, onPhone))(
  "a removal with its reason is in the audit log, which its reader narrows down ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna", options), world.person("Boris")]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = anna;
    await openServerSettings(anna, server.name, t("servers:members.title"));
    await anna.button(t("servers:members.kickName", { name: "Boris" })).click();
    await anna.field(t("moderation:reason.label")).fill("advertising");
    await anna.button(t("servers:removal.kick.submit")).click();
    await page.getByRole("alertdialog").waitFor({ state: "hidden" });
    await anna.rest.updateServer(server.id, { name: "Comrades" });

    await page.getByRole("tab", { name: t("moderation:audit.title") }).click();
    const log = page.getByRole("tabpanel");
    await log.getByText(t("moderation:audit.reason", { reason: "advertising" })).waitFor();
    await log.getByText("Friends → Comrades").waitFor();
    await expectAccessible(page);
    await anna.button("Boris", log).click();
    await log.getByText("Friends → Comrades").waitFor({ state: "detached" });
    expect(await log.getByRole("listitem").filter({ hasText: "advertising" }).count()).toBe(1);
  },
);

test.each(storyVariants(onPhone, onDesktop))(
  "a channel gets a topic and slow mode, which holds the next message, and is locked by one press ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna", options), world.person("Boris", options)]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = anna;
    await channelMenu(anna, t("servers:channels.rename"));
    await anna.field(t("moderation:topic.label")).fill("boots and shoes");
    await anna.field(t("moderation:slowMode.label")).click();
    await page.getByRole("option", { name: t("moderation:slowMode.minutes", { count: 5 }), exact: true }).click();
    await expectAccessible(page);
    await anna.button(t("common:save")).click();
    await expect
      .poll(() => anna.rest.getServer(server.id).then(({ channels }) => channels[0]!.topic))
      .toContain("shoes");
    if (!boris.isOnPhone) await boris.page.getByText("boots and shoes").waitFor();

    await say(boris, "first");
    await boris.page.getByText(/(5:00|4:5\d)$/).waitFor();
    const field = boris.field(boris.t("chat:composer.label", { channel: "#general" }));
    await field.fill("second");
    await field.press("Enter");
    expect(await field.inputValue()).toContain("second");
    await anna.rest.updateChannel(firstChannel(server, "text"), { slow_mode_s: 0 });
    await expect.poll(() => boris.page.getByText(/(5:00|4:5\d)$/).count()).toBe(0);

    await channelMenu(anna, t("moderation:lock.lock"));
    await boris.page.getByText(boris.t("rights:refused.send")).waitFor();
    await channelMenu(anna, t("moderation:lock.unlock"));
    await field.waitFor();
    expect(await field.inputValue()).toContain("second");
  },
);

async function channelMenu(person: Person, entry: string): Promise<void> {
  await showChannels(person);
  await person.button(person.t("servers:channels.menu", { channel: "general" })).click();
  await person.page.getByRole("menuitem", { name: entry }).click();
}

test.each(storyVariants(onDesktop, onPhone))(
  "a rule for words is tried out on what was written, saved, and gives a blocked message back to its author ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna", options), world.person("Boris", options)]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = anna;
    await say(boris, "Казино ждёт");
    await openServerSettings(anna, server.name, "AutoMod");
    const panel = page.getByRole("tabpanel");
    await panel.getByText(t("automod:none")).waitFor();
    await expectAccessible(page);
    await panel.getByRole("button", { name: t("automod:hints.words") }).click();
    await anna.field(t("automod:words.label")).fill("казино\ncasino");
    await anna.button(t("automod:dryRun.run"), panel).click();
    await panel.locator("mark", { hasText: "Казино" }).waitFor();
    await expectAccessible(page);
    await anna.button(t("common:save"), panel).click();
    await anna.button(t("automod:delete"), panel).waitFor();
    await anna.button(t("automod:back"), panel).click();
    await anna.button(t("automod:edit", { name: t("automod:kinds.words") }), panel).waitFor();

    const field = boris.field(boris.t("chat:composer.label", { channel: "#general" }));
    await say(boris, "к а з и н о");
    const refusal = boris.page.getByRole("alert").filter({ hasText: t("automod:messages.words") });
    await refusal.waitFor();
    await expectAccessible(boris.page);
    await boris.button(boris.t("chat:action.edit"), refusal).click();
    await refusal.waitFor({ state: "detached" });
    expect(await field.inputValue()).toBe("к а з и н о");
    await say(boris, "кино");
    await boris.page.getByText("кино", { exact: true }).waitFor();
  },
);
