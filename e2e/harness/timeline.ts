import type { ServerState } from "@miscord/protocol";
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { openChannel } from "./gathering.ts";
import type { Person } from "./person.ts";

/** Points at a message and presses one of the buttons that this shows. On a phone a touch does. */
export async function act(person: Person, target: Locator, action: string): Promise<void> {
  if (person.isOnPhone) await target.tap({ position: { x: 80, y: 8 } });
  else await target.hover();
  await person.button(action, target).click();
}

/** Like `gather`, with that many messages of the owner from before anybody looks. */
export async function gatherWithHistory(count: number, owner: Person, ...others: Person[]): Promise<ServerState> {
  const server = await owner.rest.createServer({ name: "Friends" });
  const { code } = await owner.rest.createInvite(server.id);
  await Promise.all(others.map((other) => other.rest.joinInvite(code)));
  await writeHistory(owner, server, count);
  await Promise.all([owner, ...others].map((person) => openChannel(person, server)));
  return server;
}

/** Messages "line 1", "line 2" … in the server's text channel, written without the interface. */
export async function writeHistory(person: Person, server: ServerState, count: number): Promise<void> {
  const channel = server.channels.find(({ type }) => type === "text")!;
  for (let line = 1; line <= count; line += 1)
    // oxlint-disable-next-line no-await-in-loop -- in order
    await person.rest.createMessage(channel.id, { content: lineText(line) });
}

/** Of different heights. */
function lineText(line: number): string {
  return `line ${line}.${line % 7 === 0 ? "\n> quoted\n\nand *more* of it".repeat((line % 3) + 1) : ""}`;
}

/** Where the list has scrolled to. */
export async function expectInView(person: Person, target: Locator): Promise<void> {
  await target.waitFor();
  const inView = () =>
    target.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });
  await expect.poll(inView).toBe(true);
}

/** How far the list is from its end, in pixels. */
export function distanceFromEnd(person: Person): Promise<number> {
  return listOf(person).evaluate((list) => list.scrollHeight - list.clientHeight - list.scrollTop);
}

export function isAtTop(person: Person): Promise<boolean> {
  return listOf(person).evaluate((list) => list.scrollTop === 0);
}

function listOf({ page }: Person): Locator {
  return page.locator("#main ol").locator("xpath=ancestor::*[contains(@class,'overflow-y-auto')][1]");
}

/** Where on the screen the messages that are in the page stand, by their text. */
export async function places({ page }: Person): Promise<Map<string, number>> {
  const found = await page
    .getByRole("article")
    .evaluateAll((rows) => rows.map((row) => [row.textContent, Math.round(row.getBoundingClientRect().top)] as const));
  return new Map(found);
}

/** How far down the messages went that were there before, in pixels. */
export async function movedBy(person: Person, before: Map<string, number>): Promise<number> {
  const moved = [...(await places(person))].flatMap(([line, y]) => (before.has(line) ? y - before.get(line)! : []));
  return moved.toSorted((one, other) => one - other)[Math.floor(moved.length / 2)] ?? Number.NaN;
}

/** The same once rows that came in have their real height. */
export async function settledPlaces(person: Person): Promise<Map<string, number>> {
  let before = await places(person);
  const movedSince = async () => {
    // A browser that animates what the wheel does starts slowly.
    await person.page.waitForTimeout(200);
    const moved = await movedBy(person, before);
    before = await places(person);
    return moved;
  };
  await expect.poll(movedSince, { interval: 500 }).toBe(0);
  return before;
}
