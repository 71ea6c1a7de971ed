import { expect, test } from "vitest";
import { message } from "../harness/actions/messages.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { createServerWith, openChannel } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const [, onPhone] = screenVariants;

test("a role and @here are completed, drawn as chips, edited by name, and reach those whom they address", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris]);
  const { id: role } = await anna.rest.createRole(server.id, { name: "Night watch", color: "#d4482f" });
  await anna.rest.giveRole(server.id, (await boris.rest.me()).id, role);
  const { id: sideId } = await anna.rest.createChannel(server.id, { name: "side" });
  await openChannel(anna, server);
  await openChannel(boris, server, sideId);
  const { page, t } = anna;
  const composer = page.locator("#main").getByRole("textbox");

  await composer.pressSequentially("Ready, @wat");
  await page.getByRole("option", { name: "Night watch" }).waitFor();
  await page.keyboard.press("Tab");
  await composer.pressSequentially("?");
  expect(await composer.inputValue()).toBe("Ready, @Night watch ?");
  await page.keyboard.press("Enter");
  const chip = message(anna, "Ready,").getByTitle("@Night watch");
  await chip.waitFor();
  await expect.poll(async () => (await boris.rest.listNotifications()).notifications[0]?.kind).toBe("role");
  const toast = boris.page.locator("[data-toasts]");
  await toast.getByText("Ready, @Night watch ?").waitFor();

  await composer.press("ArrowUp");
  const editor = page.getByRole("textbox", { name: t("chat:edit.label") });
  await expect.poll(() => editor.inputValue()).toBe("Ready, @Night watch ?");
  await editor.fill("@here and @night watch: now");
  await page.keyboard.press("Enter");
  await message(anna, "now").getByTitle("@here").waitFor();
  await message(anna, "now").getByTitle("@Night watch").waitFor();
  await openChannel(boris, server);
  await message(boris, "now").getByTitle("@Night watch").waitFor();
  await expectScreenAccessible(boris, onPhone!, "role mention");
});
