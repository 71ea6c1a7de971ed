import type { ClientState } from "@miscord/client";
import { paths } from "./paths.ts";
import { stored } from "./stored.ts";

interface Visits {
  serverId: number | null;
  /** Last opened channel id by server id. */
  channels: Record<number, number>;
}

function read(userId: number): Visits {
  try {
    const visits = JSON.parse(stored.get(`visited.${userId}`) ?? "{}") as Partial<Visits>;
    return { serverId: visits.serverId ?? null, channels: visits.channels ?? {} };
  } catch {
    return { serverId: null, channels: {} };
  }
}

export function rememberVisit(userId: number, serverId: number, channelId: number): void {
  const visits = read(userId);
  if (visits.serverId === serverId && visits.channels[serverId] === channelId) return;
  stored.set(
    `visited.${userId}`,
    JSON.stringify({ serverId, channels: { ...visits.channels, [serverId]: channelId } } satisfies Visits),
  );
}

/** Forums too. */
export function textChannelIds(state: ClientState, serverId: number): readonly number[] {
  return channelIdsOf(state, serverId, "text", "forum");
}

export function channelIdsOf(
  { servers, channels }: ClientState,
  serverId: number,
  ...types: readonly string[]
): readonly number[] {
  return servers[serverId]?.channelIds.filter((id) => types.includes(channels[id]?.type ?? "")) ?? [];
}

/** The address a click on a server opens: its last visited channel, else its first. */
export function serverLanding(state: ClientState, serverId: number): string {
  const channelIds = textChannelIds(state, serverId);
  const seen = state.session.me ? read(state.session.me.id).channels[serverId] : undefined;
  const channelId = channelIds.find((id) => id === seen) ?? channelIds[0];
  return channelId === undefined ? paths.server(serverId) : paths.channel(serverId, channelId);
}

/** The address that "/" redirects to, or null when the user is in no server. */
export function homeLanding(state: ClientState): string | null {
  const seen = state.session.me ? read(state.session.me.id).serverId : null;
  const serverId = state.serverIds.find((id) => id === seen) ?? state.serverIds[0];
  return serverId === undefined ? null : serverLanding(state, serverId);
}
