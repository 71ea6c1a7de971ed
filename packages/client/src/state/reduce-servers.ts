import type { Channel, ChannelState, MainEvent, ServerState } from "@miscord/protocol";
import { showVoice } from "./reduce-voice.ts";
import type { ClientState, ServerEntry } from "./types.ts";

type ServerChange = Extract<
  MainEvent,
  {
    type:
      | "server_joined"
      | "server_left"
      | "server_updated"
      | "server_deleted"
      | "channel_created"
      | "channel_updated"
      | "channel_deleted"
      | "channels_reordered";
  }
>;

export function reduceServers(state: ClientState, event: ServerChange): ClientState {
  switch (event.type) {
    case "server_joined":
      return addServer(state, event.server);
    case "server_left":
    case "server_deleted":
      return removeServer(state, event.server_id);
    case "server_updated":
      return patchServer(state, event.server.id, event.server);
    case "channel_created":
    case "channel_updated":
      return putChannel(state, event.channel);
    case "channel_deleted":
      return removeChannels(state, [event.channel_id]);
    case "channels_reordered":
      return reorder(state, event.server_id, event.channel_ids);
  }
}

/** Replaces all servers by the fetched ones, and removes what belonged to others. */
export function showServers(state: ClientState, servers: readonly ServerState[]): ClientState {
  const present = new Set(servers.map((server) => server.id));
  const left = state.serverIds.filter((id) => !present.has(id)).reduce(removeServer, state);
  const shown = servers.reduce(addServer, left);
  return { ...shown, serverIds: servers.map((server) => server.id) };
}

export function addServer(state: ClientState, server: ServerState): ClientState {
  const { channels, voice_states: _elsewhere, ...rest } = server;
  const present = new Set(channels.map((channel) => channel.id));
  const vanished = (state.servers[server.id]?.channelIds ?? []).filter((id) => !present.has(id));
  const kept = removeChannels(state, vanished);
  const entry: ServerEntry = { ...rest, channelIds: inOrder(channels) };
  const added: ClientState = {
    ...kept,
    serverIds: kept.serverIds.includes(server.id) ? kept.serverIds : [...kept.serverIds, server.id],
    servers: { ...kept.servers, [server.id]: entry },
    channels: { ...kept.channels, ...Object.fromEntries(channels.map((channel) => [channel.id, channel])) },
    // The counts are at least as new as the latest message that came with them.
    countedAt: { ...kept.countedAt, ...Object.fromEntries(channels.map((each) => [each.id, each.last_message_seq])) },
  };
  return showVoice(added, server);
}

function removeServer(state: ClientState, serverId: number): ClientState {
  const server = state.servers[serverId];
  if (!server) return state;
  const { [serverId]: _server, ...servers } = state.servers;
  const { [serverId]: _members, ...members } = state.members;
  const serverIds = state.serverIds.filter((id) => id !== serverId);
  return removeChannels({ ...state, serverIds, servers, members }, server.channelIds);
}

export function patchServer(state: ClientState, serverId: number, patch: Partial<ServerEntry>): ClientState {
  const server = state.servers[serverId];
  return server ? { ...state, servers: { ...state.servers, [serverId]: { ...server, ...patch } } } : state;
}

function putChannel(state: ClientState, channel: Channel): ClientState {
  if (!state.servers[channel.server_id]) return state;
  const known: ChannelState = state.channels[channel.id] ?? {
    ...channel,
    last_message_seq: 0,
    read_seq: 0,
    mention_count: 0,
  };
  return sorted(
    { ...state, channels: { ...state.channels, [channel.id]: { ...known, ...channel } } },
    channel.server_id,
    [channel.id],
  );
}

function removeChannels(state: ClientState, channelIds: readonly number[]): ClientState {
  if (channelIds.length === 0) return state;
  const gone = new Set(channelIds);
  const without = <T>(record: Readonly<Record<number, T>>): Readonly<Record<number, T>> =>
    Object.fromEntries(Object.entries(record).filter(([id]) => !gone.has(Number(id))));
  const affected = new Set(channelIds.map((id) => state.channels[id]?.server_id));
  const servers = Object.fromEntries(
    Object.entries(state.servers).map(([id, server]) => [
      id,
      affected.has(server.id)
        ? { ...server, channelIds: server.channelIds.filter((channelId) => !gone.has(channelId)) }
        : server,
    ]),
  );
  return {
    ...state,
    servers,
    channels: without(state.channels),
    countedAt: without(state.countedAt),
    timelines: without(state.timelines),
    typing: without(state.typing),
    voice: without(state.voice),
  };
}

function reorder(state: ClientState, serverId: number, channelIds: readonly number[]): ClientState {
  const moved = channelIds.flatMap((id, position) => {
    const channel = state.channels[id];
    return channel ? [[id, { ...channel, position }] as const] : [];
  });
  return sorted({ ...state, channels: { ...state.channels, ...Object.fromEntries(moved) } }, serverId, []);
}

function sorted(state: ClientState, serverId: number, added: readonly number[]): ClientState {
  const ids = new Set([...(state.servers[serverId]?.channelIds ?? []), ...added]);
  const channels = [...ids].flatMap((id) => state.channels[id] ?? []);
  return patchServer(state, serverId, { channelIds: inOrder(channels) });
}

function inOrder(channels: readonly Channel[]): number[] {
  return channels.toSorted((a, b) => a.position - b.position || a.id - b.id).map((channel) => channel.id);
}
