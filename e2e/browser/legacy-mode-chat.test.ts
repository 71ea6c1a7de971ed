import type { Mode } from "@miscord/client";
import type { WebSocket } from "playwright-core";
import { expect, test } from "vitest";
import { FaultyLink } from "../harness/faulty-link.ts";
import { switchMode } from "../harness/checks/connection.ts";
import { converse } from "../harness/actions/conversation.ts";
import { createServerWith, goToChannel } from "../harness/community.ts";
import type { Person } from "../harness/person.ts";
import { storyVariants } from "../harness/variants.ts";
import { openWorld } from "../harness/world.ts";
import { message, say } from "../harness/actions/messages.ts";

/** All other tests cover two people in enhanced mode. */
const modes = storyVariants<[Mode, Mode]>(["enhanced", "legacy"], ["legacy", "legacy"], ["legacy", "enhanced"]);
const socketPaths = { enhanced: ["/ws/main"], legacy: ["/ws/legacy/chat/0", "/ws/legacy/notifications"] } as const;

const world = openWorld();

test.each(modes)("two people chat as usual, one in %s mode and the other in %s mode", async (one, other) => {
  const link = await FaultyLink.to(world.server.port);
  try {
    const anna = await world.person("Anna");
    const boris = await world.person("Борис", { locale: "ru", url: link.httpUrl });
    const sockets = [watchSockets(anna), watchSockets(boris)];
    const { id, channels } = await createServerWith([anna, boris]);
    await Promise.all([switchMode(anna, one), switchMode(boris, other)]);
    for (const [at, mode] of [one, other].entries()) await expect.poll(sockets[at]!).toEqual(socketPaths[mode]);

    await converse(anna, boris);
    await showTypingAndStatus(anna, boris);
    await anna.rest.createChannel(id, { name: "side", type: "text" });
    await mentionInOtherChannel(anna, boris);
    await mentionInOtherChannel(boris, anna);
    await loseNetwork(link, channels[0]!.id, anna, boris);
  } finally {
    await link.close();
  }
});

/** Paths of the sockets that the page has open from now on, with channel ids replaced by 0. */
function watchSockets({ page }: Person): () => string[] {
  const open = new Set<WebSocket>();
  page.on("websocket", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  return () => [...open].map((socket) => new URL(socket.url()).pathname.replace(/\d+$/, "0")).toSorted();
}

async function showTypingAndStatus(anna: Person, boris: Person): Promise<void> {
  for (const [actor, witness] of [
    [anna, boris],
    [boris, anna],
  ] as const) {
    await actor.page.locator("#main").getByRole("textbox").last().pressSequentially("hm");
    await witness.page.getByText(witness.t("chat:typing.one", { a: actor.name })).waitFor();
    await actor.page.locator("#main").getByRole("textbox").last().fill("");
    await choosePresence(actor, "online", "dnd");
    await seesPresence(witness, actor, "dnd");
    await choosePresence(actor, "dnd", "online");
    await seesPresence(witness, actor, "online");
  }
}

async function choosePresence({ page, name, t }: Person, from: "online" | "dnd", to: "online" | "dnd"): Promise<void> {
  const sidebar = page.getByRole("region", { name: t("common:nav.sidebar") });
  await sidebar.getByRole("button", { name: `${name} ${t(`common:status.${from}`)}` }).click();
  await page
    .getByRole("menu")
    .getByText(t(`common:status.${to}`), { exact: true })
    .click();
}

async function seesPresence({ page, t }: Person, { name }: Person, status: "online" | "dnd"): Promise<void> {
  const members = page.getByRole("complementary", { name: t("servers:members.title") });
  await members.getByRole("button", { name: new RegExp(`${name}.*${t(`common:status.${status}`)}`) }).waitFor();
}

/** A mention in a channel that is not open shows a toast and an unread mark, and is read once the channel is opened. */
async function mentionInOtherChannel(caller: Person, called: Person): Promise<void> {
  const { page, t } = called;
  await goToChannel(called, "side");
  await expect.poll(() => page.title()).toBe("#side — Miscord");
  await say(caller, `@${called.username} come here`);
  const mention = t("notifications:kind.mention", { author: caller.name, channel: "#general" });
  await page.locator("[data-toasts]").getByText(mention).waitFor();
  await expect.poll(() => page.title()).toBe("(1) #side — Miscord");
  await goToChannel(called, "general");
  await message(called, `@${called.name} come here`).waitFor();
  await expect.poll(() => page.title()).toBe("#general — Miscord");
  await expect.poll(async () => (await called.rest.listNotifications()).unread).toBe(0);
}

/** Messages that both write while Boris has no network arrive afterwards, in the same order for both. */
async function loseNetwork(link: FaultyLink, channelId: number, anna: Person, boris: Person): Promise<void> {
  boris.problems.allowOutage();
  link.sever();
  await say(boris, "in the tunnel");
  await message(boris, "in the tunnel").getByText(boris.t("chat:message.sending")).waitFor();
  await say(anna, "still there?");
  const stored = async () => (await anna.rest.listMessages(channelId)).messages.at(-1)?.content;
  await expect.poll(stored).toBe("still there?");
  link.restore();
  const last = (person: Person) => person.page.getByRole("article").locator("p").allInnerTexts();
  for (const person of [anna, boris])
    await expect.poll(async () => (await last(person)).slice(-2)).toEqual(["still there?", "in the tunnel"]);
}
