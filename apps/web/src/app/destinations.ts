import type { ClientState } from "@miscord/client";
import { isUnread } from "../core/unread.ts";
import { serverLanding, textChannelIds } from "../core/last-visited.ts";
import { paths } from "../core/paths.ts";

export interface Destination {
  key: string;
  kind: "server" | "channel";
  serverId: number;
  name: string;
  serverName: string;
  isUnread: boolean;
  path: string;
}

/** All servers and channels the user can open, unread channels first. */
export function destinationsOf(state: ClientState): readonly Destination[] {
  const all = state.serverIds.flatMap((serverId) => {
    const name = state.servers[serverId]?.name ?? "";
    const path = serverLanding(state, serverId);
    const channels = textChannelIds(state, serverId).map((id) => channelDestination(state, serverId, id));
    return [
      ...channels,
      { key: `server ${serverId}`, kind: "server", serverId, name, serverName: name, isUnread: false, path } as const,
    ];
  });
  return all.toSorted((a, b) => Number(b.isUnread) - Number(a.isUnread));
}

function channelDestination(state: ClientState, serverId: number, channelId: number): Destination {
  const channel = state.channels[channelId]!;
  return {
    key: `channel ${channelId}`,
    kind: "channel",
    serverId,
    name: channel.name,
    serverName: state.servers[serverId]?.name ?? "",
    isUnread: isUnread(channel),
    path: paths.channel(serverId, channelId),
  };
}

/** Destinations whose name contains the query's letters in order, better matches first. */
export function searchDestinations(destinations: readonly Destination[], query: string): readonly Destination[] {
  const wanted = query.trim().replace(/^#/, "").toLocaleLowerCase();
  if (wanted === "") return destinations;
  return destinations
    .map((destination) => ({ destination, score: scoreOf(destination.name.toLocaleLowerCase(), wanted) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ destination }) => destination);
}

/**
 * 4 for the whole name, 3 for its start, 2 for the start of a word, 1 for any part, less for scattered letters in
 * order, else 0.
 */
function scoreOf(name: string, wanted: string): number {
  if (name === wanted) return 4;
  if (name.startsWith(wanted)) return 3;
  if (name.split(/[\s_-]+/).some((word) => word.startsWith(wanted))) return 2;
  if (name.includes(wanted)) return 1;
  let at = 0;
  for (const letter of name) if (letter === wanted[at]) at += 1;
  return at === wanted.length ? 0.5 : 0;
}
