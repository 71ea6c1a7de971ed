// node e2e/screenshot/run.ts: takes the pictures of README.md and README.ru.md anew.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Locale, Message, ServerState } from "@miscord/protocol";
import type { Browser } from "playwright-core";
import { atRest } from "../harness/checks/at-rest.ts";
import { launchBrowser } from "../harness/browser.ts";
import { Person } from "../harness/person.ts";
import { startServerProcess, type ServerProcess } from "../../apps/server/src/testing/server-process.ts";
import { attach, say } from "../harness/actions/messages.ts";
import { conversations, type Conversation, type Line } from "./conversations.ts";
import { drawMap } from "./picture.ts";

const docs = new URL("../../docs", import.meta.url).pathname;
const pictures = { en: "screenshot.png", ru: "screenshot-ru.png" } as const;

const browser = await launchBrowser();
try {
  for (const locale of ["en", "ru"] as const) await takePicture(browser, locale);
} finally {
  await browser.close();
}

async function takePicture(browser: Browser, locale: Locale): Promise<void> {
  const conversation = conversations[locale];
  const server = await startServerProcess();
  try {
    const people = await arrive(browser, server.url, conversation, locale);
    const [viewer] = people;
    const { home, channelId } = await meet(people, conversation);
    const path = `/channels/${home.id}/${channelId}`;
    const messages = await talk(people, conversation, path, channelId, await drawMap(browser));
    await server.stop();
    setTimes(server, conversation.lines, messages);
    await server.start();
    await viewer!.rest.markRead(channelId, messages.at(-1)!.seq);
    for (const person of people.slice(1, -1)) await person.open(path);
    await viewer!.open(path);
    await viewer!.page.getByText(conversation.lines.at(-1)!.text.slice(0, 12)).last().waitFor();
    const { page, t } = viewer!;
    await page
      .getByRole("button", { name: t("connection:open", { quality: t("connection:quality.excellent") }) })
      .waitFor();
    await page.waitForLoadState("networkidle");
    await atRest(page);
    await page.screenshot({ path: join(docs, pictures[locale]) });
    await Promise.all(people.map(({ context }) => context.close()));
  } finally {
    await server.dispose();
  }
}

async function arrive(browser: Browser, url: string, { people }: Conversation, locale: Locale): Promise<Person[]> {
  const arriving = people.map(async ({ name, username, color }) => {
    const context = { deviceScaleFactor: 2 };
    const person = await Person.open({ browser: async () => browser, url }, name, username, { locale, context });
    await person.registerQuickly();
    await person.rest.updateProfile({ avatar_color: color });
    return person;
  });
  return Promise.all(arriving);
}

async function meet([owner, ...others]: Person[], { server, channels }: Conversation) {
  const locale = owner!.t("common:close") === "Close" ? "en" : "ru";
  const home = await owner!.rest.createServer({ name: server, locale });
  const { code } = await owner!.rest.createInvite(home.id);
  for (const other of others) await other.rest.joinInvite(code);
  const made: ServerState["channels"][number]["id"][] = [];
  for (const name of channels) made.push((await owner!.rest.createChannel(home.id, { name, type: "text" })).id);
  return { home, channelId: made[0]! };
}

async function talk(
  people: readonly Person[],
  { lines, pictureName }: Conversation,
  path: string,
  channelId: number,
  picture: Buffer,
): Promise<Message[]> {
  const said: Message[] = [];
  const who = (username: string) => people.find((person) => person.username === username)!;
  for (const { by, text, replyTo, reactions = {}, withPicture } of lines) {
    const author = who(by);
    if (withPicture) {
      await author.open(path);
      await attach(author, { name: pictureName, mimeType: "image/png", buffer: picture });
      await say(author, text);
      await author.page.locator("article img").last().waitFor();
      said.push((await author.rest.listMessages(channelId)).messages.at(-1)!);
    } else {
      const reply_to_id = replyTo === undefined ? null : said[replyTo]!.id;
      said.push(await author.rest.createMessage(channelId, { content: text, reply_to_id }));
    }
    for (const [emoji, usernames] of Object.entries(reactions))
      for (const username of usernames) await who(username).rest.addReaction(said.at(-1)!.id, emoji);
  }
  return said;
}

/** Sets the times of the messages as the conversation says; the script wrote them within seconds. */
function setTimes({ dataDir }: ServerProcess, lines: readonly Line[], messages: readonly Message[]): void {
  const db = new DatabaseSync(join(dataDir, "miscord.db"));
  const change = db.prepare("UPDATE messages SET created_at = ? WHERE id = ?");
  for (const [at, { id }] of messages.entries()) change.run(Date.now() - lines[at]!.ago * 60_000, id);
  db.close();
}
