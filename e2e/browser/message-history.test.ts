import { expect, test } from "vitest";
import { createServerWith, goToChannel, writeHistory } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";
import { distanceFromEnd, expectInView, isAtTop, movedBy, places, settledPlaces } from "../harness/actions/timeline.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s", RATE_CHANGES: "1000/s" }) });

const wheelPx = 400;
/** Rows that were only estimated take their real height as they come in. A page that moved what is read makes it thousands. */
const slackPx = 60;

// Both, for what a browser animates can move things a frame late.
test.each(["reduce", "no-preference"] as const)(
  "older pages do not move what is read, and the present is one press away (motion: %s)",
  async (reducedMotion) => {
    const anna = await world.person("Anna");
    const boris = await world.person("Boris", { context: { reducedMotion } });
    await createServerWith([anna, boris], { history: 150 });
    await message(boris, "line 150.").waitFor();
    await expect.poll(() => distanceFromEnd(boris)).toBeLessThan(2);

    // Also over the button that leads back.
    await message(boris, "line 150.").hover();
    const first = message(boris, "line 1.");
    for (let turn = 0; turn < 120 && (await first.count()) === 0; turn += 1) {
      const before = await places(boris);
      await boris.page.mouse.wheel(0, -wheelPx);
      // At the very top, where an older page is still on its way, there is less to go or nothing.
      await expect.poll(async () => (await movedBy(boris, before)) > 0 || (await isAtTop(boris))).toBe(true);
      await settledPlaces(boris);
      expect(await movedBy(boris, before)).toBeLessThan(wheelPx + slackPx);
    }
    await first.waitFor();
    await boris.page.getByText(boris.t("chat:list.welcomeText")).waitFor();

    const before = await settledPlaces(boris);
    await say(anna, "something new");
    const present = boris.button(`${boris.t("chat:list.arrived", { count: 1 })} · ${boris.t("chat:list.present")}`);
    await present.waitFor();
    expect(await movedBy(boris, before)).toBe(0);
    await present.click();
    await message(boris, "something new").waitFor();
    await expect.poll(() => distanceFromEnd(boris)).toBeLessThan(2);
    await say(anna, "the newest of all");
    await message(boris, "the newest of all").waitFor();
    await expect.poll(() => distanceFromEnd(boris)).toBeLessThan(2);
  },
);

test("the line of new messages moves on to what has just come, and nothing else moves", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  const server = await createServerWith([anna, boris]);
  await anna.rest.createChannel(server.id, { name: "plans", type: "text" });
  await writeHistory(anna, server, 30);
  await message(boris, "line 30.").waitFor();
  await expect.poll(async () => (await boris.rest.getServer(server.id)).channels[0]!.read_seq).toBe(30);
  await goToChannel(boris, "plans");
  await boris.page.getByRole("heading", { level: 1, name: "plans" }).waitFor();
  await writeHistory(anna, server, 60);
  await goToChannel(boris, "general");
  await boris.button(boris.t("chat:list.jumpToNew")).click();
  const line = boris.page.locator("li").filter({ hasText: boris.t("chat:list.newMessages") });
  await expectInView(boris, line.filter({ hasText: "line 1." }));

  const before = await settledPlaces(boris);
  await say(anna, "something new");
  const present = boris.button(`${boris.t("chat:list.arrived", { count: 1 })} · ${boris.t("chat:list.present")}`);
  await present.waitFor();
  expect(await movedBy(boris, before)).toBe(0);
  expect(await line.filter({ hasText: "line 1." }).count()).toBe(0);
  expect(await boris.button(boris.t("chat:list.jumpToNew")).count()).toBe(0);
  await present.click();
  await expectInView(boris, line.filter({ hasText: "something new" }));
});
