import type { MainEvent, Member, User } from "@miscord/protocol";
import { withAuthor } from "./messages.ts";
import { updatePrivateUser } from "./reduce-private.ts";
import { addMembers, countMembers, dropMembers, named } from "./reduce-members.ts";
import { withPresence } from "./presence.ts";
import type { ClientState } from "./types.ts";

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
  const changes = events.filter((event) => event.type === "user_status_changed");
  if (changes.length === 0) return state;
  return withPresence(
    state,
    changes.map((change) => ({ ...change, id: change.user_id })),
  );
}

function addMember(state: ClientState, serverId: number, member: Member): ClientState {
  // The `member_count` of `server_joined` already includes the user themselves.
  const added = member.id === state.session.me?.id ? 0 : 1;
  return countMembers(addMembers(state, serverId, [member]), serverId, added);
}

function removeMember(state: ClientState, serverId: number, userId: number): ClientState {
  return countMembers(dropMembers(state, serverId, [userId]), serverId, -1);
}

/** `user_updated` arrives once for each shared server; applying it again changes nothing. */
function updateUser(state: ClientState, user: User): ClientState {
  const members = mapValues(state.members, (known) => {
    const member = known[user.id];
    return member ? { ...known, [user.id]: named({ ...member, ...user, account_name: user.display_name }) } : known;
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
