import { expect, test } from "vitest";
import { message, say } from "../harness/actions/messages.ts";
import { distanceFromEnd } from "../harness/actions/timeline.ts";
import { phone } from "../harness/browser.ts";
import { createServerWith, firstChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { testInLongForm } from "../harness/variants.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s", RATE_CHANGES: "1000/s" }) });

const sequences = Number(process.env["LAYOUT_SEQUENCES"] ?? 60);
const composer = (person: Person) => person.page.locator("#main").getByRole("textbox").last();
const atEnd = (person: Person) => expect.poll(() => distanceFromEnd(person)).toBeLessThan(2);

test("a reader at the end stays there whatever changes size, and what arrives is followed and read", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  const server = await createServerWith([anna, boris], { history: 60 });
  const channelId = firstChannel(server, "text");
  const history = await anna.rest.listMessages(channelId);
  const isRead = async () => {
    const [channel] = (await boris.rest.getServer(server.id)).channels;
    return channel!.last_message_seq - channel!.read_seq;
  };
  await atEnd(boris);

  const causes: readonly (readonly [string, () => Promise<unknown>])[] = [
    [
      "six lines in the composer",
      async () => {
        await composer(boris).focus();
        for (let line = 0; line < 6; line += 1) await boris.page.keyboard.press("Shift+Enter");
      },
    ],
    ["a reaction on the last message", () => anna.rest.addReaction(history.messages.at(-1)!.id, "🚀")],
    ["a reaction on an older message in sight", () => anna.rest.addReaction(history.messages.at(-4)!.id, "🚀")],
    ["an edit of many lines", () => anna.rest.editMessage(history.messages.at(-2)!.id, "longer\n".repeat(30))],
    ["a narrower window", () => boris.page.setViewportSize({ width: 820, height: 700 })],
    ["a turned phone", () => boris.page.setViewportSize({ width: 844, height: 390 })],
    ["an upright phone", () => boris.page.setViewportSize({ width: 390, height: 844 })],
    ["a wide window", () => boris.page.setViewportSize({ width: 1280, height: 800 })],
    ["larger letters", () => boris.page.evaluate(() => void (document.documentElement.style.fontSize = "22px"))],
    ["an emptied composer", () => composer(boris).fill("")],
  ];
  for (const [cause, change] of causes) {
    await change();
    await atEnd(boris);
    await say(anna, `after ${cause}`);
    await message(boris, `after ${cause}`).waitFor();
    await atEnd(boris);
    await expect.poll(isRead, { message: cause }).toBe(0);
  }

  boris.problems.allowOutage();
  // One's own messages are queued while the connection is lost; those of others come in above them.
  await boris.context.setOffline(true);
  await boris.page.evaluate(() => dispatchEvent(new Event("offline")));
  await expect
    .poll(() =>
      boris.page
        .getByRole("status")
        .filter({ hasText: boris.t("common:connection.offline") })
        .count(),
    )
    .toBe(1);
  for (let line = 0; line < 3; line += 1) await say(boris, `queued ${line}`);
  for (let line = 0; line < 12; line += 1) await say(anna, `missed ${line}`);
  await boris.context.setOffline(false);
  await message(boris, "missed 11").waitFor();
  await message(anna, "queued 2").waitFor();
  await atEnd(boris);
});

test("on a touch screen the end is held over a keyboard and a turn, and only a finger leaves it", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris", { viewport: phone });
  await createServerWith([anna, boris], { history: 60 });
  const { page } = boris;
  await atEnd(boris);
  await composer(boris).tap();
  for (let line = 0; line < 6; line += 1) await page.keyboard.press("Enter");
  for (const size of [{ width: 390, height: 480 }, { width: 844, height: 390 }, phone]) {
    await page.setViewportSize(size);
    await atEnd(boris);
    await say(anna, `at ${size.height}`);
    await message(boris, `at ${size.height}`).waitFor();
    await atEnd(boris);
  }
  await composer(boris).fill("");
  await atEnd(boris);

  await drag(boris, 300);
  await expect.poll(() => distanceFromEnd(boris)).toBeGreaterThan(200);
  const before = await distanceFromEnd(boris);
  await say(anna, "out of sight");
  await page.getByRole("button", { name: boris.t("chat:list.arrived", { count: 1 }) }).waitFor();
  expect(await distanceFromEnd(boris)).toBeGreaterThanOrEqual(before);
  // A finger lifted in motion leaves the list gliding, so that the way back is of any length.
  await expect
    .poll(async () => {
      await drag(boris, -300);
      return distanceFromEnd(boris);
    })
    .toBeLessThan(2);
  await say(anna, "in sight again");
  await message(boris, "in sight again").waitFor();
  await atEnd(boris);
});

testInLongForm("measuring the composer does not change the list's height, on which Firefox would scroll", async () => {
  const boris = await world.person("Boris");
  await createServerWith([boris], { history: 30 });
  await atEnd(boris);
  await composer(boris).fill("line\n".repeat(8));
  const heights = await boris.page.evaluate(() => {
    const list = document.querySelector("#main ol")!.closest<HTMLElement>(".overflow-y-auto")!;
    const height = Object.getOwnPropertyDescriptor(Element.prototype, "scrollHeight")!;
    const seen: number[] = [list.clientHeight];
    Object.defineProperty(HTMLTextAreaElement.prototype, "scrollHeight", {
      get(this: Element) {
        seen.push(list.clientHeight);
        return height.get!.call(this) as number;
      },
    });
    Object.assign(globalThis, { seen });
    return seen.length;
  });
  await composer(boris).press("End");
  await composer(boris).press("a");
  const seen = await boris.page.evaluate(() => (globalThis as unknown as { seen: number[] }).seen);
  expect(seen.length).toBeGreaterThan(heights);
  expect(new Set(seen).size, seen.join()).toBe(1);
});

/** Moves the list by a finger, so many pixels downwards; negative ones move it towards its end. */
async function drag({ context, page }: Person, distance: number): Promise<void> {
  const devtools = await context.newCDPSession(page);
  const steps = 10;
  for (let step = 0; step <= steps; step += 1) {
    const touchPoints = [{ x: 200, y: 400 + distance * (step / steps - 0.5) }];
    await devtools.send("Input.dispatchTouchEvent", { type: step === 0 ? "touchStart" : "touchMove", touchPoints });
  }
  await devtools.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await devtools.detach();
}

test(`in ${sequences} random sequences everything grows and shrinks, and the reader at the end stays there`, async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  await createServerWith([anna, boris], { history: 60 });
  await atEnd(boris);
  const failures = await boris.page.evaluate(disturbAtRandom, sequences);
  expect(failures).toEqual([]);
});

/** Runs in the page. Changes rows, viewport, width and letters at once and returns what left the end. */
async function disturbAtRandom(sequences: number): Promise<string[]> {
  const list = document.querySelector<HTMLElement>("#main ol")!;
  const scroller = list.closest<HTMLElement>(".overflow-y-auto")!;
  const field = document.querySelector<HTMLElement>("#main textarea")!;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  let state = 1;
  const random = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const px = (most: number) => `${Math.round(random() * most)}px`;
  const rows = () => [...list.querySelectorAll<HTMLElement>("article")];
  const changes: readonly (readonly [string, () => void])[] = [
    ["row", () => void (rows()[Math.floor(random() * rows().length)]!.style.paddingBottom = px(300))],
    ["last row", () => void (rows().at(-1)!.style.paddingBottom = px(200))],
    ["all rows", () => rows().forEach((row) => void (row.style.lineHeight = `${1 + random()}`))],
    ["composer", () => void (field.style.minHeight = px(300))],
    ["width", () => void (scroller.style.paddingRight = px(500))],
    ["height", () => void (scroller.parentElement!.style.maxHeight = `${200 + Math.round(random() * 500)}px`)],
    ["letters", () => void (document.documentElement.style.fontSize = `${12 + Math.round(random() * 12)}px`)],
  ];
  const failures: string[] = [];
  for (let sequence = 0; sequence < sequences; sequence += 1) {
    const made: string[] = [];
    for (let step = Math.floor(random() * 4); step >= 0; step -= 1) {
      const [name, change] = changes[Math.floor(random() * changes.length)]!;
      made.push(name);
      change();
      if (random() < 0.5) await frame();
    }
    for (let wait = 0; wait < 4; wait += 1) await frame();
    const distance = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
    if (distance >= 2) failures.push(`${sequence}: ${made.join(", ")}: ${Math.round(distance)} px from the end`);
  }
  return failures;
}
