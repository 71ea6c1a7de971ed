import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { logIn, openSettings } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { expectScreenAccessible, onOneDesktop, screenVariants } from "../harness/checks/screens.ts";
import { createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ layout: "process" });

/** The week of the deletion is over, and the seconds in which connections end. */
async function passWeek(): Promise<void> {
  const db = new DatabaseSync(join(world.server.dataDir, "miscord.db"), { timeout: 5_000 });
  const isDue = "deletion_at is not null";
  db.exec(`update users set deletion_at = 1 where ${isDue}`);
  const nameless = () => db.prepare(`select 1 from users where ${isDue} and deleted_at is not null`).all();
  await expect.poll(() => nameless().length).toBe(1);
  db.exec(`update users set deleted_at = 1 where ${isDue}`);
  db.close();
}

async function askForDeletion(person: Person): Promise<void> {
  const { page, t } = person;
  await openSettings(person, "data");
  await person.button(t("settings:data.deletion.start")).click();
  await page.getByRole("radio", { name: t("settings:data.deletion.keep") }).press("Space");
  await person.button(t("settings:data.deletion.submit")).click();
  const proof = person.field(t("security:confirm.password"));
  const login = person.button(t("auth:login.submit"));
  await proof.or(login).waitFor();
  // Within a minute of the login nothing is asked.
  if (await proof.isVisible()) {
    await proof.fill(person.password);
    await person.button(t("security:confirm.submit")).click();
  }
  await login.waitFor();
}

test.each(onOneDesktop)(
  "data is taken along, and an account goes after its week, its messages without a name ($locale, $size)",
  async (options) => {
    const phone = screenVariants[1]!;
    const [boris, anna] = await world.people([
      ["Boris", phone],
      ["Anna", options],
    ]);
    await createServerWith([boris!, anna!]);
    const { page, t } = anna!;
    await say(anna!, "words of Anna");
    await message(boris!, "words of Anna").waitFor();

    await openSettings(anna!, "data");
    await anna!.button(t("settings:data.export.request")).click();
    const link = page.getByRole("link", { name: t("settings:data.export.download") });
    const downloading = page.waitForEvent("download");
    await link.click();
    const zip = await readFile(await (await downloading).path());
    expect(zip.includes("words of Anna")).toBe(true);
    await expectScreenAccessible(anna!, options, "your data");
    await page.keyboard.press("Escape");

    await askForDeletion(anna!);
    await logIn(anna!);
    const notice = page.getByRole("alertdialog", { name: t("settings:data.keep.title") });
    await notice.waitFor();
    await expectScreenAccessible(anna!, options, "keep the account");
    await anna!.button(t("settings:data.keep.submit"), notice).click();
    await notice.waitFor({ state: "hidden" });

    await askForDeletion(anna!);
    // Said a second time, a message takes the place of the first.
    expect(await page.getByText(t("common:sessionLost")).count()).toBe(1);
    await openSettings(boris!, "data");
    await boris!.page.getByText(boris!.t("settings:data.kind.account")).waitFor();
    await expectScreenAccessible(boris!, phone, "your data of an owner");
    await boris!.button(boris!.t("common:close")).click();
    await boris!.page.keyboard.press("Escape");
    await passWeek();
    await message(boris!, "words of Anna").getByText(boris!.t("common:deletedAccount")).waitFor();
    await boris!.page.getByText("Anna", { exact: true }).waitFor({ state: "hidden" });
  },
);
