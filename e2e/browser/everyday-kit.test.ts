import { messageToolCalls, savedCalls, scheduledCalls } from "@miscord/client";
import { bitsOf } from "@miscord/rights";
import type { Locator } from "playwright-core";
import { expect, test } from "vitest";
import { logIn } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { createServerWith, firstChannel, openChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });
const [onDesktop, onPhone] = screenVariants;

const composer = ({ page }: Person) => page.locator("#main").getByRole("textbox").last();
const toast = ({ page }: Person, text: string | RegExp) => page.locator("[data-toasts]").getByText(text);

/** A message's own button of that name stands above it. */
const moreOf = (person: Person) => person.button(person.t("chat:composer.more"), person.page.locator("#main")).last();

async function chooseInComposer(person: Person, entry: string): Promise<void> {
  await moreOf(person).click();
  await person.page.getByRole("menuitem", { name: entry }).click();
}

/** Opens the menu of a message and chooses in it, or in its submenus. */
async function chooseOf(person: Person, row: Locator, ...entries: string[]): Promise<void> {
  const { page } = person;
  if (person.isOnPhone) await row.dispatchEvent("contextmenu", { clientX: 60, clientY: 300, button: 2 });
  else await row.click({ button: "right" });
  for (const name of entries) await page.getByRole("menuitem", { name, exact: true }).click();
}

test("a poll is asked in the composer, answered on a phone, counted for everybody at once, and ended", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onDesktop), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris]);
  const { t } = anna;
  await composer(anna).fill("What for **lunch**?");
  await chooseInComposer(anna, t("chat:composer.poll"));
  const dialog = anna.dialog();
  const answer = (number: number) => anna.field(t("polls:create.answer", { number }), dialog);
  await answer(1).fill("Soup");
  await answer(2).fill("Soup");
  await dialog.getByText(t("polls:create.doubles")).waitFor();
  await answer(2).fill("Salad with everything that the garden has at this time of the year");
  await anna.button(t("polls:create.add"), dialog).click();
  await answer(3).fill("Cake");
  await expectScreenAccessible(anna, onDesktop!, "new poll");
  await anna.button(t("polls:create.submit"), dialog).click();
  await dialog.waitFor({ state: "hidden" });
  await expect.poll(() => composer(anna).inputValue()).toBe("");

  const cake = (person: Person) => person.page.getByRole("button", { name: /^Cake / });
  const label = (person: Person, count: number, percent: string) =>
    `Cake ${person.t("polls:votes", { count, percent })}`;
  await cake(boris).click();
  await boris.page.getByRole("button", { name: label(boris, 1, "100 %"), pressed: true }).waitFor();
  await anna.page.getByRole("button", { name: label(anna, 1, "100 %"), pressed: false }).waitFor();
  await anna.page.getByRole("button", { name: /^Soup / }).click();
  await boris.page.getByRole("button", { name: label(boris, 1, "50 %") }).waitFor();
  await expectScreenAccessible(boris, onPhone!, "poll");
  await expectScreenAccessible(anna, onDesktop!, "poll");

  await anna.button(t("polls:more")).click();
  await anna.page.getByRole("menuitem", { name: t("polls:who") }).click();
  await anna.dialog().getByRole("combobox").click();
  await anna.page.getByRole("option", { name: "Cake" }).click();
  await anna.dialog().getByText("Boris").waitFor();
  await anna.page.keyboard.press("Escape");
  await boris.button(boris.t("polls:more")).click();
  await boris.page.getByRole("menuitem", { name: boris.t("polls:takeBack") }).click();
  await anna.page.getByRole("button", { name: label(anna, 0, "0 %") }).waitFor();
  await anna.button(t("polls:more")).click();
  await anna.page.getByRole("menuitem", { name: t("polls:close") }).click();
  await boris.page.getByText(boris.t("polls:over")).waitFor();
  expect(await cake(boris).isDisabled()).toBe(true);
  const { messages } = await anna.rest.listMessages(firstChannel(server, "text"));
  expect(messages[0]!.poll).toMatchObject({ voters: 1 });

  await composer(boris).fill("And when?");
  await chooseInComposer(boris, boris.t("chat:composer.poll"));
  for (const number of [1, 2]) {
    await boris.field(boris.t("polls:create.answer", { number }), boris.dialog()).fill(`${number} o'clock`);
  }
  await boris.page.getByRole("combobox").click();
  await boris.page.getByRole("option", { name: boris.t("polls:durations.hour") }).click();
  for (const choice of ["multiple", "anonymous"] as const) {
    await boris.page.getByRole("checkbox", { name: boris.t(`polls:create.${choice}`) }).click();
  }
  await expectScreenAccessible(boris, onPhone!, "new poll on a phone");
  await boris.button(boris.t("polls:create.submit"), boris.dialog()).click();
  const times = anna.page.getByRole("button", { name: /^\d o'clock / });
  for (const place of [0, 1]) await times.nth(place).click();
  await expect.poll(() => times.and(anna.page.locator("[aria-pressed=true]")).count()).toBe(2);
  await message(anna, "And when?").getByText(t("polls:anonymous"), { exact: false }).waitFor();
  await anna.page
    .getByRole("button", { name: t("polls:more") })
    .last()
    .click();
  await anna.page.getByRole("menuitem").first().waitFor();
  expect(await anna.page.getByRole("menuitem", { name: t("polls:who") }).count()).toBe(0);
  await anna.page.keyboard.press("Escape");

  // Who may not send polls is not offered to, as soon as that is so.
  const deny = { type: "role", allow: 0, deny: bitsOf("sendPolls") } as const;
  await anna.rest.setOverride(firstChannel(server, "text"), server.everyone_role_id, deny);
  const offered = boris.page.getByRole("menuitem", { name: boris.t("chat:composer.poll") });
  await expect
    .poll(async () => {
      await moreOf(boris).click();
      await boris.page.getByRole("menuitem", { name: boris.t("chat:composer.later") }).waitFor();
      const count = await offered.count();
      await boris.page.keyboard.press("Escape");
      await boris.page.getByRole("menu").waitFor({ state: "hidden" });
      return count;
    })
    .toBe(0);
  await chooseInComposer(anna, t("chat:composer.poll"));
  await anna.dialog().waitFor();
});

test("words follow from device to device, wait for their time, and a message is saved, forwarded and marked unread", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onDesktop), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris]);
  const { t } = anna;
  const channelId = firstChannel(server, "text");
  const phone = await world.secondBrowser(anna, onPhone);
  await phone.open("/login");
  await logIn(phone);
  await phone.page.waitForURL(/channels\/\d+\/\d+/);
  await openChannel(phone, server);
  await composer(phone).fill("begun on the way");
  await expect.poll(() => composer(anna).inputValue()).toBe("begun on the way");

  await chooseInComposer(anna, t("chat:composer.later"));
  await anna.button(t("later:submit"), anna.dialog()).click();
  await anna.dialog().getByRole("listitem").filter({ hasText: "begun on the way" }).waitFor();
  await expectScreenAccessible(anna, onDesktop!, "scheduled messages");
  await anna.page.keyboard.press("Escape");
  await expect.poll(() => composer(phone).inputValue()).toBe("");
  expect(await message(boris, "begun on the way").count()).toBe(0);
  const later = scheduledCalls(anna.rest);
  const [waiting] = await later.list();
  await later.change(waiting!.id, { send_at: new Date(Date.now() + 1_500).toISOString() });
  await message(boris, "begun on the way").waitFor();

  const note = "# Plan\n-# small print\nmeet at <t:1767268800:t>";
  const { id: noteId } = await anna.rest.createMessage(channelId, { content: note });
  const plan = message(boris, "small print");
  await plan.getByRole("heading", { name: "Plan" }).waitFor();
  await plan.locator("time[datetime='2026-01-01T12:00:00.000Z']").waitFor();
  await chooseOf(boris, plan, boris.t("chat:action.further"));
  await expectScreenAccessible(boris, onPhone!, "message tools");
  await boris
    .dialog()
    .getByRole("button", { name: boris.t("tools:remind.hour") })
    .click();
  await toast(boris, new RegExp(boris.t("saved:remindAt", { when: "" }).slice(0, 12)))
    .first()
    .waitFor();
  await boris.button(boris.t("notifications:title")).click();
  await boris.button(boris.t("saved:tab")).click();
  await boris.page
    .getByRole("list", { name: boris.t("saved:title") })
    .getByText("Plan")
    .waitFor();
  await expectScreenAccessible(boris, onPhone!, "saved messages");
  await savedCalls(boris.rest).save(noteId, { remind_at: new Date(Date.now() + 1_500).toISOString() });
  await toast(boris, boris.t("saved:reminder")).waitFor();
  await boris.page.keyboard.press("Escape");

  await say(boris, "see you there");
  await message(anna, "see you there").waitFor();
  await chooseOf(anna, message(anna, "small print"), t("chat:action.markUnread"));
  await anna.page.getByText(t("chat:list.newMessages"), { exact: true }).waitFor();
  const other = await anna.rest.createServer({ name: "Elsewhere" });
  await chooseOf(anna, message(anna, "see you there"), t("chat:action.forward"));
  await anna.field(t("tools:forward.search"), anna.dialog()).fill("general");
  await anna.dialog().getByRole("button", { name: "Elsewhere" }).first().click();
  await expectScreenAccessible(anna, onDesktop!, "forwarding");
  await anna.button(t("tools:forward.submit"), anna.dialog()).click();
  await anna.dialog().waitFor({ state: "hidden" });
  await openChannel(anna, other);
  await message(anna, "see you there").getByText(t("tools:forwarded.label")).waitFor();
  await expectScreenAccessible(anna, onDesktop!, "forwarded message");
  await message(anna, "see you there")
    .getByRole("button", { name: t("tools:forwarded.source") })
    .click();
  await message(anna, "small print").waitFor();
});

test("a linked message is shown where it is linked, a hidden address before it is opened, and what an edit replaced to those who may see it", async () => {
  const context = { permissions: ["clipboard-read", "clipboard-write"] };
  const [anna, boris] = await Promise.all([
    world.person("Anna", { ...onDesktop, context }),
    world.person("Boris", onPhone),
  ]);
  const server = await createServerWith([anna, boris], { history: 60 });
  const { t } = anna;
  const channelId = firstChannel(server, "text");
  const hidden = await anna.rest.createChannel(server.id, { name: "hidden" });
  const nobody = { type: "role", allow: 0, deny: bitsOf("viewChannel") } as const;
  await anna.rest.setOverride(hidden.id, server.everyone_role_id, nobody);
  const secret = await anna.rest.createMessage(hidden.id, { content: "the surprise" });
  const first = (await anna.rest.listMessages(channelId, { limit: 60 })).messages[0]!;
  const addressOf = (place: number, id: number) => `${anna.url}/channels/${server.id}/${place}/${id}`;
  const links = `${addressOf(channelId, first.id)} ${addressOf(hidden.id, secret.id)}`;
  const { id } = await anna.rest.createMessage(channelId, { content: `Read ${links}` });
  const linked = (person: Person) =>
    message(person, "Read").getByRole("region", { name: person.t("tools:linked.label", { author: "Anna" }) });
  for (const person of [anna, boris]) await linked(person).getByText("line 1.").waitFor();
  await linked(anna).getByText("the surprise").waitFor();
  expect(await linked(boris).count()).toBe(1);
  await expectScreenAccessible(boris, onPhone!, "a linked message");
  await expectScreenAccessible(anna, onDesktop!, "linked messages");
  await anna.rest.editMessage(first.id, "line 1. No, the first");
  await linked(boris).getByText("No, the first").waitFor();

  await anna.rest.editMessage(id, `**Read** ${links} or [the menu](https://menu.example/today)`);
  await message(boris, "the menu").getByRole("link", { name: "the menu" }).click();
  await boris.dialog().getByText("https://menu.example/today").waitFor();
  await expectScreenAccessible(boris, onPhone!, "where a link leads");
  await boris.button(boris.t("common:cancel"), boris.dialog()).click();
  await boris.dialog().waitFor({ state: "hidden" });

  // A link has the browser's own menu.
  const words = (person: Person) => message(person, "the menu").getByText("Read", { exact: true });
  await chooseOf(anna, words(anna), t("chat:action.further"));
  await anna.button(t("tools:edits.title"), anna.dialog()).click();
  await anna.dialog().getByText("Read", { exact: false }).nth(1).waitFor();
  await expectScreenAccessible(anna, onDesktop!, "earlier versions");
  await anna.page.keyboard.press("Escape");
  await chooseOf(anna, words(anna), t("chat:action.further"));
  await anna.button(t("tools:copyMarkdown"), anna.dialog()).click();
  const copied = () => anna.page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toContain("**Read** ");
  await chooseOf(boris, words(boris), boris.t("chat:action.further"));
  await boris.button(boris.t("tools:copyMarkdown"), boris.dialog()).waitFor();
  expect(await boris.button(boris.t("tools:edits.title"), boris.dialog()).count()).toBe(0);
  await expect(messageToolCalls(boris.rest).earlierTexts(id)).rejects.toMatchObject({ code: "forbidden" });
  await boris.button(boris.t("tools:date.title"), boris.dialog()).click();
  await expectScreenAccessible(boris, onPhone!, "jump to a date");
  await boris.button(boris.t("tools:date.submit"), boris.dialog()).click();
  await message(boris, /line 1\. No, the first/)
    .first()
    .waitFor();
  await linked(boris).getByRole("link").last().waitFor({ state: "detached" });
});
