import type { ClientState } from "@miscord/client";
import type { User } from "@miscord/protocol";
import { channelIdsOf, serverLanding } from "../core/last-visited.ts";
import { paths } from "../core/paths.ts";
import { dmIds, dmName, othersIn } from "../core/people.ts";
import { showsUnread, withThreads } from "../core/unread.ts";

/** What the quick switcher finds. `name` is shown, `aliases` are searched too, `detail` says where it belongs. */
export type Destination = { key: string; name: string; aliases?: readonly string[]; detail: string } & (
  | { kind: "server"; serverId: number; path: string }
  | { kind: "dm"; isUnread: boolean; path: string }
  | { kind: "channel"; isUnread: boolean; path: string }
  | { kind: "voice"; channelId: number; path: string }
  | { kind: "person"; user: User; serverId: number }
  | { kind: "command"; run: () => void }
);

/** The order in which equally good matches are shown. */
const order = ["channel", "dm", "voice", "person", "server", "command"] as const;

/** Channels, unread ones first, voice channels and servers that the user can open. */
export function placesOf(state: ClientState): readonly Destination[] {
  const channels = state.serverIds.flatMap((id) => textChannels(state, id));
  return [
    ...[...channels, ...conversations(state)].toSorted((a, b) => Number(b.isUnread) - Number(a.isUnread)),
    ...state.serverIds.flatMap((id) => voiceChannels(state, id)),
    ...state.serverIds.map((serverId): Destination => {
      const name = state.servers[serverId]?.name ?? "";
      return {
        key: `server ${serverId}`,
        kind: "server",
        serverId,
        name,
        detail: "",
        path: serverLanding(state, serverId),
      };
    }),
  ];
}

function textChannels(state: ClientState, serverId: number) {
  return withThreads(state, serverId).map((id) => {
    const channel = state.channels[id]!;
    const parent = state.channels[state.threads[id]?.parent_id ?? 0]?.name;
    const server = state.servers[serverId]?.name ?? "";
    return {
      key: `channel ${id}`,
      kind: "channel" as const,
      name: channel.name,
      detail: parent === undefined ? server : `#${parent} · ${server}`,
      isUnread: showsUnread(state, id),
      path: paths.channel(serverId, id),
    };
  });
}

function conversations(state: ClientState) {
  return dmIds(state).map((id) => ({
    key: `dm ${id}`,
    kind: "dm" as const,
    name: dmName(state, id),
    aliases: othersIn(state, id).map(({ username }) => username),
    detail: "",
    isUnread: showsUnread(state, id),
    path: paths.dm(id),
  }));
}

function voiceChannels(state: ClientState, serverId: number): readonly Destination[] {
  return [...channelIdsOf(state, serverId, "voice"), ...channelIdsOf(state, serverId, "stage")].map((channelId) => ({
    key: `voice ${channelId}`,
    kind: "voice",
    channelId,
    name: state.channels[channelId]!.name,
    detail: state.servers[serverId]?.name ?? "",
    path: paths.channel(serverId, channelId),
  }));
}

/** Each member of a loaded server once, in `preferredId` if they are there. */
export function peopleOf(
  state: Pick<ClientState, "serverIds" | "members">,
  preferredId: number | null,
): readonly Destination[] {
  const serverIds = state.serverIds.toSorted((a, b) => Number(b === preferredId) - Number(a === preferredId));
  const people = new Map<number, Destination>();
  for (const serverId of serverIds) {
    for (const user of Object.values(state.members[serverId] ?? {})) {
      if (people.has(user.id)) continue;
      const { display_name: name, account_name, username } = user;
      const detail = `@${username}`;
      people.set(user.id, {
        key: `person ${user.id}`,
        kind: "person",
        serverId,
        user,
        name,
        aliases: [username, account_name],
        detail,
      });
    }
  }
  return [...people.values()];
}

/** A query's first character may choose a kind: # channels, @ people, > commands. */
const prefixes: Readonly<Record<string, readonly Destination["kind"][]>> = {
  "#": ["channel", "voice"],
  "@": ["person", "dm"],
  ">": ["command"],
};

/** Destinations whose name contains the query's letters in order, better matches first. */
export function searchDestinations(destinations: readonly Destination[], query: string): readonly Destination[] {
  const kinds = prefixes[query.trim()[0] ?? ""];
  const wanted = fold(kinds ? query.trim().slice(1) : query);
  const asked = destinations.filter(({ kind }) => kinds?.includes(kind) ?? true);
  if (wanted === "") return asked;
  return asked
    .map((destination) => ({ destination, score: bestScore(destination, wanted) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || rank(a.destination) - rank(b.destination))
    .map(({ destination }) => destination);
}

function fold(text: string): string {
  return text.normalize("NFKC").trim().toLocaleLowerCase().replaceAll("ё", "е");
}

function rank({ kind }: Destination): number {
  return order.indexOf(kind);
}

function bestScore({ name, aliases = [], detail }: Destination, wanted: string): number {
  const whole = Math.max(...[name, ...aliases].map((text) => scoreOf(fold(text), wanted)));
  const words = wanted.split(/\s+/);
  if (whole > 1 || words.length === 1) return whole;
  // "dark theme", "general home": each word begins one of the name or of where it belongs.
  const parts = wordsOf(fold([name, ...aliases, detail].join(" ")));
  return words.every((word) => parts.some((part) => part.startsWith(word))) ? 2 : whole;
}

const wordsOf = (text: string): readonly string[] => text.split(/[\s_:@#-]+/);

/**
 * 4 for the whole name, 3 for its start, 2 for the start of a word, 1 for any part, less for scattered letters in
 * order, else 0.
 */
function scoreOf(name: string, wanted: string): number {
  if (name === wanted) return 4;
  if (name.startsWith(wanted)) return 3;
  if (wordsOf(name).some((word) => word.startsWith(wanted))) return 2;
  if (name.includes(wanted)) return 1;
  let at = 0;
  for (const letter of name) if (letter === wanted[at]) at += 1;
  return at === wanted.length ? 0.5 : 0;
}
