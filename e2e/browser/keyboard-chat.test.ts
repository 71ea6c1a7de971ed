import { expect, test } from "vitest";
import { arrowTo, focused, tabTo } from "../harness/checks/keyboard.ts";
import { createServerWith } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";
import { message } from "../harness/actions/messages.ts";
import { expectInView } from "../harness/actions/timeline.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s", RATE_CHANGES: "1000/s" }) });

test("writing, editing, replying, deleting and scrolling in a channel work by keyboard alone", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  await createServerWith([anna, boris], { history: 60 });
  const { page, t } = anna;
  const composer = anna.field(t("chat:composer.label", { channel: "#general" }));
  const row = () =>
    page.evaluate(() => document.activeElement?.matches("article") && document.activeElement.textContent);
  await message(anna, "line 60.").waitFor();

  await expect.poll(() => composer.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.type("my wrods");
  await page.keyboard.press("Enter");
  await message(boris, "my wrods").waitFor();
  await page.keyboard.press("ArrowUp");
  const editor = anna.field(t("chat:edit.label"));
  await expect.poll(() => editor.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.press("Escape");
  await expect.poll(() => composer.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.press("ArrowUp");
  await editor.waitFor();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("my words");
  await page.keyboard.press("Enter");
  await message(boris, "my words").waitFor();
  await expect.poll(() => composer.evaluate((field) => field === document.activeElement)).toBe(true);

  for (let step = 0; step < 8 && !(await row()); step += 1) await page.keyboard.press("Shift+Tab");
  await expect.poll(row).toContain("my words");
  await page.keyboard.press("ArrowUp");
  await expect.poll(row).toContain("line 60.");
  await page.keyboard.press("Home");
  await expect.poll(row).toMatch(/line 1?1\./);
  await expectInView(anna, page.locator("article:focus"));
  await page.keyboard.press("PageDown");
  await expect.poll(row).not.toMatch(/line 1?1\./);
  await page.keyboard.press("End");
  await expect.poll(row).toContain("my words");
  await page.keyboard.press("ArrowUp");
  await expect.poll(row).toContain("line 60.");
  await page.getByRole("toolbar").waitFor();

  await tabTo(anna, t("chat:action.react"));
  await page.keyboard.press("ArrowRight");
  await focused(anna, t("chat:action.reply"));
  // The first Escape closes the tooltip.
  const hint = page.getByRole("tooltip");
  await hint.first().waitFor({ state: "attached" });
  await page.keyboard.press("Escape");
  await expect.poll(() => hint.count()).toBe(0);
  await page.keyboard.press("Escape");
  await expect.poll(row).toContain("line 60.");
  // The toolbar remembers its last focused button.
  await tabTo(anna, t("chat:action.reply"));
  await page.keyboard.press("Enter");
  await expect.poll(() => composer.evaluate((field) => field === document.activeElement)).toBe(true);
  await page.keyboard.type("an answer");
  await page.keyboard.press("Enter");
  await message(boris, "an answer").getByText("line 60.").waitFor();

  for (let step = 0; step < 8 && !(await row()); step += 1) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("End");
  await expect.poll(row).toContain("an answer");
  await page.getByRole("toolbar").waitFor();
  await tabTo(anna, t("chat:action.react"));
  await arrowTo(anna, t("chat:action.delete"), "ArrowRight");
  await page.keyboard.press("Enter");
  await anna.dialog().waitFor();
  await tabTo(anna, t("chat:delete.confirm"));
  await page.keyboard.press("Enter");
  await expect.poll(() => message(boris, "an answer").count()).toBe(0);
  await expect.poll(row).toContain("my words");
  await page.keyboard.press("Escape");
  await expect.poll(() => composer.evaluate((field) => field === document.activeElement)).toBe(true);
});
