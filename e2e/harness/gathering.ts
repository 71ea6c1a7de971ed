import type { ServerState } from "@miscord/protocol";
import type { Locator } from "playwright-core";
import { showChannels } from "./arriving.ts";
import type { Person } from "./person.ts";

/** A server with these people in it, the first its owner, made without the interface. All of them look at its text channel. */
export async function gather(name: string, owner: Person, ...others: Person[]): Promise<ServerState> {
  const server = await owner.rest.createServer({ name });
  const { code } = await owner.rest.createInvite(server.id);
  for (const other of others) await other.rest.joinInvite(code);
  await Promise.all([owner, ...others].map((person) => openChannel(person, server)));
  return server;
}

/** The given channel of the server, or its first text channel, and waits until it can be read. */
export async function openChannel(person: Person, server: ServerState, channelId?: number): Promise<void> {
  const id = channelId ?? server.channels.find(({ type }) => type === "text")?.id;
  await person.open(`/channels/${server.id}/${id}`);
  await person.page.locator("#main h1").filter({ hasText: /\S/ }).waitFor();
  // What comes in place of the skeleton; without messages it takes no room.
  await person.page.locator("#main ol").waitFor({ state: "attached" });
}

export async function createServer(person: Person, name: string): Promise<void> {
  const { t } = person;
  await showChannels(person);
  // Whoever has no server yet is offered it in the middle too.
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

/** Makes a link in the server's invite dialog, which then is closed, and gives it. */
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

/** The channels of the server that is open; on a phone once the drawer is. */
export function channelList(person: Person): Locator {
  return person.page.getByRole("region", { name: person.t("common:nav.sidebar") }).getByRole("navigation");
}

export async function goToChannel(person: Person, name: string): Promise<void> {
  await showChannels(person);
  await channelList(person).getByRole("link", { name }).click();
}
