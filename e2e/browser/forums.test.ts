import { bitsOf } from "@miscord/rights";
import { expect, test } from "vitest";
import { showChannels } from "../harness/actions/accounts.ts";
import { message, say } from "../harness/actions/messages.ts";
import { desktop, phone } from "../harness/browser.ts";
import { expectScreenAccessible } from "../harness/checks/screens.ts";
import { channelList, createServerWith } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { openWorld } from "../harness/world.ts";

const world = openWorld({ env: () => ({ RATE_MESSAGES: "1000/s" }) });

const onPhone = { locale: "ru", theme: "light", viewport: phone, size: "phone" } as const;
const onDesktop = { locale: "en", theme: "dark", viewport: desktop, size: "desktop" } as const;

const posts = ({ page, t }: Person) => page.getByRole("list", { name: t("forums:posts") }).getByRole("link");
const tagFilter = ({ page, t }: Person, name: string) =>
  page.getByRole("group", { name: t("forums:filter") }).getByRole("button", { name });

test("a forum is made with tags; posts are written, filtered, answered, pinned, and refused with the reason", async () => {
  const [anna, boris] = await Promise.all([world.person("Anna", onDesktop), world.person("Boris", onPhone)]);
  const server = await createServerWith([anna, boris]);
  const { t } = anna;

  await anna.button(t("servers:channels.create")).click();
  await anna.field(t("servers:channelName")).fill("help");
  await anna.page.getByRole("checkbox", { name: t("forums:choice") }).click();
  await anna.button(t("servers:createChannel.submit")).click();
  await anna.page.getByText(t("forums:none")).waitFor();
  await anna.button(t("servers:channels.menu", { channel: "help" })).click();
  await anna.page.getByRole("menuitem", { name: t("servers:channels.rename") }).click();
  await anna.field(t("forums:guidelines")).fill("Say what you did and what you expected");
  for (const [at, name] of ["bug", "idea"].entries()) {
    await anna.button(t("forums:addTag")).click();
    await anna.field(t("forums:tagName")).nth(at).fill(name);
  }
  await expectScreenAccessible(anna, onDesktop, "forum settings");
  await anna.button(t("common:save")).click();
  await tagFilter(anna, "bug").waitFor();

  await anna.button(t("forums:create.open")).click();
  await anna.field(t("forums:postTitle")).fill("It crashes on start");
  await anna.dialog().getByRole("button", { name: "bug" }).click();
  await anna.field(t("forums:text")).fill("Since yesterday, with every file");
  await expectScreenAccessible(anna, onDesktop, "new post");
  await anna.button(t("forums:create.submit")).click();
  await message(anna, "Since yesterday").waitFor();
  await posts(anna).filter({ hasText: "It crashes on start" }).waitFor();
  const { channels } = await anna.rest.getServer(server.id);
  const forum = channels.find(({ type }) => type === "forum")!;
  const [, idea] = forum.forum!.tags;
  const wish = await anna.rest.createPost(forum.id, { name: "A dark theme", tags: [idea!.id], content: "Please" });
  await expect.poll(() => posts(anna).count()).toBe(2);
  await expectScreenAccessible(anna, onDesktop, "forum beside a post");

  await showChannels(boris);
  const inList = channelList(boris).getByRole("link", { name: "help" });
  const mark = inList.getByText(boris.t("servers:channels.unread"));
  await mark.waitFor({ state: "attached" });
  await inList.click();
  await expect.poll(() => posts(boris).count()).toBe(2);
  await mark.waitFor({ state: "detached" });
  const crash = posts(boris).filter({ hasText: "It crashes on start" });
  await crash.getByText(boris.t("forums:unread")).waitFor({ state: "attached" });
  await tagFilter(boris, "bug").click();
  await expect.poll(() => posts(boris).count()).toBe(1);
  await expectScreenAccessible(boris, onPhone, "forum");
  await crash.click();
  await say(boris, "Which version?");
  await message(anna, "Which version?").waitFor();
  // On a phone the post takes the place of the list; the way back is in its header.
  await boris.page.locator("#main h1").getByRole("link", { name: "help" }).click();
  await crash.getByText(boris.t("forums:following")).waitFor();
  expect(await crash.getByText(boris.t("forums:unread")).count()).toBe(0);

  const beside = anna.page.getByRole("complementary", { name: "It crashes on start" });
  await anna.button(t("threads:menu"), beside).click();
  await anna.page.getByRole("menuitem", { name: t("forums:pin") }).click();
  await crash.getByRole("img", { name: boris.t("forums:pinned") }).waitFor();
  await anna.button(t("common:close"), beside).click();
  await boris.rest.createMessage(wish.id, { content: "Yes, please" });
  await posts(anna).first().filter({ hasText: "It crashes" }).waitFor();
  await posts(anna).nth(1).getByText(t("forums:unread")).waitFor({ state: "attached" });

  const deny = { type: "role", allow: 0, deny: bitsOf("sendMessages") } as const;
  await anna.rest.setOverride(forum.id, server.everyone_role_id, deny);
  await boris.page.getByText(boris.t("forums:refused")).waitFor();
  expect(await boris.button(boris.t("forums:create.open")).count()).toBe(0);
});
