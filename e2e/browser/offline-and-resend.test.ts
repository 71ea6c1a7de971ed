import { createClient, securityCalls } from "@miscord/client";
import type { ServerState } from "@miscord/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FaultyLink } from "../harness/faulty-link.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { logIn } from "../harness/actions/accounts.ts";
import { createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";

const world = openWorld();

/** Only Anna is connected through the link. */
let link: FaultyLink;
let anna: Person;
let boris: Person;
let home: ServerState;

beforeEach(async () => {
  link = await FaultyLink.to(world.server.port);
  anna = await world.person("Анна", { url: link.httpUrl });
  boris = await world.person("Борис");
  home = await createServerWith([anna, boris], { name: "Home" });
  // Chromium logs these when the network is gone.
  anna.problems.allowOutage();
});
afterEach(() => link.close());

/** The texts that the page shows, oldest first, without the state of sending. */
async function conversation({ page }: Person): Promise<(string | undefined)[]> {
  const paragraphs = await page.getByRole("article").locator("p").allInnerTexts();
  return paragraphs.map((text) => text.split("\n")[0]);
}

function isPending(person: Person, text: string) {
  return message(person, text).getByText(person.t("chat:message.sending")).isVisible();
}

test("a message sent while offline shows as pending until it is acknowledged", async () => {
  link.sever();
  await say(anna, "Is anybody there?");
  await expect.poll(() => isPending(anna, "Is anybody there?")).toBe(true);
  await anna.page.getByText(anna.t("common:connection.reconnecting")).waitFor();
  await anna.page.getByRole("button", { name: `Анна ${anna.t("common:status.offline")}` }).waitFor();
  await expectAccessible(anna.page);

  link.restore();
  await message(boris, "Is anybody there?").waitFor();
  await expect.poll(() => isPending(anna, "Is anybody there?")).toBe(false);
});

test("after a network cut, messages typed offline are sent once and in order, and missed messages show", async () => {
  await say(boris, "before");
  await message(anna, "before").waitFor();

  link.sever();
  for (const text of ["one", "two", "three"]) await say(anna, text);
  for (const text of ["missed 1", "missed 2"]) await say(boris, text);
  await message(boris, "missed 2").waitFor();
  expect(await conversation(anna)).toEqual(["before", "one", "two", "three"]);

  link.restore();
  const expected = ["before", "missed 1", "missed 2", "one", "two", "three"];
  await expect.poll(() => conversation(boris), { timeout: 30_000 }).toEqual(expected);
  await expect.poll(() => conversation(anna)).toEqual(expected);
  const { messages } = await boris.rest.listMessages(home.channels[0]!.id);
  expect(messages.map(({ content }) => content)).toEqual(expected);
});

test("messages sent while the server is killed are there exactly once after its restart", async () => {
  boris.problems.allowOutage();
  await say(anna, "first");
  await message(boris, "first").waitFor();
  const dying = world.server.kill("SIGKILL");
  for (const text of ["second", "third"]) await say(anna, text);
  await dying;
  await say(boris, "fourth");
  await world.server.start();

  for (const person of [anna, boris])
    await expect.poll(() => conversation(person), { timeout: 60_000 }).toHaveLength(4);
  const shown = await conversation(anna);
  expect(shown).toEqual(expect.arrayContaining(["first", "second", "third", "fourth"]));
  expect(shown.indexOf("second")).toBeLessThan(shown.indexOf("third"));
  expect(await conversation(boris)).toEqual(shown);
});

test("unsent messages and drafts survive a reload without a network", async () => {
  await say(boris, "hello");
  await anna.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  // On this reload the service worker caches the page and its parts.
  await anna.page.reload();
  await message(anna, "hello").waitFor();
  link.sever();
  await say(anna, "written before the reload");
  await anna.page.getByRole("textbox").fill("a draft");
  await expect.poll(() => isPending(anna, "written before the reload")).toBe(true);
  await anna.page.reload();
  await anna.page.getByText(anna.t("common:starting.late")).waitFor();
  // The retry fails without a network; the page recovers by itself later.
  await anna.button(anna.t("common:connection.retry")).click();

  link.restore();
  await message(boris, "written before the reload").waitFor();
  await message(anna, "written before the reload").waitFor();
  await expect.poll(() => anna.page.getByRole("textbox").inputValue()).toBe("a draft");
});

/** Ends the browser's session from another device. */
async function signOutElsewhere({ username, password }: Person): Promise<void> {
  const device = createClient({ baseUrl: world.server.url, locks: null });
  await device.login({ username, password });
  const sessions = await securityCalls(device.rest).listSessions();
  for (const { id, is_current: isCurrent } of sessions)
    if (!isCurrent) await securityCalls(device.rest).revokeSession(id);
  device.close();
}

test("a message that fails because the session ended says so, and is sent on retry after a new login", async () => {
  link.sever();
  await say(anna, "the session ends before this");
  await signOutElsewhere(anna);
  link.restore();
  await anna.page.getByText(anna.t("common:sessionLost")).waitFor();
  await logIn(anna);
  // The login leads back to the channel.
  await anna.page.waitForURL(`**/channels/${home.id}/*`);

  const failed = message(anna, "the session ends before this");
  await failed.getByText(anna.t("chat:message.failed")).waitFor();
  await expectAccessible(anna.page);
  expect(await message(boris, "the session ends before this").count()).toBe(0);
  await anna.button(anna.t("chat:message.retry"), failed).click();
  await message(boris, "the session ends before this").waitFor();
  await expect.poll(() => failed.getByText(anna.t("chat:message.failed")).count()).toBe(0);
});
