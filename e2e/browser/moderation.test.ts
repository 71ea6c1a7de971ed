import { expect, test } from "vitest";
import { desktop, phone } from "../harness/browser.ts";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { chooseInServerMenu, createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld();

const inBothLanguages = [
  { locale: "en", viewport: desktop },
  { locale: "ru", viewport: phone },
] as const;

async function openServerSettings(person: Person, server: string, tab: string): Promise<void> {
  await chooseInServerMenu(person, server, person.t("servers:settings.open"));
  await person.page.getByRole("tab", { name: tab, exact: true }).click();
}

test.each(inBothLanguages)(
  "a removal with its reason is in the audit log, which its reader narrows down ($locale)",
  async (options) => {
    const [anna, boris] = await Promise.all([world.person("Anna", options), world.person("Boris")]);
    const server = await createServerWith([anna, boris]);
    const { page, t } = anna;
    await openServerSettings(anna, server.name, t("servers:members.title"));
    await anna.button(t("servers:members.kickName", { name: "Boris" })).click();
    await anna.field(t("moderation:reason.label")).fill("advertising");
    await anna.button(t("servers:removal.kick.submit")).click();
    await page.getByRole("alertdialog").waitFor({ state: "hidden" });
    await anna.rest.updateServer(server.id, { name: "Comrades" });

    await page.getByRole("tab", { name: t("moderation:audit.title") }).click();
    const log = page.getByRole("tabpanel");
    await log.getByText(t("moderation:audit.reason", { reason: "advertising" })).waitFor();
    await log.getByText("Friends → Comrades").waitFor();
    await expectAccessible(page);
    await anna.button("Boris", log).click();
    await log.getByText("Friends → Comrades").waitFor({ state: "detached" });
    expect(await log.getByRole("listitem").filter({ hasText: "advertising" }).count()).toBe(1);
  },
);
