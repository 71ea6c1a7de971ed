import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { atRest } from "../harness/checks/at-rest.ts";
import { openSettings, showChannels } from "../harness/actions/accounts.ts";
import { desktop, phone } from "../harness/browser.ts";
import { chooseInServerMenu, createServerWith } from "../harness/community.ts";
import type { Person, PersonOptions } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

/** Runs axe on every screen in both themes and sizes, and leaves pictures in e2e/output/screens for people to look at. */
const world = openWorld();

const settings = [
  { locale: "en", theme: "dark", viewport: desktop },
  { locale: "ru", theme: "light", viewport: desktop },
  { locale: "ru", theme: "dark", viewport: phone },
  { locale: "en", theme: "light", viewport: phone },
] as const satisfies readonly PersonOptions[];
const named = settings.map((options) => ({
  ...options,
  size: options.viewport === phone ? "phone" : "desktop",
}));
const output = new URL("../output/screens", import.meta.url).pathname;

async function look(person: Person, { locale, theme, size }: (typeof named)[number], screen: string) {
  await atRest(person.page);
  await mkdir(output, { recursive: true });
  await person.page.screenshot({ path: join(output, `${screen} ${size} ${theme} ${locale}.png`) });
  await expectAccessible(person.page);
}

test.each(named)(
  "login, registration, invite and claim pages are accessible ($size, $theme, $locale)",
  async (options) => {
    const owner = await world.person("Вера");
    const server = await owner.rest.createServer({ name: "Настольные игры" });
    const { code } = await owner.rest.createInvite(server.id);
    const guest = await world.guest("Guest", options);
    const { page, t } = guest;

    await guest.open("/login");
    await page.getByRole("heading", { name: t("auth:login.title") }).waitFor();
    await look(guest, options, "login");
    await guest.field(t("auth:username")).fill("nobody");
    await guest.field(t("auth:password")).fill("not the password");
    await guest.button(t("auth:login.submit")).click();
    await page.getByRole("alert").waitFor();
    await look(guest, options, "login-refused");

    await guest.open("/register");
    await guest.field(t("auth:email")).fill("not an address");
    await guest.button(t("auth:register.submit")).click();
    await page.getByRole("alert").first().waitFor();
    await look(guest, options, "register");

    await guest.open(`/invite/${code}`);
    await page.getByRole("heading", { name: server.name }).waitFor();
    await look(guest, options, "invite");
    await guest.open("/invite/none");
    await page.getByRole("alert").waitFor();
    await look(guest, options, "invite-invalid");
    await guest.open("/claim#none");
    await guest.field(t("auth:username")).waitFor();
    await look(guest, options, "claim");
  },
);

test.each(named)(
  "the channel page, its drawers and a member card are accessible ($size, $theme, $locale)",
  async (options) => {
    const boris = await world.person("Борис");
    const anna = await world.person("Анна", options);
    const { page, t } = anna;
    await look(anna, options, "empty");
    await createServerWith([anna, boris], { name: "Настольные игры" });
    if (!anna.isOnPhone) await page.getByRole("button", { name: /^Борис/ }).waitFor();
    await look(anna, options, "channel");
    if (anna.isOnPhone) {
      await showChannels(anna);
      await look(anna, options, "drawer");
      await page.keyboard.press("Escape");
      await anna.dialog().waitFor({ state: "hidden" });
      await anna.button(t("servers:members.toggle")).click();
      await page.getByRole("button", { name: /^Борис/ }).waitFor();
      await look(anna, options, "members-drawer");
    }
    await anna
      .button(`Борис`)
      .or(page.getByRole("button", { name: /Борис/ }))
      .first()
      .click();
    await look(anna, options, "member-card");
    await page.keyboard.press("Escape");
    if (anna.isOnPhone) await page.keyboard.press("Escape");
    await anna.open("/channels/1/999999");
    await page.getByRole("heading", { name: t("common:notFound.heading") }).waitFor();
    await look(anna, options, "not-found");
  },
);

test.each(named)("every tab of the user settings is accessible ($size, $theme, $locale)", async (options) => {
  const anna = await world.person("Анна", options);
  await createServerWith([anna], { name: "Настольные игры" });
  await openSettings(anna);
  for (const tab of ["profile", "account", "sessions", "appearance", "notifications", "voice"] as const) {
    await anna.page.getByRole("tab", { name: anna.t(`settings:tab.${tab}`) }).click();
    await look(anna, options, `settings-${tab}`);
  }
});

test.each(named)(
  "menus and dialogs of servers and channels are accessible ($size, $theme, $locale)",
  async (options) => {
    const anna = await world.person("Анна", options);
    const boris = await world.person("Борис");
    const { page, t } = anna;
    const server = await createServerWith([anna, boris], { name: "Настольные игры" });

    async function dialog(screen: string, heading: string, open: () => Promise<void>): Promise<void> {
      await open();
      await anna.dialog().getByRole("heading", { name: heading, exact: true }).waitFor();
      await look(anna, options, screen);
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
    await look(anna, options, "server-menu");
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

test.each(named)("every tab of the server settings is accessible ($size, $theme, $locale)", async (options) => {
  const [anna, boris] = await Promise.all([world.person("Анна", options), world.person("Борис")]);
  const { page, t } = anna;
  const server = await createServerWith([anna, boris], { name: "Настольные игры" });
  await chooseInServerMenu(anna, server.name, t("servers:settings.open"));
  await page.getByRole("tab", { name: t("servers:members.title") }).click();
  await anna.button(t("servers:members.banName", { name: "Борис" })).click();
  await anna.button(t("servers:removal.ban.submit")).waitFor();
  await look(anna, options, "ban");
  await anna.button(t("servers:removal.ban.submit")).click();
  await page.getByRole("tab", { name: t("servers:settings.bans") }).click();
  await anna.button(t("servers:bans.liftOf", { name: "Борис" })).waitFor();
  await look(anna, options, "server-bans");
  await page.getByRole("tab", { name: t("servers:settings.invites") }).click();
  await page.getByText(t("servers:invites.neverExpires")).waitFor();
  await look(anna, options, "server-invites");
  await page.getByRole("tab", { name: t("servers:members.title") }).click();
  await look(anna, options, "server-members");
  await page.getByRole("tab", { name: t("servers:settings.overview") }).click();
  await look(anna, options, "server-overview");
  await anna.button(t("servers:delete.open")).click();
  await anna.field(t("servers:delete.typeName", { server: server.name })).waitFor();
  await look(anna, options, "delete-server");
});

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
