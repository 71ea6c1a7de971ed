import { expect, test } from "vitest";
import { createServerWith, goToChannel, writeHistory } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";
import { distanceFromEnd, expectInView, isAtTop, movedBy, places, settledPlaces } from "../harness/actions/timeline.ts";
import { storyVariants } from "../harness/variants.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s", RATE_CHANGES: "1000/s" }) });

const wheelPx = 400;
/** Estimated rows move others a little when they are measured; a loaded page that moved the view would move it by thousands. */
const slackPx = 60;

// Both motion settings, because an animated scroll can apply a correction one frame late.
test.each(storyVariants("no-preference", "reduce"))(
  "loading older messages does not move the view, and a button leads back to the newest (motion: %s)",
  async (reducedMotion) => {
    const anna = await world.person("Anna");
    const boris = await world.person("Boris", { context: { reducedMotion } });
    await createServerWith([anna, boris], { history: 150 });
    await message(boris, "line 150.").waitFor();
    await expect.poll(() => distanceFromEnd(boris)).toBeLessThan(2);

    // The wheel must also work over the button that leads back.
    await message(boris, "line 150.").hover();
    const first = message(boris, "line 1.");
    for (let turn = 0; turn < 120 && (await first.count()) === 0; turn += 1) {
      const before = await places(boris);
      await boris.page.mouse.wheel(0, -wheelPx);
      // At the top, while an older page loads, the list moves less or not at all.
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

test("the line of new messages moves to a message that has just arrived, and the view does not move", async () => {
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
