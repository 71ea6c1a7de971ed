import { inheritedSetting, type Inbox, type MainEvent, type Member, type ServerState } from "@miscord/protocol";
import { addServer } from "../state/reduce-servers.ts";
import { idsGone } from "../state/removed-notifications.ts";
import type { ClientState } from "../state/types.ts";
import { isReadLater, withRead } from "../state/read-order.ts";

/** The events that turn the present state into the fetched one. */
export function accountDifferences(state: ClientState, servers: readonly ServerState[], inbox: Inbox): MainEvent[] {
  const present = new Set(servers.map(({ id }) => id));
  return [
    ...state.serverIds
      .filter((id) => !present.has(id))
      .map((id): MainEvent => {
        return { type: "server_left", server_id: id, server_name: state.servers[id]?.name ?? "", reason: "left" };
      }),
    ...servers
      .map((server) => keepNewerLocal(state, server))
      .filter((server) => differs(state, server))
      .map((server): MainEvent => ({ type: "server_joined", server })),
    ...inboxDifferences(state, inbox),
  ];
}

interface FetchedMembers {
  members: readonly Member[];
  /** Whose ids were asked for. */
  asked: readonly number[];
  /** Whether those who were not known have joined. */
  joined: boolean;
}

/** As events, what changed in some members of a server. */
export function memberDifferences(
  state: ClientState,
  serverId: number,
  { members, asked, joined }: FetchedMembers,
): MainEvent[] {
  const known = state.members[serverId] ?? {};
  const arrived = members.filter(({ id }) => joined && !known[id]);
  const present = new Set(members.map(({ id }) => id));
  const left = asked.flatMap((id) => (present.has(id) ? [] : (known[id] ?? [])));
  return [
    ...arrived.map((member): MainEvent => ({ type: "member_joined", server_id: serverId, member })),
    ...left.map(({ id, username }): MainEvent => memberLeft(serverId, id, username)),
    ...members.flatMap((member) => profileDifference(state, serverId, member)),
    ...members.flatMap((member) => roleDifference(state, serverId, member)),
  ];
}

/** The reason is always `left`: version 1 does not carry it. */
export function memberLeft(serverId: number, userId: number, username: string): MainEvent {
  return { type: "member_left", server_id: serverId, user_id: userId, username, reason: "left" };
}

function profileDifference(state: ClientState, serverId: number, member: Member): MainEvent[] {
  const known = state.members[serverId]?.[member.id];
  const { id, username, display_name, avatar_url, avatar_color } = member;
  const isSame =
    known?.account_name === display_name && known.avatar_url === avatar_url && known.avatar_color === avatar_color;
  if (!known || isSame) return [];
  return [
    { type: "user_updated", server_id: serverId, user: { id, username, display_name, avatar_url, avatar_color } },
  ];
}

function roleDifference(state: ClientState, serverId: number, member: Member): MainEvent[] {
  const { id, role_ids, timed_out_until, nickname } = member;
  const known = state.members[serverId]?.[id];
  const isSame =
    known?.role_ids.join() === role_ids.join() &&
    known.timed_out_until === timed_out_until &&
    known.nickname === nickname;
  if (!known || isSame) return [];
  return [{ type: "member_updated", server_id: serverId, user_id: id, role_ids, timed_out_until, nickname }];
}

/** Keeps read and message positions of the state that are ahead of the response. */
function keepNewerLocal(state: ClientState, server: ServerState): ServerState {
  const channels = server.channels.map((channel) => {
    const known = state.channels[channel.id];
    if (!known) return channel;
    const last_message_seq = Math.max(channel.last_message_seq, known.last_message_seq);
    const read = isReadLater(known, channel) ? known : channel;
    return { ...withRead(channel, read), last_message_seq, mention_count: read.mention_count };
  });
  return { ...server, channels };
}

function differs(state: ClientState, server: ServerState): boolean {
  return viewOf(state, server.id) !== viewOf(addServer(state, server), server.id);
}

function viewOf({ servers, channels, voice }: ClientState, serverId: number): string {
  const entry = servers[serverId];
  return JSON.stringify([entry, entry?.channelIds.map((id) => [channels[id], voice[id]])]);
}

function inboxDifferences(
  { inbox: known }: ClientState,
  { notifications, has_more: hasMore, setting }: Inbox,
): MainEvent[] {
  if (!known.loaded) return [];
  const byId = new Map(known.notifications.map((notification) => [notification.id, notification]));
  // Notifications older than the loaded ones are not reported.
  const newestId = known.notifications[0]?.id ?? 0;
  const isAnyGone = idsGone(known.notifications, notifications, hasMore).length > 0;
  const read = notifications.filter(({ id, is_read }) => is_read && byId.get(id)?.is_read === false);
  const isSameSetting = JSON.stringify(known.setting) === JSON.stringify(setting);
  const level = { scope: "account", setting: setting ?? inheritedSetting };
  return [
    ...(isSameSetting ? [] : [{ type: "notification_level_updated" as const, ...level }]),
    ...notifications
      .filter(({ id }) => id > newestId)
      .toReversed()
      .map((data): MainEvent => ({ type: "notification", data })),
    ...(read.length > 0 ? [{ type: "notifications_read" as const, ids: read.map(({ id }) => id) }] : []),
    // The page may also be older than the state, so what is gone is not concluded from it but loaded.
    ...(isAnyGone ? [{ type: "resync" as const, timestamp: 0 }] : []),
  ];
}
