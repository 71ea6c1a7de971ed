import { expect, test } from "vitest";
import { openStage } from "../harness/stage.ts";
import { message, say } from "../harness/talking.ts";
import { distanceFromEnd, gatherWithHistory, isAtTop, movedBy, places, settledPlaces } from "../harness/timeline.ts";

const stage = openStage({ env: { RATE_MESSAGES: "1000/s", RATE_CHANGES: "1000/s" } });

const wheelPx = 400;
/** Rows that were only estimated take their real height as they come in. A page that moved what is read makes it thousands. */
const slackPx = 60;

// Both, for what a browser animates can move things a frame late.
test.each(["reduce", "no-preference"] as const)(
  "older pages do not move what is read, and the present is one press away (motion: %s)",
  async (reducedMotion) => {
    const anna = await stage.person("Anna");
    const boris = await stage.person("Boris", { context: { reducedMotion } });
    await gatherWithHistory(150, anna, boris);
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

    // Up to where nothing above is only estimated any more.
    await boris.page.mouse.wheel(0, -2 * wheelPx);
    await expect.poll(() => isAtTop(boris)).toBe(true);
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
