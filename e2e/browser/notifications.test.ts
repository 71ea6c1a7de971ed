import type { ServerState } from "@miscord/protocol";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { openSettings } from "../harness/actions/accounts.ts";
import { phone } from "../harness/browser.ts";
import { createServerWith, goToChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";
import { storyVariants, testInLongForm } from "../harness/variants.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });

/** A server where Boris has #side open and Anna #general, both connected. */
async function apart(anna: Person, boris: Person): Promise<ServerState & { sideId: number; generalId: number }> {
  const home = await createServerWith([anna, boris], { name: "Home" });
  const generalId = home.channels[0]!.id;
  const { id: sideId } = await anna.rest.createChannel(home.id, { name: "side", type: "text" });
  await goToChannel(boris, "side");
  // Once this message is stored, Boris has joined the channel and receives live events.
  await say(boris, "over here");
  await expect.poll(async () => (await boris.rest.listMessages(sideId)).messages.length).toBe(1);
  return { ...home, sideId, generalId };
}

const bell = (person: Person, page: Page = person.page) => person.button(person.t("notifications:title"), page);
const titleOf = (page: Page) => expect.poll(() => page.title());
const toast = ({ page }: Person, text: string) => page.locator("[data-toasts]").getByText(text);
const item = ({ page }: Person, text: string) => page.getByRole("listitem").filter({ hasText: text });

/** Makes the page believe that it is covered by another tab; in headless browsers every page counts as visible. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      document.dispatchEvent(new Event("visibilitychange"));
    },
    isHidden ? "hidden" : "visible",
  );
}

test("counts of unread channels and mentions are the same in two tabs and after a reload", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  const { id, generalId, sideId } = await apart(anna, boris);
  const second = await boris.context.newPage();
  await second.goto(`/channels/${id}/${sideId}`);
  const tabs = [boris.page, second];

  await say(anna, "just talking");
  for (const tab of tabs) await titleOf(tab).toBe("• #side — Miscord");
  await say(anna, `@${boris.username} look here`);
  await say(anna, `and @${boris.username} here`);
  for (const tab of tabs) await titleOf(tab).toBe("(2) #side — Miscord");
  for (const tab of tabs) {
    const general = tab
      .getByRole("region", { name: boris.t("common:nav.sidebar") })
      .getByRole("link", { name: "general" });
    await general.getByText(boris.t("servers:channels.mentions", { count: 2 })).waitFor();
    await expect.poll(() => tab.locator('link[type="image/svg+xml"]').getAttribute("href")).toContain("mention");
  }
  await second.reload();
  await titleOf(second).toBe("(2) #side — Miscord");

  await second.goto(`/channels/${id}/${generalId}`);
  await titleOf(second).toBe("#general — Miscord");
  await titleOf(boris.page).toBe("#side — Miscord");
  await boris.page.reload();
  await titleOf(boris.page).toBe("#side — Miscord");
});

test.each(storyVariants({ locale: "ru", viewport: phone }, { locale: "en", viewport: undefined }))(
  "the inbox lists mentions, replies and invites, and marks them read ($locale)",
  async ({ locale, viewport }) => {
    const anna = await world.person("Анна");
    const boris = await world.person("Борис", { locale, ...(viewport && { viewport }) });
    const { t } = boris;
    await boris.open();
    await bell(boris).click();
    await boris.page.getByText(t("notifications:empty")).waitFor();
    await expectAccessible(boris.page);
    await boris.page.keyboard.press("Escape");

    const { sideId } = await apart(anna, boris);
    const mention = t("notifications:kind.mention", { author: anna.name, channel: "#general" });
    await say(anna, `**@${boris.username}** come here`);
    await toast(boris, mention).waitFor();
    await toast(boris, "come here").waitFor();
    const [own] = (await boris.rest.listMessages(sideId)).messages;
    const { id: kennelId } = await anna.rest.createServer({ name: "Kennel" });
    await anna.rest.createInvite(kennelId, { username: boris.username });
    await toast(boris, t("notifications:kind.invite", { author: anna.name, server: "Kennel" })).waitFor();
    await goToChannel(boris, "general");
    await message(boris, "come here").waitFor();
    await anna.rest.createMessage(sideId, { content: "me too", reply_to_id: own!.id });
    const reply = t("notifications:kind.reply", { author: anna.name, channel: "#side" });
    await toast(boris, reply).waitFor();

    // The mention was read with its channel, so two are left.
    await bell(boris)
      .locator("..")
      .getByText(t("notifications:unread", { count: 2 }))
      .waitFor();
    await bell(boris).click();
    await expectAccessible(boris.page);
    await item(boris, reply).getByRole("link").click();
    await expect.poll(() => new URL(boris.page.url()).pathname).toContain(`/${sideId}/`);
    await message(boris, "me too").waitFor();
    await bell(boris)
      .locator("..")
      .getByText(t("notifications:unread", { count: 1 }))
      .waitFor();

    await boris.page.reload();
    await bell(boris).click();
    await item(boris, "Kennel").getByText(t("notifications:isUnread")).waitFor();
    expect(await item(boris, mention).getByText(t("notifications:isUnread")).count()).toBe(0);
    await boris.button(t("notifications:readAll")).click();
    await expect.poll(() => boris.page.getByText(t("notifications:isUnread")).count()).toBe(0);
    await expect.poll(async () => (await boris.rest.listNotifications()).unread).toBe(0);
  },
);

test("the inbox loads older notifications on request, and marks a single one as read", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  const { generalId } = await apart(anna, boris);
  for (let count = 1; count <= 60; count += 1)
    await anna.rest.createMessage(generalId, { content: `@${boris.username} number ${count}.` });
  await bell(boris)
    .locator("..")
    .getByText(boris.t("notifications:unread", { count: 60 }))
    .waitFor();
  await boris.page.reload();
  await bell(boris).click();
  await item(boris, "number 60.").waitFor();
  expect(await item(boris, "number 1.").count()).toBe(0);
  const choose = async (filter: "replies" | "mentions") => {
    await boris.page.getByRole("combobox", { name: boris.t("notifications:filter.label") }).click();
    await boris.page.getByRole("option", { name: boris.t(`notifications:filter.${filter}`) }).click();
  };
  await choose("replies");
  await boris.page.getByText(boris.t("notifications:filter.none")).waitFor();
  await boris.button(boris.t("notifications:more")).click();
  await choose("mentions");
  await item(boris, "number 1.").waitFor();
  await item(boris, "number 60.").hover();
  await boris.button(boris.t("notifications:read"), item(boris, "number 60.")).click();
  await bell(boris)
    .locator("..")
    .getByText(boris.t("notifications:unread", { count: 59 }))
    .waitFor();
});

/** Counts the notes that the page plays: a notification sound has two. */
async function listen(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const counted = globalThis as unknown as { notes: number };
    counted.notes = 0;
    globalThis.OscillatorNode = class extends OscillatorNode {
      constructor(context: BaseAudioContext, options?: OscillatorOptions) {
        super(context, options);
        counted.notes += 1;
      }
    };
  });
  return () => page.evaluate(() => (globalThis as unknown as { notes: number }).notes);
}

const desktopNotifications = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body }) => `${title}: ${body}`);
  });

/** Every desktop notification that a tab of the person shows from the next load on. Chromium removes them after some seconds. */
async function recordDesktopNotifications({ context }: Person): Promise<readonly string[]> {
  const shown: string[] = [];
  await context.exposeFunction("recordNotification", (text: string) => void shown.push(text));
  await context.addInitScript(() => {
    type Show = (this: ServiceWorkerRegistration, title: string, options?: NotificationOptions) => Promise<void>;
    const { showNotification: show } = ServiceWorkerRegistration.prototype as { showNotification: Show };
    const recorder = globalThis as unknown as { recordNotification: (text: string) => void };
    function showNotification(this: ServiceWorkerRegistration, title: string, options?: NotificationOptions) {
      recorder.recordNotification(`${title}: ${options?.body}`);
      return show.call(this, title, options);
    }
    Object.assign(ServiceWorkerRegistration.prototype, { showNotification });
  });
  return shown;
}

/** How many tabs hold the lock of visible pages with the focus. Runs in the page. */
async function attendedPages(): Promise<number> {
  const { held = [] } = await navigator.locks.query();
  return held.filter(({ name }) => name === "miscord.attended").length;
}

test("a mention while the page is hidden shows a desktop notification and plays a sound, as the settings say", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris", { context: { permissions: ["notifications"] } });
  const notes = await listen(boris.page);
  const shown = await recordDesktopNotifications(boris);
  await apart(anna, boris);
  const { page, t } = boris;
  const mention = t("notifications:kind.mention", { author: "Anna", channel: "#general" });

  await setHidden(page, true);
  await say(anna, `@${boris.username} one`);
  await expect.poll(notes).toBe(2);
  expect(shown).toEqual([]);
  await setHidden(page, false);

  await openSettings(boris, "notifications");
  await expectAccessible(page);
  await boris.field(t("notifications:settings.desktop")).click();
  await boris.field(t("notifications:settings.sound")).click();
  await page.keyboard.press("Escape");
  await setHidden(page, true);
  await say(anna, `@${boris.username} two`);
  await expect.poll(() => shown).toEqual([`${mention}: @${boris.username} two`]);
  expect(await notes()).toBe(2);

  // A visible second tab shows a toast instead.
  const second = await boris.context.newPage();
  await second.goto(page.url());
  await second.getByRole("textbox").waitFor();
  await say(anna, `@${boris.username} three`);
  await second.locator("[data-toasts]").getByText("three").waitFor();
  expect(shown).toHaveLength(1);
  await second.close();
  // Chromium releases a closed tab's lock a moment later.
  await expect.poll(() => page.evaluate(attendedPages)).toBe(0);

  await say(anna, `@${boris.username} four`);
  await expect.poll(() => shown).toContain(`${mention}: @${boris.username} four`);
  // Reading the notifications on another device removes them here.
  await boris.rest.markNotificationsRead(null);
  await expect.poll(() => desktopNotifications(page)).toEqual([]);
});

testInLongForm("a mention of a user in do-not-disturb shows no toast but is counted as unread", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  await apart(anna, boris);
  const { page, t } = boris;
  const sidebar = page.getByRole("region", { name: t("common:nav.sidebar") });
  await sidebar.getByRole("button", { name: `${boris.name} ${t("common:status.online")}` }).click();
  await page.getByRole("menuitemradio", { name: t("common:status.dnd") }).click();
  await say(anna, `@${boris.username} psst`);
  await bell(boris)
    .locator("..")
    .getByText(t("notifications:unread", { count: 1 }))
    .waitFor();
  await titleOf(page).toBe("(1) #side — Miscord");
  expect(await page.locator("[data-toasts]").getByText("psst").count()).toBe(0);
});

testInLongForm("a mention in the channel that is open shows no toast and is read at once", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  await createServerWith([anna, boris], { name: "Home" });
  await say(boris, "I am here");
  await message(anna, "I am here").waitFor();
  await say(anna, `@${boris.username} so am I`);
  await message(boris, "so am I").waitFor();
  await expect.poll(async () => (await boris.rest.listNotifications()).unread).toBe(0);
  await titleOf(boris.page).toBe("#general — Miscord");
  expect(await boris.page.locator("[data-toasts]").getByText("so am I").count()).toBe(0);
});
