import type { ServerState } from "@miscord/protocol";
import type { Locator } from "playwright-core";
import { showChannels } from "./actions/accounts.ts";
import type { Person } from "./person.ts";

interface ServerOptions {
  name?: string;
  /** Messages of the owner that exist before anybody opens the channel. */
  history?: number;
  /** Which kind of channel is opened. */
  channel?: "text" | "voice";
}

/** Creates a server over HTTP with these members, the first its owner, and opens its first channel in all their browsers. */
export async function createServerWith(
  [owner, ...others]: readonly Person[],
  { name = "Friends", history = 0, channel = "text" }: ServerOptions = {},
): Promise<ServerState> {
  if (!owner) throw new Error("a server needs an owner");
  const server = await owner.rest.createServer({ name });
  const { code } = await owner.rest.createInvite(server.id);
  for (const other of others) await other.rest.joinInvite(code);
  await writeHistory(owner, server, history);
  const open = channel === "text" ? openChannel : openVoiceChannel;
  await Promise.all([owner, ...others].map((person) => open(person, server)));
  return server;
}

/** Opens the given channel, or the server's first text channel, and waits until it can be read. */
export async function openChannel(person: Person, server: ServerState, channelId?: number): Promise<void> {
  const id = channelId ?? firstChannel(server, "text");
  await person.open(`/channels/${server.id}/${id}`);
  await person.page.locator("#main h1").filter({ hasText: /\S/ }).waitFor();
  // The list replaces the skeleton; without messages it has no height.
  await person.page.locator("#main ol").waitFor({ state: "attached" });
}

async function openVoiceChannel(person: Person, server: ServerState): Promise<void> {
  await person.open(`/channels/${server.id}/${firstChannel(server, "voice")}`);
  await person.page.locator("#main h1").filter({ hasText: /\S/ }).waitFor();
}

export function firstChannel({ channels }: ServerState, type: "text" | "voice"): number {
  const channel = channels.find((one) => one.type === type);
  if (!channel) throw new Error(`the server has no ${type} channel`);
  return channel.id;
}

/** Creates messages "line 1", "line 2" … in the server's first text channel over HTTP. */
export async function writeHistory(person: Person, server: ServerState, count: number): Promise<void> {
  const channelId = firstChannel(server, "text");
  for (let line = 1; line <= count; line += 1) await person.rest.createMessage(channelId, { content: lineText(line) });
}

/** Every seventh line is higher than the others, so that rows differ in height. */
function lineText(line: number): string {
  return `line ${line}.${line % 7 === 0 ? "\n> quoted\n\nand *more* of it".repeat((line % 3) + 1) : ""}`;
}

export async function createServer(person: Person, name: string): Promise<void> {
  const { t } = person;
  // What is pressed while this page takes the place of the outline would be lost.
  await person.page.getByRole("heading", { name: t("servers:none.heading") }).waitFor();
  await showChannels(person);
  // The empty home page has the same button, so only the one in the server list is meant.
  const rail = person.page.getByRole("navigation", { name: t("servers:rail") });
  await person.button(t("servers:add.open"), rail).click();
  await person.field(t("servers:add.name")).fill(name);
  await person.button(t("servers:add.create")).click();
  await person.dialog().waitFor({ state: "hidden" });
}

export async function chooseInServerMenu(person: Person, server: string, entry: string): Promise<void> {
  await showChannels(person);
  await person.button(server).click();
  await person.page.getByRole("menuitem", { name: entry }).click();
}

/** Creates an invite link in the server's invite dialog, closes the dialog and gives the link. */
export async function inviteTo(person: Person, server: string, uses?: 1 | 5 | 25 | 100): Promise<string> {
  const { t } = person;
  await chooseInServerMenu(person, server, t("servers:invite.open"));
  if (uses) {
    await person.field(t("servers:invite.uses")).click();
    await person.page.getByRole("option", { name: t("servers:invite.times", { count: uses }), exact: true }).click();
  }
  await person.button(t("servers:invite.create")).click();
  const link = await person.field(t("servers:invite.link")).inputValue();
  await person.button(t("common:close"), person.dialog()).click();
  return link;
}

export async function openInvite(person: Person, link: string): Promise<void> {
  await person.open(new URL(link, person.url).pathname);
}

/** The channel list of the open server; on a phone it is there while the drawer is open. */
export function channelList(person: Person): Locator {
  return person.page.getByRole("region", { name: person.t("common:nav.sidebar") }).getByRole("navigation");
}

export async function goToChannel(person: Person, name: string): Promise<void> {
  await showChannels(person);
  await channelList(person).getByRole("link", { name }).click();
}
