import { expect, test } from "vitest";
import { showChannels } from "../harness/actions/accounts.ts";
import { desktop, phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { channelList, chooseInServerMenu, createServerWith, firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

/** The channels of a category, or those of the text channels without one. */
function channelsOf(person: Person, name: string) {
  return channelList(person).getByRole("list", { name }).getByRole("link");
}

async function chooseInMenuOf(person: Person, channel: string, entry: string): Promise<void> {
  await showChannels(person);
  await person.button(person.t("servers:channels.menu", { channel })).click();
  await person.page.getByRole("menuitem", { name: entry }).click();
}

async function createIn(person: Person, category: string, name: string): Promise<void> {
  const { t } = person;
  await showChannels(person);
  await person.button(t("servers:channels.createIn", { category })).click();
  await person.field(t("servers:channelName")).fill(name);
  await person.button(t("servers:createChannel.submit")).click();
  await person.page.getByRole("heading", { name, level: 1 }).waitFor();
}

test.each(storyVariants({ locale: "ru", viewport: phone }, { locale: "en", viewport: desktop }))(
  "a category holds channels, collapses and keeps unread ones in sight ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna", options), world.person("Boris")]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = anna;
    await chooseInServerMenu(anna, server.name, t("servers:channels.createCategory"));
    await anna.field(t("servers:categoryName")).fill("Games");
    await anna.button(t("servers:createChannel.submitCategory")).click();
    await anna.button(t("servers:channels.createIn", { category: "Games" })).waitFor();
    await createIn(anna, "Games", "chess");
    await createIn(anna, "Games", "go");
    await channelsOf(boris, "Games").nth(1).waitFor();

    await showChannels(anna);
    await anna.button("Games").focus();
    await page.keyboard.press("Enter");
    // The open channel stays.
    await channelsOf(anna, "Games").filter({ hasText: "chess" }).waitFor({ state: "detached" });
    expect(await channelsOf(anna, "Games").count()).toBe(1);
    const chess = (await boris.rest.getServer(server.id)).channels.find(({ name }) => name === "chess")!;
    await boris.rest.createMessage(chess.id, { content: "your move" });
    await channelsOf(anna, "Games").filter({ hasText: "chess" }).waitFor();
    await expectAccessible(page);

    await page.reload();
    await showChannels(anna);
    expect(await anna.button("Games").getAttribute("aria-expanded")).toBe("false");
    await chooseInMenuOf(anna, "Games", t("servers:channels.rename"));
    await anna.field(t("servers:categoryName")).fill("Board games");
    await anna.button(t("common:save")).click();
    await anna.button("Board games").waitFor();
    await chooseInMenuOf(anna, "Board games", t("servers:channels.deleteCategory"));
    await anna.button(t("servers:deleteChannel.submitCategory")).click();
    await anna.button("Board games").waitFor({ state: "detached" });
    await channelsOf(boris, boris.t("servers:channels.title")).filter({ hasText: "chess" }).waitFor();
  },
);

test("channels move across categories by keyboard and by mouse, and take over a category's permissions", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris")]);
  const server = await createServerWith([anna, boris]);
  const { page, t } = anna;
  const category = await anna.rest.createChannel(server.id, { name: "Staff", type: "category" });
  await anna.rest.createChannel(server.id, { name: "lobby" });
  const staff = channelsOf(anna, "Staff");

  const menu = anna.button(t("servers:channels.menu", { channel: "lobby" }));
  await menu.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: t("servers:channels.moveDown") }).focus();
  await page.keyboard.press("Enter");
  await staff.filter({ hasText: "lobby" }).waitFor();
  await channelsOf(boris, "Staff").filter({ hasText: "lobby" }).waitFor();
  const general = channelsOf(anna, t("servers:channels.title")).filter({ hasText: "general" });
  await general.dragTo(staff.first(), { targetPosition: { x: 20, y: 30 } });
  await expect.poll(() => channelsOf(boris, "Staff").allInnerTexts()).toEqual(["lobby", "general"]);

  await anna.rest.setOverride(category.id, server.everyone_role_id, { type: "role", allow: 0, deny: 1024 });
  await channelsOf(boris, "Staff").first().waitFor({ state: "detached" });
  const generalId = firstChannel(server, "text");
  await expect.poll(() => channelList(boris).getByText("general").count()).toBe(0);
  await anna.rest.removeOverride(generalId, server.everyone_role_id, "role");
  await channelsOf(boris, boris.t("servers:channels.title")).filter({ hasText: "general" }).waitFor();
  await chooseInMenuOf(anna, "general", t("rights:channel.open"));
  await anna
    .dialog()
    .getByText(t("rights:channel.notSynchronised", { category: "Staff" }))
    .waitFor();
  await expectAccessible(page);
  await anna.button(t("rights:channel.synchronise")).click();
  await anna
    .dialog()
    .getByText(t("rights:channel.synchronised", { category: "Staff" }))
    .waitFor();
  await anna.button(t("common:save")).click();
  await channelList(boris).getByText("general").waitFor({ state: "detached" });
});

test("the explainer says what decided, and viewing as a role or a member shows the server with their eyes", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris")]);
  const server = await createServerWith([anna, boris]);
  const { page, t } = anna;
  const crew = await anna.rest.createRole(server.id, { name: "Crew", permissions: 0 });
  const secret = await anna.rest.createChannel(server.id, { name: "secret" });
  await anna.rest.setOverride(secret.id, server.everyone_role_id, { type: "role", allow: 0, deny: 1024 });
  await anna.rest.setOverride(secret.id, crew.id, { type: "role", allow: 1024, deny: 0 });
  const general = firstChannel(server, "text");
  await anna.rest.setOverride(general, server.everyone_role_id, { type: "role", allow: 0, deny: 2048 });

  await chooseInMenuOf(anna, "secret", t("rights:channel.open"));
  await anna.dialog().getByText(t("rights:explain.open")).click();
  await anna.field(t("rights:explain.member")).click();
  await page.getByRole("option", { name: /Boris/ }).click();
  const reason = t("rights:explain.roleDeny", { roles: t("rights:roles.everyone") });
  await anna.dialog().getByText(reason, { exact: true }).waitFor();
  await expectAccessible(page);
  await anna.rest.giveRole(server.id, (await boris.rest.me()).id, crew.id);
  await anna
    .dialog()
    .getByText(t("rights:explain.roleAllow", { roles: "Crew" }), { exact: true })
    .waitFor();
  await page.keyboard.press("Escape");

  await chooseInServerMenu(anna, server.name, t("servers:settings.open"));
  await page.getByRole("tab", { name: t("rights:roles.title") }).click();
  await anna.button(t("rights:roles.edit", { role: t("rights:roles.everyone") })).click();
  await anna.button(t("rights:viewAs.asRole")).click();
  await page.getByText(t("rights:viewAs.role", { name: t("rights:roles.everyone") })).waitFor();
  await channelList(anna).getByText("secret").waitFor({ state: "detached" });
  await page.getByText(t("rights:refused.send")).waitFor();
  expect(await anna.button(t("servers:channels.create")).count()).toBe(0);
  await page.goto(`${anna.url}/channels/${server.id}/${general}`);
  // A reload ends it.
  await channelList(anna).getByText("secret").waitFor();
  await page.getByRole("complementary").getByText("Boris").click();
  await page.getByRole("menuitem", { name: t("rights:viewAs.asMember") }).click();
  await page.getByText(t("rights:viewAs.member", { name: "Boris" })).waitFor();
  await channelList(anna).getByText("secret").waitFor();
  await anna.rest.takeRole(server.id, (await boris.rest.me()).id, crew.id);
  await channelList(anna).getByText("secret").waitFor({ state: "detached" });
  await expectAccessible(page);
  await anna.button(t("rights:viewAs.stop")).click();
  await channelList(anna).getByText("secret").waitFor();
});
