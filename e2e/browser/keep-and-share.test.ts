import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { message } from "../harness/actions/messages.ts";
import { expectScreenAccessible, onOneDesktop, onOnePhone, screenVariants } from "../harness/checks/screens.ts";
import { chooseInServerMenu, createServerWith, firstChannel, openChannel } from "../harness/community.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ layout: "process" });
const dayMs = 86_400_000;

/** Writes into the database what only the passing of days brings about. */
function write(statement: string, ...values: (string | number)[]): void {
  const db = new DatabaseSync(join(world.server.dataDir, "miscord.db"), { timeout: 5_000 });
  db.prepare(statement).run(...values);
  db.close();
}

test.each(onOneDesktop)(
  "an owner sees what a rule would delete before it holds, and members see how long messages are kept ($locale, $size)",
  async (options) => {
    const phone = screenVariants[1]!;
    const [boris, anna] = await world.people([
      ["Boris", options],
      ["Anna", phone],
    ]);
    const server = await createServerWith([boris!, anna!], { history: 3 });
    write("update messages set created_at = ? where content like 'line 1%'", Date.now() - 40 * dayMs);
    write("update messages set files_removed = 2 where content like 'line 3%'");

    await chooseInServerMenu(boris!, server.name, boris!.t("servers:settings.open"));
    await boris!.page.getByRole("tab", { name: boris!.t("retention:title") }).click();
    await boris!.field(boris!.t("retention:fields.message_days")).fill("41");
    await boris!.button(boris!.t("common:save")).click();
    await boris!.dialog().getByText(boris!.t("retention:confirm.nothing")).waitFor();
    await boris!.button(boris!.t("common:cancel")).click();
    await boris!.field(boris!.t("retention:fields.message_days")).fill("30");
    await boris!.field(boris!.t("retention:fields.file_days")).fill("7");
    await boris!.field(boris!.t("retention:fields.file_mb")).fill("10");
    await expectScreenAccessible(boris!, options, "retention of a server");
    await boris!.button(boris!.t("common:save")).click();
    const lost = boris!.t("retention:confirm.messages", { count: 1, number: "1" });
    await boris!
      .dialog()
      .getByText(boris!.t("retention:confirm.lost", { what: lost }))
      .waitFor();
    await expectScreenAccessible(boris!, options, "what a rule deletes");
    await boris!.button(boris!.t("retention:confirm.submit")).click();

    const mark = anna!.button(anna!.t("retention:mark.messages", { count: 30 }));
    await mark.click();
    await anna!.page.getByText(anna!.t("retention:mark.largeFilesHint", { count: 7, size: 10 })).waitFor();
    await expectScreenAccessible(anna!, phone, "retention in the header");
    await anna!.page.keyboard.press("Escape");
    await openChannel(anna!, server, firstChannel(server, "text"));
    await message(anna!, "line 3")
      .getByText(anna!.t("retention:filesRemoved", { count: 2 }))
      .waitFor();
  },
);

/** Sends the form that a system sends to an installed app. */
async function share(page: Page, parts: Record<string, string>, file?: { name: string; text: string }): Promise<void> {
  await page.evaluate(
    ([fields, shared]) => {
      const form = document.createElement("form");
      Object.assign(form, { method: "post", action: "/share", enctype: "multipart/form-data" });
      for (const [name, value] of Object.entries(fields)) {
        const input = form.appendChild(document.createElement("textarea"));
        Object.assign(input, { name, value });
      }
      if (shared) {
        const files = new DataTransfer();
        files.items.add(new File([shared.text], shared.name, { type: "text/plain" }));
        const input = form.appendChild(document.createElement("input"));
        Object.assign(input, { type: "file", name: "files", files: files.files });
      }
      document.body.append(form);
      form.submit();
    },
    [parts, file] as const,
  );
}

test.each(onOnePhone)(
  "what other apps share becomes a draft where one chooses, also when it was shared without a network ($locale, $size)",
  async (options) => {
    const [anna] = await world.people([["Anna", options]]);
    const server = await createServerWith([anna!]);
    const { page, t } = anna!;
    anna!.problems.allowOutage();
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      if (!navigator.serviceWorker.controller)
        await new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
    });
    // Once more under the service worker, so that it has the page's files.
    await openChannel(anna!, server);

    await share(
      page,
      { title: "A page", text: "worth reading", url: "https://example.org/a" },
      { name: "notes.txt", text: "x" },
    );
    await page.getByRole("heading", { name: t("share:title") }).waitFor();
    await page.getByText("notes.txt").waitFor();
    await expectScreenAccessible(anna!, options, "share");
    const channel = firstChannel(server, "text");
    const place = page.getByRole("button", {
      name: new RegExp(server.channels.find(({ id }) => id === channel)!.name),
    });
    await place.click();
    const composer = page.locator("#main").getByRole("textbox").last();
    const words = "A page\nworth reading\nhttps://example.org/a";
    await expect.poll(() => composer.inputValue()).toBe(words);
    await anna!.button(t("chat:upload.remove", { name: "notes.txt" })).waitFor();

    await anna!.context.setOffline(true);
    await share(page, { text: "written in a tunnel" });
    await page.waitForURL("**/share");
    await page.getByText(t("common:starting.late")).waitFor();
    await anna!.context.setOffline(false);
    await place.click();
    await expect.poll(() => composer.inputValue()).toBe(`${words}\nwritten in a tunnel`);
    await anna!.button(t("chat:composer.send")).click();
    await message(anna!, "written in a tunnel").waitFor();
    // Nothing waits any more.
    await anna!.open("/share");
    await page.getByText(t("share:nothing")).waitFor();
  },
);
