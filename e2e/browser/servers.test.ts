import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { hideChannels, register } from "../harness/actions/accounts.ts";
import { desktop, phone } from "../harness/browser.ts";
import {
  channelList,
  chooseInServerMenu,
  createServer,
  createServerWith,
  goToChannel,
  inviteTo,
  openChannel,
  openInvite,
} from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { storyVariants, testInLongForm } from "../harness/variants.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

test.each(
  storyVariants(
    { locale: "ru", viewport: phone, channel: "общий" },
    { locale: "en", viewport: desktop, channel: "general" },
  ),
)(
  "a new server's invite link lets one new user register and join, and then expires ($locale)",
  async ({ channel, ...options }) => {
    const anna = await world.person("Анна", options);
    await anna.open();
    await createServer(anna, "Настольные игры");
    await anna.page.getByRole("heading", { level: 1, name: channel }).waitFor();
    const link = await inviteTo(anna, "Настольные игры", 1);

    const boris = await world.guest("Борис", { ...options, theme: "light" });
    await openInvite(boris, link);
    await boris.page.getByRole("heading", { name: "Настольные игры" }).waitFor();
    await boris.page.getByText(boris.t("auth:invite.from", { name: "Анна" })).waitFor();
    await boris.button(boris.t("auth:invite.register")).click();
    await register(boris);
    // Registering from an invite joins the server without another click.
    await boris.page.getByRole("heading", { level: 1, name: channel }).waitFor();
    await showMembers(anna);
    await member(anna, "Борис", anna.t("common:status.online")).waitFor();

    // The link was for one use.
    const late = await world.person("Late", options);
    await openInvite(late, link);
    await late.page
      .getByRole("alert")
      .filter({ hasText: late.t("common:error.invite_invalid") })
      .waitFor();

    await boris.context.close();
    await member(anna, "Борис", anna.t("common:status.offline")).waitFor();
  },
);

test("channels that the owner creates, renames, moves and deletes change for other members without a reload", async () => {
  const [anna, boris] = await Promise.all([
    world.person("Anna"),
    world.person("Борис", { locale: "ru", viewport: phone }),
  ]);
  const server = await createServerWith([anna, boris]);

  await chooseInServerMenu(anna, "Friends", anna.t("servers:channels.create"));
  await anna.field(anna.t("servers:channelName")).fill("plans");
  await anna.button(anna.t("servers:createChannel.submit")).click();
  await anna.page.getByRole("heading", { level: 1, name: "plans" }).waitFor();
  await goToChannel(boris, "plans");
  await boris.page.getByRole("heading", { level: 1, name: "plans" }).waitFor();

  await chooseForChannel(anna, "plans", anna.t("servers:channels.rename"));
  await anna.field(anna.t("servers:channelName")).fill("plans & dates");
  await anna.button(anna.t("common:save")).click();
  await boris.page.getByRole("heading", { level: 1, name: "plans & dates" }).waitFor();

  await chooseForChannel(anna, "plans & dates", anna.t("servers:channels.moveUp"));
  await expect.poll(() => textChannels(anna).allInnerTexts()).toEqual(["plans & dates", "general"]);
  await openChannel(boris, server);
  await boris.button(boris.t("common:nav.open")).click();
  await expect.poll(() => textChannels(boris).allInnerTexts()).toEqual(["plans & dates", "general"]);
  await textChannels(boris).first().click();

  await chooseForChannel(anna, "plans & dates", anna.t("servers:channels.delete"));
  await anna.button(anna.t("servers:deleteChannel.submit"), anna.dialog()).click();
  // Pages that had the deleted channel open show another one.
  for (const person of [anna, boris]) await person.page.getByRole("heading", { level: 1, name: "general" }).waitFor();
});

test("a channel dragged to another position stays there after a reload", async () => {
  const anna = await world.person("Anna");
  const server = await anna.rest.createServer({ name: "Friends" });
  await anna.rest.createChannel(server.id, { name: "second" });
  await openChannel(anna, server);
  await expect.poll(() => textChannels(anna).allInnerTexts()).toEqual(["general", "second"]);
  await textChannels(anna)
    .last()
    .dragTo(textChannels(anna).first(), { targetPosition: { x: 20, y: 2 } });
  await expect.poll(() => textChannels(anna).allInnerTexts()).toEqual(["second", "general"]);
  await anna.page.reload();
  await expect.poll(() => textChannels(anna).allInnerTexts()).toEqual(["second", "general"]);
});

test("a member can leave, a removed member can rejoin, and a banned member cannot until the ban is lifted", async () => {
  const [anna, boris, vera, gleb] = await Promise.all([
    world.person("Anna"),
    world.person("Борис", { locale: "ru", viewport: phone }),
    world.person("Вера", { locale: "ru" }),
    world.person("Gleb", { viewport: phone }),
  ]);
  const server = await createServerWith([anna, boris, vera, gleb]);
  const { code } = await anna.rest.createInvite(server.id);

  await chooseInServerMenu(boris, "Friends", boris.t("servers:leave.open"));
  await boris.button(boris.t("servers:leave.submit"), boris.dialog()).click();
  await boris.page.getByRole("heading", { name: boris.t("servers:none.heading") }).waitFor();
  await expect.poll(() => membersPane(anna).getByRole("button", { name: "Борис" }).count()).toBe(0);

  await chooseForMember(anna, "Вера", anna.t("servers:members.kick"));
  await anna.button(anna.t("servers:removal.kick.submit"), anna.dialog()).click();
  await vera.page
    .getByText(vera.t("common:removed.kicked", { server: "Friends" }))
    .first()
    .waitFor();
  await vera.page.getByRole("heading", { name: vera.t("servers:none.heading") }).waitFor();
  await openInvite(vera, `/invite/${code}`);
  await vera.button(vera.t("auth:invite.join")).click();
  await vera.page.getByRole("heading", { level: 1, name: "general" }).waitFor();

  await chooseForMember(anna, "Gleb", anna.t("servers:members.ban"));
  await anna.button(anna.t("servers:removal.ban.submit"), anna.dialog()).click();
  await gleb.page
    .getByText(gleb.t("common:removed.banned", { server: "Friends" }))
    .first()
    .waitFor();
  await openInvite(gleb, `/invite/${code}`);
  await gleb.button(gleb.t("auth:invite.join")).click();
  await gleb.page.getByText(gleb.t("common:error.banned")).first().waitFor();

  await chooseInServerMenu(anna, "Friends", anna.t("servers:settings.open"));
  await anna.page.getByRole("tab", { name: anna.t("servers:settings.bans") }).click();
  await anna.button(anna.t("servers:bans.liftOf", { name: "Gleb" })).click();
  await anna.page.getByText(anna.t("servers:bans.none")).waitFor();
  await gleb.button(gleb.t("auth:invite.join")).click();
  await gleb.page.getByRole("heading", { level: 1, name: "general" }).waitFor();
});

testInLongForm("a member sees their own invites in the invite dialog, and revokes one with the keyboard", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Борис", { locale: "ru" })]);
  const server = await createServerWith([anna, boris]);
  const { code: ofAnna } = await anna.rest.createInvite(server.id);
  const { code: older } = await boris.rest.createInvite(server.id);
  await chooseInServerMenu(boris, "Friends", boris.t("servers:invite.open"));
  const dialog = boris.dialog();
  await dialog.getByText(boris.t("servers:invites.own")).waitFor();
  await boris.button(boris.t("servers:invite.create"), dialog).click();
  const link = await boris.field(boris.t("servers:invite.link")).inputValue();
  const newer = link.split("/").at(-1)!;
  await dialog.getByText(newer, { exact: true }).waitFor();
  expect(await dialog.getByText(ofAnna).count()).toBe(0);

  await boris.button(boris.t("servers:invites.revoke", { code: older }), dialog).focus();
  await boris.page.keyboard.press("Enter");
  await expect.poll(() => dialog.getByText(older, { exact: true }).count()).toBe(0);
  expect((await boris.rest.listInvites(server.id)).map(({ code }) => code)).toEqual([newer]);
  // The focus stays in the dialog, so that the next key works on.
  expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
});

testInLongForm(
  "the server menu of a member who is not the owner has invite, notifications and leave, and no more",
  async () => {
    const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris")]);
    await createServerWith([anna, boris]);
    await boris.button("Friends").click();
    await boris.page.getByRole("menuitem", { name: boris.t("servers:leave.open") }).waitFor();
    const entries = await boris.page.getByRole("menuitem").allInnerTexts();
    const notifications = [boris.t("notifications:mute.open"), boris.t("notifications:level.title")];
    expect(entries).toEqual([boris.t("servers:invite.open"), ...notifications, boris.t("servers:leave.open")]);
  },
);

test("a chosen status shows to other members, and invisible shows as offline", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris")]);
  await createServerWith([anna, boris]);
  for (const [chosen, shown] of [
    ["dnd", "dnd"],
    ["invisible", "offline"],
    ["online", "online"],
  ] as const) {
    await boris.page
      .getByRole("button", { name: /^Boris/ })
      .first()
      .click();
    await boris.page.getByRole("menuitemradio", { name: boris.t(`common:status.${chosen}`) }).click();
    await member(anna, "Boris", anna.t(`common:status.${shown}`)).waitFor();
  }
});

test("a server is deleted only after its name is typed, and its members are told", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Борис", { locale: "ru" })]);
  await createServerWith([anna, boris]);
  await chooseInServerMenu(anna, "Friends", anna.t("servers:settings.open"));
  await anna.button(anna.t("servers:delete.open")).click();
  const confirm = anna.button(anna.t("servers:delete.submit"));
  await expect.poll(() => confirm.isDisabled()).toBe(true);
  await anna.field(anna.t("servers:delete.typeName", { server: "Friends" })).fill("Friends");
  await confirm.click();
  await boris.page
    .getByText(boris.t("common:removed.deleted", { server: "Friends" }))
    .first()
    .waitFor();
  for (const person of [anna, boris])
    await person.page.getByRole("heading", { name: person.t("servers:none.heading") }).waitFor();
});

function textChannels(person: Person): Locator {
  return channelList(person).getByRole("list").first().getByRole("link");
}

function membersPane(person: Person): Locator {
  return person.page.getByRole("list", { name: person.t("servers:members.title") });
}

function member(person: Person, name: string, status: string): Locator {
  return membersPane(person).getByRole("button", { name: new RegExp(`${name}.*${status}$`) });
}

async function showMembers(person: Person): Promise<void> {
  await hideChannels(person);
  if (person.isOnPhone) await person.button(person.t("servers:members.toggle")).click();
  await membersPane(person).waitFor();
}

async function chooseForChannel(person: Person, channel: string, entry: string): Promise<void> {
  await channelList(person).getByRole("link", { name: channel }).click({ button: "right" });
  await person.page.getByRole("menuitem", { name: entry }).click();
}

async function chooseForMember(person: Person, name: string, entry: string): Promise<void> {
  await membersPane(person).getByRole("button", { name }).click();
  await person.page.getByRole("menuitem", { name: entry }).click();
}
