import { searchCalls } from "@miscord/client";
import { expect, test } from "vitest";
import { message } from "../harness/actions/messages.ts";
import { phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { createServerWith, firstChannel, openChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });

const field = (person: Person) => person.page.getByRole("combobox", { name: person.t("search:label") });
const hits = ({ page }: Person) => page.locator("[data-search-hit]");
const picture = (person: Person, name: string) =>
  process.env["SCREENSHOTS"] && person.page.screenshot({ path: `${process.env["SCREENSHOTS"]}/search-${name}.png` });

async function search(person: Person, text: string): Promise<void> {
  await field(person).fill(text);
  await field(person).press("Enter");
}

test("a word is found in another form, narrowed by filters and opened by keyboard; on a phone by touch", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Борис", { locale: "ru", viewport: phone });
  const home = await createServerWith([anna, boris], { name: "Home" });
  const channelId = firstChannel(home, "text");
  const old = await anna.rest.createMessage(channelId, { content: "Встретимся в субботу на рыбалке" });
  const answer = await boris.rest.createMessage(channelId, { content: "суббота подходит, ||только рано||" });
  for (let line = 1; line <= 70; line += 1) await anna.rest.createMessage(channelId, { content: `line ${line}` });
  await openChannel(anna, home);
  await expect.poll(async () => (await searchCalls(anna.rest).search({ q: "line 70" })).hits.length).toBe(1);

  await anna.page.keyboard.press("Control+f");
  await anna.button(anna.t("search:remove", { filter: "in: #general" })).waitFor();
  expect(await field(anna).evaluate((element) => element === document.activeElement)).toBe(true);
  await picture(anna, "field");
  await expectAccessible(anna.page);
  await search(anna, "субботы");
  await expect.poll(() => hits(anna).count()).toBe(2);
  expect(await hits(anna).locator("mark").allTextContents()).toEqual(["суббота", "субботу"]);
  expect(await hits(anna).first().textContent()).not.toContain("рано");
  await picture(anna, "results");
  await expectAccessible(anna.page);

  await field(anna).fill("субботы from:бор");
  await anna.page.getByRole("option", { name: "Борис" }).waitFor();
  await field(anna).press("Enter");
  await expect.poll(() => hits(anna).count()).toBe(1);
  await picture(anna, "filter");
  await field(anna).fill("");
  await field(anna).press("Backspace");
  await search(anna, "ce,,jnf");
  await anna.page.getByText(anna.t("search:corrected", { query: "суббота" })).waitFor();
  await expect.poll(() => hits(anna).count()).toBe(2);

  await anna.rest.pinMessage(channelId, old.id);
  await field(anna).fill(`субботы ${anna.t("search:filter.pinned")}:`);
  await field(anna).press("Enter");
  await anna.button(anna.t("search:remove", { filter: "pinned: yes" })).waitFor();
  await expect.poll(() => hits(anna).locator("mark").allTextContents()).toEqual(["субботу"]);
  await anna.button(anna.t("search:remove", { filter: "pinned: yes" })).click();
  await field(anna).press("Enter");
  await expect.poll(() => hits(anna).count()).toBe(2);

  // What somebody blocked wrote is covered until it is asked for.
  const { id: borisId } = await boris.rest.me();
  await anna.rest.block(borisId);
  await anna.button(anna.t("people:reveal")).waitFor();
  expect(await hits(anna).first().textContent()).not.toContain("подходит");
  await expectAccessible(anna.page);
  await anna.button(anna.t("people:reveal")).click();
  await expect.poll(() => hits(anna).first().textContent()).toContain("подходит");
  await anna.rest.unblock(borisId);

  // What was found in a server leaves the results with it.
  const side = await anna.rest.createServer({ name: "Side" });
  await anna.rest.createMessage(firstChannel(side, "text"), { content: "в субботу в стороне" });
  await expect.poll(async () => (await searchCalls(anna.rest).search({ q: "стороне" })).hits.length).toBe(1);
  await field(anna).fill("");
  await field(anna).press("Backspace");
  await field(anna).fill(`${anna.t("search:filter.server")}:${anna.t("search:everywhere")}`);
  await field(anna).press("Enter");
  await search(anna, "суббота");
  await expect.poll(() => hits(anna).count()).toBe(3);
  await anna.rest.deleteServer(side.id);
  await expect.poll(() => hits(anna).count()).toBe(2);

  // A message that is deleted leaves the results at once.
  await boris.rest.deleteMessage(answer.id);
  await expect.poll(() => hits(anna).count()).toBe(1);
  await field(anna).press("ArrowDown");
  await anna.page.keyboard.press("Enter");
  await message(anna, "рыбалке").waitFor();
  expect(anna.page.url()).toContain(`/${channelId}/${old.id}`);
  await expect.poll(() => message(anna, "рыбалке").evaluate((row) => row === document.activeElement)).toBe(true);

  await boris.button(boris.t("search:label")).click();
  await search(boris, "абракадабра");
  await boris.page.getByText(boris.t("search:nothing")).waitFor();
  await picture(boris, "phone-empty");
  await search(boris, "рыбалка");
  await expect.poll(() => hits(boris).count()).toBe(1);
  await picture(boris, "phone");
  await expectAccessible(boris.page);
  await hits(boris).tap();
  await message(boris, "рыбалке").waitFor();
  await expect.poll(() => field(boris).count()).toBe(0);
  expect(boris.page.url()).toContain(`/${old.id}`);
});
