import type { Channel, ChannelOverride, MainEvent, Server, ServerState } from "@miscord/protocol";
import { showThreads, threadIdsOf, withTagsOf } from "./reduce-threads.ts";
import { showVoice } from "./reduce-voice.ts";
import type { ChannelEntry, ClientState, ServerEntry } from "./types.ts";
import { isReadLater, withRead } from "./read-order.ts";

type ServerChange = Extract<
  MainEvent,
  {
    type:
      | "server_joined"
      | "server_left"
      | "server_updated"
      | "server_deleted"
      | "rules_accepted"
      | "onboarded"
      | "channel_created"
      | "channel_updated"
      | "channel_deleted"
      | "channels_reordered"
      | "channel_added"
      | "channel_removed"
      | "overrides_updated";
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
      return patchServer(withOwner(state, event.server), event.server.id, event.server);
    case "rules_accepted":
      return patchServer(state, event.server_id, { rules_accepted: true });
    case "onboarded":
      return patchServer(state, event.server_id, { onboarded: true });
    case "channel_created":
      return putChannel(state, event.channel);
    case "channel_updated":
      return changeChannel(state, event.channel);
    case "channel_added":
      return addChannel(state, event);
    case "overrides_updated":
      return changeOverrides(state, event.channel_id, event.overrides);
    case "channel_deleted":
    case "channel_removed":
      return withoutChannels(state, [event.channel_id]);
    case "channels_reordered":
      return reorder(state, event);
  }
}

/** Of the loaded members the one who owns the server from now on is marked. */
function withOwner(state: ClientState, { id, owner_id }: Server): ClientState {
  const known = state.members[id];
  if (!known || state.servers[id]?.owner_id === owner_id) return state;
  const members = Object.values(known).map((member) => [member.id, { ...member, is_owner: member.id === owner_id }]);
  return { ...state, members: { ...state.members, [id]: Object.fromEntries(members) } };
}

/** Replaces all servers by the fetched ones, and removes what belonged to others. */
export function showServers(state: ClientState, servers: readonly ServerState[]): ClientState {
  const present = new Set(servers.map((server) => server.id));
  const left = state.serverIds.filter((id) => !present.has(id)).reduce(removeServer, state);
  const shown = servers.reduce(addServer, left);
  return { ...shown, serverIds: servers.map((server) => server.id) };
}

export function addServer(state: ClientState, server: ServerState): ClientState {
  const { channels, threads = [], voice_states: _elsewhere, ...rest } = server;
  const present = new Set(channels.map((channel) => channel.id));
  const vanished = (state.servers[server.id]?.channelIds ?? []).filter((id) => !present.has(id));
  const kept = withoutChannels(state, vanished);
  const entry: ServerEntry = { ...rest, channelIds: inOrder(channels) };
  const added: ClientState = {
    ...kept,
    serverIds: kept.serverIds.includes(server.id) ? kept.serverIds : [...kept.serverIds, server.id],
    servers: { ...kept.servers, [server.id]: entry },
    channels: { ...kept.channels, ...Object.fromEntries(channels.map((channel) => [channel.id, channel])) },
    // The counts are at least as new as the latest message that came with them.
    countedAt: { ...kept.countedAt, ...Object.fromEntries(channels.map((each) => [each.id, each.last_message_seq])) },
  };
  return showVoice(showThreads(added, server.id, threads), server);
}

function removeServer(state: ClientState, serverId: number): ClientState {
  const server = state.servers[serverId];
  if (!server) return state;
  const { [serverId]: _server, ...servers } = state.servers;
  const { [serverId]: _members, ...members } = state.members;
  const { [serverId]: _list, ...memberLists } = state.memberLists;
  const serverIds = state.serverIds.filter((id) => id !== serverId);
  const threadIds = threadIdsOf(state, serverId);
  return withoutChannels({ ...state, serverIds, servers, members, memberLists }, [...server.channelIds, ...threadIds]);
}

export function patchServer(state: ClientState, serverId: number, patch: Partial<ServerEntry>): ClientState {
  const server = state.servers[serverId];
  return server ? { ...state, servers: { ...state.servers, [serverId]: { ...server, ...patch } } } : state;
}

function putChannel(state: ClientState, channel: Channel): ClientState {
  if (!state.servers[channel.server_id]) return state;
  const known: ChannelEntry = state.channels[channel.id] ?? {
    ...channel,
    last_message_seq: 0,
    read_seq: 0,
    mention_count: 0,
  };
  // A category that is not known is one that the user does not see.
  const category_id = channel.category_id !== null && state.channels[channel.category_id] ? channel.category_id : null;
  return sorted(
    { ...state, channels: { ...state.channels, [channel.id]: { ...known, ...channel, category_id } } },
    channel.server_id,
    [channel.id],
  );
}

/** Events without order to each other bring the channel and its overrides; a channel that is unknown stays so. */
function changeChannel(state: ClientState, channel: Channel): ClientState {
  const known = state.channels[channel.id];
  return known ? withTagsOf(putChannel(state, { ...channel, overrides: known.overrides }), channel) : state;
}

type Added = Extract<MainEvent, { type: "channel_added" }>;

/** Of a channel that is shown already, what the user has read meanwhile stays, and a count of mentions as of later. */
function addChannel(state: ClientState, { channel, voice_states }: Added): ClientState {
  const shown = putChannel(state, channel);
  const known = state.channels[channel.id];
  if (!shown.channels[channel.id]) return state;
  const countedAt = state.countedAt[channel.id] ?? 0;
  const isBehind = known !== undefined && (isReadLater(known, channel) || countedAt > channel.last_message_seq);
  const read = isBehind ? known : channel;
  const last_message_seq = Math.max(channel.last_message_seq, known?.last_message_seq ?? 0);
  const { category_id } = shown.channels[channel.id]!;
  const entry = { ...withRead(channel, read), category_id, mention_count: read.mention_count, last_message_seq };
  const counted = Math.max(last_message_seq, countedAt);
  const added = {
    ...shown,
    channels: { ...shown.channels, [channel.id]: entry },
    countedAt: { ...shown.countedAt, [channel.id]: counted },
  };
  return showVoice(added, { channels: [entry], voice_states });
}

function changeOverrides(state: ClientState, channelId: number, overrides: ChannelOverride[]): ClientState {
  const channel = state.channels[channelId];
  return channel ? { ...state, channels: { ...state.channels, [channelId]: { ...channel, overrides } } } : state;
}

/** The state without these channels, private ones too, and what belongs to them: their threads as well. */
export function withoutChannels(state: ClientState, channelIds: readonly number[]): ClientState {
  if (channelIds.length === 0) return state;
  const gone = new Set(channelIds);
  for (const [id, { parent_id }] of Object.entries(state.threads)) if (gone.has(parent_id)) gone.add(Number(id));
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
    channels: outOf(gone, without(state.channels)),
    countedAt: without(state.countedAt),
    timelines: without(state.timelines),
    forums: without(state.forums),
    typing: without(state.typing),
    voice: without(state.voice),
    dms: without(state.dms),
    threads: without(state.threads),
  };
}

/** What was in a category that is gone is in none. */
function outOf(gone: ReadonlySet<number>, channels: ClientState["channels"]): ClientState["channels"] {
  const left = Object.values(channels).filter(({ category_id }) => category_id !== null && gone.has(category_id));
  if (left.length === 0) return channels;
  return { ...channels, ...Object.fromEntries(left.map((channel) => [channel.id, { ...channel, category_id: null }])) };
}

function reorder(state: ClientState, event: Extract<MainEvent, { type: "channels_reordered" }>): ClientState {
  const moved = event.channel_ids.flatMap((id, index) => {
    const channel = state.channels[id];
    return channel ? [[id, { ...channel, position: event.positions[index] ?? index }] as const] : [];
  });
  return sorted({ ...state, channels: { ...state.channels, ...Object.fromEntries(moved) } }, event.server_id, []);
}

function sorted(state: ClientState, serverId: number, added: readonly number[]): ClientState {
  const ids = new Set([...(state.servers[serverId]?.channelIds ?? []), ...added]);
  const channels = [...ids].flatMap((id) => state.channels[id] ?? []);
  return patchServer(state, serverId, { channelIds: inOrder(channels) });
}

function inOrder(channels: readonly Pick<Channel, "id" | "position">[]): number[] {
  return channels.toSorted((a, b) => a.position - b.position || a.id - b.id).map((channel) => channel.id);
}
