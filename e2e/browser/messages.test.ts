import type { ServerState } from "@miscord/protocol";
import { expect, test } from "vitest";
import { expectAccessible } from "../harness/checks/accessibility.ts";
import { desktop, phone } from "../harness/browser.ts";
import { converse } from "../harness/actions/conversation.ts";
import { createServerWith, goToChannel, writeHistory } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";
import { act, expectInView } from "../harness/actions/timeline.ts";
import { storyVariants } from "../harness/variants.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s", RATE_CHANGES: "1000/s" }) });

test("two people write, reply, edit, react and delete, and each sees the other's changes", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Борис", { locale: "ru", viewport: phone, theme: "light" });
  await createServerWith([anna, boris]);

  await converse(anna, boris);
});

test("message text is formatted, spoilers stay covered, mentions show names, and HTML is not run", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  await createServerWith([anna, boris]);

  await say(anna, `**bold** and \`code\` and ||secret|| for @${boris.username}, see?`);
  const said = message(boris, "bold");
  await expect.poll(() => said.locator("strong").innerText()).toBe("bold");
  await expect.poll(() => said.locator("code").innerText()).toBe("code");
  await said.getByText(`@${boris.name}`).waitFor();
  expect(await said.getAttribute("aria-label")).not.toContain("secret");
  await boris.button(boris.t("chat:spoiler"), said).click();
  await said.getByText("secret", { exact: true }).waitFor();

  await say(anna, "<img src=x onerror=alert(1)> [click](javascript:alert(1))");
  const harmless = message(boris, "<img src=x");
  await harmless.waitFor();
  expect(await harmless.locator("img, a").count()).toBe(0);
});

test("message links and replies scroll to an old message, also after a reload", async () => {
  const anna = await world.person("Anna", { context: { permissions: ["clipboard-read", "clipboard-write"] } });
  const boris = await world.person("Boris");
  const server = await createServerWith([anna, boris], { history: 80 });
  const channel = server.channels.find(({ type }) => type === "text")!;
  const [first] = (await boris.rest.listMessages(channel.id, { limit: 79 })).messages;
  await boris.rest.createMessage(channel.id, { content: "about the second line", reply_to_id: first!.id });

  const answer = message(anna, "about the second line");
  await answer.getByTitle(anna.t("chat:message.jumpToOriginal", { author: anna.name })).click();
  const second = (person: Person) => message(person, /line 2\./).filter({ hasNotText: "about" });
  const original = second(anna);
  await expectInView(anna, original);
  await expect.poll(() => original.evaluate((row) => row === document.activeElement)).toBe(true);

  await act(anna, original, anna.t("chat:action.more"));
  await anna.page.getByRole("menuitem", { name: anna.t("chat:action.copyLink") }).click();
  const copied = () => anna.page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toMatch(/^http/);
  // On a fleet without a load balancer Boris's node has an address of its own.
  const link = new URL(new URL(await copied()).pathname, boris.url).href;
  await anna.button(anna.t("chat:list.present")).click();
  await expectInView(anna, answer);
  await say(anna, `see ${link}`);

  await message(boris, "see").getByRole("link").first().click();
  await expectInView(boris, second(boris));
  await boris.button(boris.t("chat:list.present")).click();
  await message(boris, "see").getByRole("link").first().click();
  await expectInView(boris, second(boris));
  await boris.page.reload();
  await expectInView(boris, second(boris));

  await boris.open(`/channels/${server.id}/${server.channels[0]!.id}/999999`);
  await boris.page.getByText(boris.t("chat:list.messageGone")).waitFor();
});

test("messages that arrived in another channel are marked as new, and read once they were seen", async () => {
  const anna = await world.person("Anna");
  const boris = await world.person("Boris");
  const server = await createServerWith([anna, boris]);
  await anna.rest.createChannel(server.id, { name: "plans", type: "text" });
  await say(anna, "seen");
  await message(boris, "seen").waitFor();
  await goToChannel(boris, "plans");
  await boris.page.getByRole("heading", { level: 1, name: "plans" }).waitFor();
  await writeHistory(anna, server, 40);
  await goToChannel(boris, "general");
  const toNew = boris.button(boris.t("chat:list.jumpToNew"));
  await toNew.click();
  await expectInView(
    boris,
    boris.page
      .locator("li")
      .filter({ hasText: boris.t("chat:list.newMessages") })
      .filter({ hasText: "line 1." }),
  );
  await expect.poll(() => toNew.count()).toBe(0);
  await expect.poll(async () => unread(await boris.rest.getServer(server.id))).toBe(false);
});

test.each(
  storyVariants({ theme: "light", locale: "ru", viewport: phone }, { theme: "dark", locale: "en", viewport: desktop }),
)("a channel with messages, an editor and a message menu is accessible ($theme, $locale)", async (options) => {
  const boris = await world.person("Boris");
  const anna = await world.person("Анна", options);
  const server = await createServerWith([anna, boris]);
  const channel = server.channels.find(({ type }) => type === "text")!;
  await writeHistory(boris, server, 5);
  const first = await boris.rest.createMessage(channel.id, {
    content: `@${anna.username} **bold** ||covered|| https://example.org\n\`\`\`ts\nconst answer = 42;\n\`\`\``,
  });
  await boris.rest.addReaction(first.id, "👍");
  await anna.rest.addReaction(first.id, "🎉");
  await boris.rest.createMessage(channel.id, { content: "an answer", reply_to_id: first.id });
  const edited = await anna.rest.createMessage(channel.id, { content: "first" });
  await anna.rest.editMessage(edited.id, "second");
  await message(anna, "second").waitFor();
  await message(anna, "bold").first().locator(".hljs-keyword, pre code span").first().waitFor();
  await expectAccessible(anna.page);

  await act(anna, message(anna, "second"), anna.t("chat:action.edit"));
  await anna.field(anna.t("chat:edit.label")).waitFor();
  await expectAccessible(anna.page);
  await anna.button(anna.t("common:cancel")).click();
  await act(anna, message(anna, "second"), anna.t("chat:action.more"));
  await anna.page.getByRole("menu").waitFor();
  await expectAccessible(anna.page);
});

function unread({ channels }: ServerState): boolean {
  return channels.some(({ last_message_seq: last, read_seq: read }) => last > read);
}
