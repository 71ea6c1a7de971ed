import { expect, test } from "vitest";
import { showChannels } from "../harness/actions/accounts.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { chooseInServerMenu, createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

test.each(screenVariants)(
  "menus and dialogs of servers and channels are accessible ($size, $theme, $locale)",
  async (options) => {
    const anna = await world.person("Анна", options);
    const boris = await world.person("Борис");
    const { page, t } = anna;
    const server = await createServerWith([anna, boris], { name: "Настольные игры" });

    async function dialog(screen: string, heading: string, open: () => Promise<void>): Promise<void> {
      await open();
      await anna.dialog().getByRole("heading", { name: heading, exact: true }).waitFor();
      await expectScreenAccessible(anna, options, screen);
      await closeAll(anna);
    }
    const fromServerMenu = (entry: string) => () => chooseInServerMenu(anna, server.name, entry);
    const fromChannelMenu = (entry: string) => async () => {
      await showChannels(anna);
      await anna.button(t("servers:channels.menu", { channel: "general" })).click();
      await page.getByRole("menuitem", { name: entry }).click();
    };

    await showChannels(anna);
    await anna.button(server.name).click();
    await page.getByRole("menu").waitFor();
    await expectScreenAccessible(anna, options, "server-menu");
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "hidden" });
    await closeAll(anna);

    const inviteTitle = t("servers:invite.title", { server: server.name });
    await dialog("invite-dialog", inviteTitle, fromServerMenu(t("servers:invite.open")));
    await dialog("invite-link", inviteTitle, async () => {
      await fromServerMenu(t("servers:invite.open"))();
      await anna.button(t("servers:invite.create")).click();
      await anna.field(t("servers:invite.link")).waitFor();
    });
    await dialog("create-channel", t("servers:createChannel.title"), fromServerMenu(t("servers:channels.create")));
    await dialog("rename-channel", t("servers:renameChannel.title"), fromChannelMenu(t("servers:channels.rename")));
    const deleteTitle = t("servers:deleteChannel.title", { channel: "general" });
    await dialog("delete-channel", deleteTitle, fromChannelMenu(t("servers:channels.delete")));
    await dialog("add-server", t("servers:add.title"), async () => {
      await showChannels(anna);
      await anna.button(t("servers:add.open")).click();
    });
    await dialog("switcher", t("common:switcher.title"), () => page.keyboard.press("Control+k"));
    await dialog("shortcuts", t("common:shortcuts.title"), () => page.keyboard.press("Control+/"));
  },
);

test.each(screenVariants)(
  "every tab of the server settings is accessible ($size, $theme, $locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Анна", options), world.person("Борис")]);
    const { page, t } = anna;
    const server = await createServerWith([anna, boris], { name: "Настольные игры" });
    await chooseInServerMenu(anna, server.name, t("servers:settings.open"));
    await page.getByRole("tab", { name: t("servers:members.title") }).click();
    await anna.button(t("servers:members.banName", { name: "Борис" })).click();
    await anna.button(t("servers:removal.ban.submit")).waitFor();
    await expectScreenAccessible(anna, options, "ban");
    await anna.button(t("servers:removal.ban.submit")).click();
    await page.getByRole("tab", { name: t("servers:settings.bans") }).click();
    await anna.button(t("servers:bans.liftOf", { name: "Борис" })).waitFor();
    await expectScreenAccessible(anna, options, "server-bans");
    await page.getByRole("tab", { name: t("servers:settings.invites") }).click();
    await page.getByText(t("servers:invites.neverExpires")).waitFor();
    await expectScreenAccessible(anna, options, "server-invites");
    await page.getByRole("tab", { name: t("servers:members.title") }).click();
    await expectScreenAccessible(anna, options, "server-members");
    await page.getByRole("tab", { name: t("servers:settings.overview") }).click();
    await expectScreenAccessible(anna, options, "server-overview");
    await anna.button(t("servers:delete.open")).click();
    await anna.field(t("servers:delete.typeName", { server: server.name })).waitFor();
    await expectScreenAccessible(anna, options, "delete-server");
  },
);

/** Presses Escape until no dialog is open: on a phone the drawer below a dialog is a dialog too. */
async function closeAll(person: Person): Promise<void> {
  await expect
    .poll(async () => {
      const open = await person.dialog().count();
      if (open > 0) await person.page.keyboard.press("Escape");
      return open;
    })
    .toBe(0);
}
