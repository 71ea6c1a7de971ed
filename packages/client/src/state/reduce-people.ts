import type { MainEvent, Member, Status, User } from "@miscord/protocol";
import { withAuthor } from "./messages.ts";
import { updatePrivateUser } from "./reduce-private.ts";
import { patchServer } from "./reduce-servers.ts";
import type { ClientState, MemberEntry } from "./types.ts";

type MemberChange = Extract<MainEvent, { type: "member_joined" | "member_left" | "user_updated" }>;

export function reduceMembers(state: ClientState, event: MemberChange): ClientState {
  switch (event.type) {
    case "member_joined":
      return addMember(state, event.server_id, event.member);
    case "member_left":
      return removeMember(state, event.server_id, event.user_id);
    case "user_updated":
      return updatePrivateUser(updateUser(state, event.user), event.user);
  }
}

export function reducePresence(state: ClientState, events: readonly MainEvent[]): ClientState {
  const changed: Record<number, Status> = {};
  for (const event of events) {
    if (event.type === "user_status_changed") changed[event.user_id] = event.status;
  }
  return Object.keys(changed).length === 0 ? state : { ...state, presence: { ...state.presence, ...changed } };
}

export function showMembers(state: ClientState, serverId: number, members: readonly Member[]): ClientState {
  if (!state.servers[serverId]) return state;
  const byId = Object.fromEntries(members.map((member) => [member.id, entryOf(member)]));
  const presence = Object.fromEntries(members.map((member) => [member.id, member.status]));
  const shown = {
    ...state,
    members: { ...state.members, [serverId]: byId },
    presence: { ...state.presence, ...presence },
  };
  return patchServer(shown, serverId, { member_count: members.length });
}

function addMember(state: ClientState, serverId: number, member: Member): ClientState {
  const presence = { ...state.presence, [member.id]: member.status };
  const known = state.members[serverId];
  if (known) return withMembers({ ...state, presence }, serverId, { ...known, [member.id]: entryOf(member) });
  // The `member_count` of `server_joined` already includes the user themselves.
  const added = member.id === state.session.me?.id ? 0 : 1;
  const count = state.servers[serverId]?.member_count ?? 0;
  return patchServer({ ...state, presence }, serverId, { member_count: count + added });
}

function removeMember(state: ClientState, serverId: number, userId: number): ClientState {
  const known = state.members[serverId];
  if (known) {
    const { [userId]: _left, ...members } = known;
    return withMembers(state, serverId, members);
  }
  const count = state.servers[serverId]?.member_count ?? 1;
  return patchServer(state, serverId, { member_count: count - 1 });
}

function withMembers(
  state: ClientState,
  serverId: number,
  members: Readonly<Record<number, MemberEntry>>,
): ClientState {
  const shown = { ...state, members: { ...state.members, [serverId]: members } };
  return patchServer(shown, serverId, { member_count: Object.keys(members).length });
}

/** `user_updated` arrives once for each shared server; applying it again changes nothing. */
function updateUser(state: ClientState, user: User): ClientState {
  const members = mapValues(state.members, (known) => {
    const member = known[user.id];
    return member ? { ...known, [user.id]: { ...member, ...user } } : known;
  });
  const timelines = mapValues(state.timelines, (timeline) => {
    const messages = withAuthor(timeline.messages, user);
    const pins = timeline.pins && withAuthor(timeline.pins, user);
    const isSame = messages === timeline.messages && pins === timeline.pins;
    return isSame ? timeline : { ...timeline, messages, pins };
  });
  const notifications = state.inbox.notifications.map((notification) =>
    notification.actor.id === user.id ? { ...notification, actor: user } : notification,
  );
  return { ...state, members, timelines, inbox: { ...state.inbox, notifications } };
}

function mapValues<T>(record: Readonly<Record<number, T>>, change: (value: T) => T): Readonly<Record<number, T>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function entryOf({ status: _status, ...entry }: Member): MemberEntry {
  return entry;
}
