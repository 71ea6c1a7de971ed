import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { showChannels } from "../harness/actions/accounts.ts";
import { attach, message, say } from "../harness/actions/messages.ts";
import { act } from "../harness/actions/timeline.ts";
import { expectScreenAccessible, onOneDesktop, onOnePhone } from "../harness/checks/screens.ts";
import { chooseInServerMenu, createServerWith, firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

test.each(onOneDesktop)(
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
    await anna.rest.createRole(server.id, { name: "Ведущие", color: "#aa3355" });
    const permissions = t("rights:channel.title", { channel: "general" });
    await dialog("channel-permissions", permissions, fromChannelMenu(t("rights:channel.open")));
    await dialog("roles", t("rights:roles.title"), async () => {
      await fromServerMenu(t("servers:settings.open"))();
      await page.getByRole("tab", { name: t("rights:roles.title") }).click();
    });
    await dialog("role", "Ведущие", async () => {
      await fromServerMenu(t("servers:settings.open"))();
      await page.getByRole("tab", { name: t("rights:roles.title") }).click();
      await anna.button(t("rights:roles.edit", { role: "Ведущие" })).click();
    });
    await dialog("add-server", t("servers:add.title"), async () => {
      await showChannels(anna);
      await anna.button(t("servers:add.open")).click();
    });
    await dialog("switcher", t("common:switcher.title"), () => page.keyboard.press("Control+k"));
    await dialog("shortcuts", t("common:shortcuts.title"), () => page.keyboard.press("Control+/"));
  },
);

test.each(onOnePhone)("every tab of the server settings is accessible ($size, $theme, $locale)", async (options) => {
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
});

test.each(onOneDesktop)(
  "menus, popovers, pickers and the viewer of a conversation are accessible while open ($size, $theme, $locale)",
  async (options) => {
    const anna = await world.person("Анна", options);
    const boris = await world.person("Борис");
    const { page, t } = anna;
    const server = await createServerWith([anna, boris], { name: "Настольные игры" });
    const channelId = firstChannel(server, "text");
    const asked = await boris.rest.createMessage(channelId, { content: `@${anna.username} ||hidden|| **here**` });
    await boris.rest.addReaction(asked.id, "🎉");
    await attach(anna, { name: "dot.png", mimeType: "image/png", buffer: dot });
    await say(anna, "a picture");
    const picture = anna.button(t("chat:attachment.open", { name: "dot.png" }));
    await picture.waitFor();

    async function opened(screen: string, shown: Locator, open: () => Promise<void>): Promise<void> {
      await open();
      await shown.last().waitFor();
      await expectScreenAccessible(anna, options, screen);
      await expect
        .poll(async () => {
          if (await shown.last().isVisible()) await page.keyboard.press("Escape");
          return shown.count();
        })
        .toBe(0);
      await closeAll(anna);
    }
    const menu = page.getByRole("menu");
    const popover = (name: string) => page.getByRole("dialog", { name });
    const inUserPanel = (button: Locator) => async () => {
      await showChannels(anna);
      await button.click();
    };

    await opened("message-menu", menu, () => act(anna, message(anna, "hidden"), t("chat:action.more")));
    await opened("skin-tones", menu, async () => {
      await act(anna, message(anna, "a picture"), t("chat:action.react"));
      await anna.button(t("chat:emoji.skinTone")).click();
    });
    await opened("viewer", popover("dot.png"), () => picture.click());
    await opened("inbox", popover(t("notifications:title")), () => anna.button(t("notifications:title")).click());
    const connection = new RegExp(`^${t("connection:open", { quality: "" }).trim()}`);
    await opened("connection", page.getByText(t("connection:copy")), async () => {
      await inUserPanel(page.getByRole("button", { name: connection }))();
      await page.getByText(t("connection:details"), { exact: true }).click();
    });
    await opened("status-menu", menu, inUserPanel(page.getByRole("button", { name: "Анна" }).last()));
    await opened("channel-menu", menu, inUserPanel(anna.button(t("servers:channels.menu", { channel: "general" }))));
    await opened("invite-expiry", page.getByRole("listbox"), async () => {
      await chooseInServerMenu(anna, server.name, t("servers:invite.open"));
      await anna.field(t("servers:invite.expires")).click();
    });
  },
);

/** A picture of one pixel. */
const dot = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
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
