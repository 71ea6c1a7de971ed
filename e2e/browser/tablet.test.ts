import { expect, test } from "vitest";
import { showChannels } from "../harness/actions/accounts.ts";
import { atRest } from "../harness/checks/at-rest.ts";
import { phone } from "../harness/browser.ts";
import { createServerWith } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";
import { act } from "../harness/actions/timeline.ts";
import { testInLongForm } from "../harness/variants.ts";

const world = openWorld();
const homeIndicatorPx = 34;

test("on a tablet Enter starts a new line, and the send button sends", async () => {
  const anna = await world.person("Anna", {
    viewport: { width: 1024, height: 768 },
    context: { hasTouch: true, isMobile: true },
  });
  await createServerWith([anna], { name: "Home" });
  const field = anna.page.getByRole("textbox");
  await field.tap();
  await field.pressSequentially("two");
  await field.press("Enter");
  await field.pressSequentially("lines");
  expect(await field.inputValue()).toBe("two\nlines");
  await anna.button(anna.t("chat:composer.send")).tap();
  await message(anna, /two\s+lines/).waitFor();
  await expect.poll(() => field.inputValue()).toBe("");
});

testInLongForm("on a phone the emoji picker of a reaction is within the screen", async () => {
  const anna = await world.person("Anna", { viewport: phone });
  await createServerWith([anna], { name: "Home" });
  await say(anna, "hello");
  await act(anna, message(anna, "hello"), anna.t("chat:action.react"));
  const picker = anna.page.getByRole("dialog", { name: anna.t("chat:emoji.title") });
  await picker.getByRole("gridcell").first().waitFor();
  await atRest(anna.page);
  const { x, y, width, height } = (await picker.boundingBox())!;
  expect(x).toBeGreaterThanOrEqual(0);
  expect(y).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(phone.width);
  expect(y + height).toBeLessThanOrEqual(phone.height);
});

testInLongForm("the drawer's last row stays clear of a phone's home indicator", async () => {
  const anna = await world.person("Anna", { viewport: phone });
  await createServerWith([anna], { name: "Home" });
  const devtools = await anna.context.newCDPSession(anna.page);
  await devtools.send("Emulation.setSafeAreaInsetsOverride", { insets: { bottom: homeIndicatorPx } });
  await showChannels(anna);
  const settings = anna.button(anna.t("settings:title"));
  await settings.waitFor();
  await atRest(anna.page);
  const { y, height } = (await settings.boundingBox())!;
  expect(y + height).toBeLessThanOrEqual(phone.height - homeIndicatorPx);
});
