import { bitsOf } from "@miscord/rights";
import { expect, test } from "vitest";
import { logIn, logOut, showChannels } from "../harness/actions/accounts.ts";
import { say } from "../harness/actions/messages.ts";
import { desktop, phone } from "../harness/browser.ts";
import { channelList, chooseInServerMenu, createServerWith, firstChannel, openChannel } from "../harness/community.ts";
import { answeredByTest, type Person } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

async function openRoles(person: Person, server: string): Promise<void> {
  await chooseInServerMenu(person, server, person.t("servers:settings.open"));
  await person.page.getByRole("tab", { name: person.t("rights:roles.title") }).click();
}

async function choosePermissions(person: Person, channel: string): Promise<void> {
  await showChannels(person);
  await person.button(person.t("servers:channels.menu", { channel })).click();
  await person.page.getByRole("menuitem", { name: person.t("rights:channel.open") }).click();
}

test.each(storyVariants({ locale: "ru", viewport: phone }, { locale: "en", viewport: desktop }))(
  "a role that its owner creates, names and gives shows its member a private channel at once ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna", options), world.person("Boris")]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = anna;

    await openRoles(anna, server.name);
    await anna.button(t("rights:roles.create")).click();
    await anna.field(t("rights:roles.name")).fill("Crew");
    await page.getByRole("switch", { name: t("rights:permission.manageMessages.label") }).click();
    await page.getByText(t("rights:roles.unsaved")).waitFor();
    await anna.button(t("common:save")).click();
    await page.getByText(t("rights:roles.unsaved")).waitFor({ state: "hidden" });
    await anna.dialog().getByRole("heading", { name: "Crew" }).waitFor();

    const everyone = server.everyone_role_id;
    const role = (await anna.rest.getServer(server.id)).roles.find(({ name }) => name === "Crew")!;
    const { id } = await anna.rest.createChannel(server.id, {
      name: "backstage",
      overrides: [
        { type: "role", target_id: everyone, allow: 0, deny: 1024 },
        { type: "role", target_id: role.id, allow: 1024, deny: 0 },
      ],
    });
    await expect.poll(() => channelList(boris).getByText("backstage").count()).toBe(0);
    await anna.rest.giveRole(server.id, (await boris.rest.me()).id, role.id);
    await channelList(boris).getByText("backstage").waitFor();
    await openChannel(boris, server, id);
    await say(boris, "we are in");

    // It is taken while the channel is open: nothing of it stays on the screen.
    await anna.rest.takeRole(server.id, (await boris.rest.me()).id, role.id);
    await channelList(boris).getByText("backstage").waitFor({ state: "detached" });
    await boris.page.getByText("we are in").waitFor({ state: "detached" });
  },
);

test("permissions of a channel are set by keyboard alone, and unsaved ones are still there after a close", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris")]);
  await createServerWith([anna, boris]);
  const { page, t } = anna;
  const send = () => page.getByRole("radiogroup", { name: t("rights:permission.sendMessages.label") });
  const state = (name: "allow" | "inherit" | "deny") =>
    send().getByRole("radio", { name: t(`rights:channel.${name}`) });

  await choosePermissions(anna, "general");
  await state("inherit").focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => state("deny").isChecked()).toBe(true);
  await page.keyboard.press("Escape");
  await choosePermissions(anna, "general");
  await expect.poll(() => state("deny").isChecked()).toBe(true);
  await anna.button(t("common:save")).focus();
  await page.keyboard.press("Enter");
  await boris.page.getByText(boris.t("rights:refused.send")).waitFor();

  await page.getByText(t("rights:roles.unsaved")).waitFor({ state: "hidden" });
  await state("deny").focus();
  await page.keyboard.press("ArrowRight");
  await anna.button(t("common:save")).focus();
  await page.keyboard.press("Enter");
  await boris.field(boris.t("chat:composer.label", { channel: "#general" })).waitFor();
});

test("a draft of a role gives back nothing that somebody else takes meanwhile, and is gone after a logout", async () => {
  const anna = await world.person("Anna");
  const server = await createServerWith([anna]);
  const { page, t } = anna;
  const crew = await anna.rest.createRole(server.id, {
    name: "Crew",
    permissions: bitsOf("kickMembers", "banMembers"),
  });
  const permission = (name: "manageMessages" | "banMembers") =>
    page.getByRole("switch", { name: t(`rights:permission.${name}.label`) });
  const edit = async () => {
    await openRoles(anna, server.name);
    await anna.button(t("rights:roles.edit", { role: "Crew" })).click();
  };
  await edit();
  await permission("manageMessages").click();
  await page.getByText(t("rights:roles.unsaved")).waitFor();
  await page.keyboard.press("Escape");
  await anna.dialog().waitFor({ state: "hidden" });
  await anna.rest.updateRole(crew.id, { permissions: bitsOf("kickMembers") });
  await edit();
  await expect.poll(() => permission("banMembers").isChecked()).toBe(false);
  expect(await permission("manageMessages").isChecked()).toBe(true);
  await anna.button(t("common:save")).click();
  await page.getByText(t("rights:roles.unsaved")).waitFor({ state: "hidden" });
  const permissions = async () =>
    (await anna.rest.getServer(server.id)).roles.find(({ id }) => id === crew.id)?.permissions;
  expect(await permissions()).toBe(bitsOf("kickMembers", "manageMessages"));

  await permission("banMembers").click();
  await page.getByText(t("rights:roles.unsaved")).waitFor();
  await page.keyboard.press("Escape");
  await logOut(anna);
  await logIn(anna);
  await edit();
  await permission("banMembers").waitFor();
  expect(await permission("banMembers").isChecked()).toBe(false);
  expect(await page.getByText(t("rights:roles.unsaved")).count()).toBe(0);
});

test("a moderator is offered the roles and members below, and reads what was saved when the rest fails", async () => {
  const [anna, boris, clara] = await Promise.all([
    world.person("Anna"),
    world.person("Boris", answeredByTest),
    world.person("Clara"),
  ]);
  const server = await createServerWith([anna, boris]);
  const { code } = await anna.rest.createInvite(server.id);
  await clara.rest.joinInvite(code);
  const chiefs = await anna.rest.createRole(server.id, { name: "Chiefs" });
  const crew = await anna.rest.createRole(server.id, {
    name: "Crew",
    permissions: bitsOf("manageRoles", "manageChannels"),
  });
  const guests = await anna.rest.createRole(server.id, { name: "Guests" });
  await anna.rest.giveRole(server.id, (await clara.rest.me()).id, chiefs.id);
  await anna.rest.giveRole(server.id, (await boris.rest.me()).id, crew.id);
  const { page, t } = boris;

  await chooseInServerMenu(boris, server.name, t("servers:channels.create"));
  await page.getByRole("switch", { name: t("rights:channel.private") }).click();
  await page.getByRole("checkbox", { name: "Guests" }).waitFor();
  // Besides it there is the choice of a forum.
  expect(await page.getByRole("checkbox").count()).toBe(2);
  await page.keyboard.press("Escape");
  await choosePermissions(boris, "general");
  const offered = page.getByRole("option");
  const choose = async (name: string) => {
    await boris.field(t("rights:channel.for")).click();
    await offered.getByText(name).click();
  };
  await boris.field(t("rights:channel.for")).click();
  await offered.first().waitFor();
  const names = (await offered.allInnerTexts()).map((text) => text.trim());
  expect(names).toEqual([t("rights:roles.everyone"), "Guests", `Boris (@${boris.username})`]);
  await page.keyboard.press("Escape");

  const react = page.getByRole("radiogroup", { name: t("rights:permission.addReactions.label") });
  const set = (state: "allow" | "deny") =>
    react
      .locator("label")
      .filter({ has: page.getByRole("radio", { name: t(`rights:channel.${state}`) }) })
      .click();
  await set("deny");
  await choose("Guests");
  await set("allow");
  const everyone = `**/overrides/${server.everyone_role_id}`;
  await page.route(everyone, (route) => route.fulfill({ status: 403 }));
  await boris.button(t("common:save")).click();
  await page.getByText(t("common:error.forbidden")).waitFor();
  await page.getByText(t("rights:channel.partlySaved", { names: "Guests" })).waitFor();
  const saved = async () => (await anna.rest.getServer(server.id)).channels[0]!.overrides;
  expect(await saved()).toMatchObject([{ target_id: guests.id, allow: bitsOf("addReactions") }]);
  await page.unroute(everyone);
  await boris.button(t("common:save")).click();
  await page.getByText(t("rights:roles.unsaved")).waitFor({ state: "hidden" });
  expect(await saved()).toHaveLength(2);
});

test("a moderator who would lose the sight of a channel is asked before, and members without rights see no editors", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris")]);
  const server = await createServerWith([anna, boris]);
  const channelId = firstChannel(server, "text");
  await boris.button(boris.t("servers:channels.menu", { channel: "general" })).click();
  await boris.page.getByRole("menuitem", { name: boris.t("servers:channels.copyLink") }).waitFor();
  expect(await boris.page.getByRole("menuitem", { name: boris.t("rights:channel.open") }).count()).toBe(0);
  await boris.page.keyboard.press("Escape");

  const { id } = await anna.rest.createRole(server.id, { name: "Crew", permissions: 2 ** 28 });
  await anna.rest.giveRole(server.id, (await boris.rest.me()).id, id);
  await expect.poll(async () => (await boris.rest.getServer(server.id)).role_ids, { timeout: 10_000 }).toEqual([id]);
  await choosePermissions(boris, "general");
  await boris.page.getByRole("switch", { name: boris.t("rights:channel.private") }).click();
  await boris.button(boris.t("common:save")).click();
  await boris.page.getByText(boris.t("rights:lockOut.view")).waitFor();
  await boris.button(boris.t("common:cancel")).click();
  expect((await anna.rest.getServer(server.id)).channels.find((one) => one.id === channelId)?.overrides).toEqual([]);
});
