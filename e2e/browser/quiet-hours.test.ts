import { expect, test } from "vitest";
import { openSettings } from "../harness/actions/accounts.ts";
import { say } from "../harness/actions/messages.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { createServerWith, openChannel } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const [, onPhone] = screenVariants;

test("in quiet hours, set in the settings, a mention is counted and shows nothing; after them it does", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris]);
  const { id: sideId } = await anna.rest.createChannel(server.id, { name: "side" });
  await openChannel(anna, server);
  await openChannel(boris, server, sideId);
  const { page, t } = boris;
  const hoursOf = async () => (await boris.rest.me()).quiet_hours;

  await openSettings(boris, "notifications");
  const toggle = page.getByRole("switch", { name: t("notifications:quiet.on") });
  await toggle.click();
  // Around the clock, whenever this runs.
  await boris.field(t("notifications:quiet.from")).fill("09:00");
  await boris.field(t("notifications:quiet.to")).fill("09:00");
  const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const all = { time_zone: zone, days: [1, 2, 3, 4, 5, 6, 7], from: "09:00", to: "09:00" };
  await expect.poll(hoursOf).toEqual(all);
  const monday = page.getByTitle(
    t("notifications:quiet.on") === "Do not disturb by the clock" ? "Monday" : "понедельник",
  );
  await monday.click();
  await expect.poll(hoursOf).toEqual({ ...all, days: [2, 3, 4, 5, 6, 7] });
  await monday.click();
  await expect.poll(hoursOf).toEqual(all);
  await expectScreenAccessible(boris, onPhone!, "quiet hours");
  await page.keyboard.press("Escape");

  const toast = page.locator("[data-toasts]");
  await say(anna, `@${boris.username} late at night`);
  await expect.poll(() => page.title()).toContain("(1)");
  expect(await toast.getByText("late at night").count()).toBe(0);
  await boris.rest.updateProfile({ quiet_hours: null });
  await openSettings(boris, "notifications");
  await expect.poll(() => toggle.isChecked()).toBe(false);
  await page.keyboard.press("Escape");
  await say(anna, `@${boris.username} good morning`);
  await toast.getByText("good morning").waitFor();
});
