import { expect, test } from "vitest";
import { showChannels } from "../harness/actions/accounts.ts";
import { say } from "../harness/actions/messages.ts";
import { expectScreenAccessible, screenVariants } from "../harness/checks/screens.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();
const [, onPhone] = screenVariants;

test("a stranger's messages wait unheard in the requests; one is accepted and answered, one ignored", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna"), world.person("Boris", onPhone)]);
  const eve = await world.person("Eve");
  const { page, t } = boris;
  await boris.rest.updateProfile({ messages_from: "everyone" });
  const { id: borisId } = await boris.rest.me();
  for (const { rest, name } of [anna, eve]) {
    const { id } = await rest.openDm([borisId]);
    await rest.createMessage(id, { content: `it is ${name}` });
  }
  await anna.rest.updateProfile({ messages_from: "everyone" });
  const { id: annaId } = await anna.rest.me();
  await eve.rest.openDm([borisId, annaId], "Plans");
  await boris.open("/dms");
  const folder = page.getByRole("button", { name: t("people:request.title") });
  const openFolder = async () => {
    await showChannels(boris);
    await folder.waitFor();
    if ((await folder.getAttribute("aria-expanded")) !== "true") await folder.click();
  };
  await openFolder();
  await page.getByRole("link", { name: "Eve" }).click();
  const bar = page.getByRole("region", { name: t("people:request.title") });
  await bar.waitFor();
  await page.getByText("it is Eve").waitFor();
  await expectScreenAccessible(boris, onPhone!, "message request");
  expect(await page.locator("[data-toasts]").getByText("it is").count()).toBe(0);
  await bar.getByRole("button", { name: t("people:request.ignore") }).click();
  await bar.waitFor({ state: "detached" });

  await openFolder();
  expect(await page.getByRole("link", { name: "Eve" }).count()).toBe(0);
  await page.getByRole("link", { name: "Plans" }).click();
  await bar.getByText(t("people:request.group")).waitFor();
  await bar.getByRole("button", { name: t("people:groupDialog.leave") }).click();
  await bar.waitFor({ state: "detached" });

  await openFolder();
  expect(await page.getByRole("link", { name: "Plans" }).count()).toBe(0);
  await page.getByRole("link", { name: "Anna" }).click();
  await bar.getByRole("button", { name: t("people:request.accept") }).click();
  await bar.waitFor({ state: "detached" });
  await say(boris, "hello Anna");
  await anna.open("/dms");
  await anna.page.getByRole("link", { name: "Boris" }).click();
  await anna.page.getByText("hello Anna").waitFor();
});
