import type { MainEvent, Member } from "@miscord/protocol";
import { withPresence } from "./presence.ts";
import { patchServer } from "./reduce-servers.ts";
import type { ClientState, MemberEntry, MemberListState } from "./types.ts";

type ListEvent = Extract<MainEvent, { type: "member_list" }>;

/** Pages that are not shown any more when they arrive are left out: nothing would keep them up to date. */
export function reduceMemberList(state: ClientState, event: ListEvent): ClientState {
  const list = state.memberLists[event.server_id];
  if (!list?.wanted.includes(event.page)) return state;
  const pages = { ...list.pages, [event.page]: event.rows.map(({ id }) => id) };
  const member_count = event.groups.reduce((total, { count }) => total + count, 0);
  return {
    ...withPresence(patchServer(state, event.server_id, { member_count }), event.rows),
    memberLists: { ...state.memberLists, [event.server_id]: { ...list, pages, groups: event.groups } },
  };
}

/**
 * The server with one member more or fewer. Where its list is shown, the list tells the count: what is loaded may contain a
 * member whose event comes later, and the event cannot say so.
 */
export function countMembers(state: ClientState, serverId: number, added: number): ClientState {
  const server = state.servers[serverId];
  if (!server || state.memberLists[serverId]?.groups.length) return state;
  return patchServer(state, serverId, { member_count: server.member_count + added });
}

/** The pages of the server's list that are wanted from now on; without any its list is forgotten. */
export function wantPages(state: ClientState, serverId: number, wanted: readonly number[]): ClientState {
  const { [serverId]: list, ...others } = state.memberLists;
  if (wanted.length === 0) return list ? { ...state, memberLists: others } : state;
  const pages = Object.fromEntries(Object.entries(list?.pages ?? {}).filter(([page]) => wanted.includes(Number(page))));
  const changed: MemberListState = { groups: list?.groups ?? [], pages, wanted };
  return { ...state, memberLists: { ...others, [serverId]: changed } };
}

/**
 * Adds members to those that are known, in place of what was known of them. The status of those on pages that are shown
 * stays: it comes with the pages.
 */
export function addMembers(state: ClientState, serverId: number, members: readonly Member[]): ClientState {
  if (!state.servers[serverId]) return state;
  const byId = Object.fromEntries(members.map((member) => [member.id, entryOf(member)]));
  const shown = new Set(Object.values(state.memberLists[serverId]?.pages ?? {}).flat());
  const others = members.filter(({ id }) => !shown.has(id));
  return {
    ...withPresence(state, others),
    members: { ...state.members, [serverId]: { ...state.members[serverId], ...byId } },
  };
}

/** Forgets those of the users whom it knew as members. */
export function dropMembers(state: ClientState, serverId: number, userIds: readonly number[]): ClientState {
  const known = state.members[serverId];
  if (!known || !userIds.some((id) => known[id])) return state;
  const kept = Object.fromEntries(Object.entries(known).filter(([id]) => !userIds.includes(Number(id))));
  return { ...state, members: { ...state.members, [serverId]: kept } };
}

export function entryOf({ status: _status, custom_status: _custom, ...entry }: Member): MemberEntry {
  return named({ ...entry, account_name: entry.display_name });
}

/** With the nickname as display name, or without one that of the account. */
export function named(entry: MemberEntry): MemberEntry {
  return { ...entry, display_name: entry.nickname ?? entry.account_name };
}
