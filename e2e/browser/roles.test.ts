import { expect, test } from "vitest";
import { showChannels } from "../harness/actions/accounts.ts";
import { say } from "../harness/actions/messages.ts";
import { desktop, phone } from "../harness/browser.ts";
import { channelList, chooseInServerMenu, createServerWith, firstChannel, openChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
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

test.each([
  { locale: "en", viewport: desktop },
  { locale: "ru", viewport: phone },
] as const)(
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
  await boris.field(boris.t("chat:composer.label", { channel: "general" })).waitFor();
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
