import type { MainEvent, Role } from "@miscord/protocol";
import { named } from "./reduce-members.ts";
import { patchServer } from "./reduce-servers.ts";
import type { ClientState, MemberEntry } from "./types.ts";

type RoleChange = Extract<
  MainEvent,
  { type: "role_created" | "role_updated" | "role_deleted" | "roles_reordered" | "member_updated" }
>;

export function reduceRoles(state: ClientState, event: RoleChange): ClientState {
  switch (event.type) {
    case "role_created":
    case "role_updated":
      return changeRoles(state, event.server_id, (roles) => [
        ...roles.filter(({ id }) => id !== event.role.id),
        event.role,
      ]);
    case "role_deleted":
      return deleteRole(state, event.server_id, event.role_id);
    case "roles_reordered": {
      const positions = new Map(event.role_ids.map((id, position) => [id, position]));
      return changeRoles(state, event.server_id, (roles) =>
        roles.map((role) => ({ ...role, position: positions.get(role.id) ?? role.position })),
      );
    }
    case "member_updated":
      return changeMember(state, event);
  }
}

function changeRoles(
  state: ClientState,
  serverId: number,
  change: (roles: readonly Role[]) => readonly Role[],
): ClientState {
  const server = state.servers[serverId];
  if (!server) return state;
  const roles = change(server.roles).toSorted((a, b) => a.position - b.position || a.id - b.id);
  return patchServer(state, serverId, { roles });
}

/** The roles above move down, and whoever had the role has it no longer. */
function deleteRole(state: ClientState, serverId: number, roleId: number): ClientState {
  const left = changeRoles(state, serverId, (roles) =>
    roles.filter(({ id }) => id !== roleId).map((role, position) => ({ ...role, position })),
  );
  const without = (roleIds: readonly number[]) => roleIds.filter((id) => id !== roleId);
  const userIds = Object.keys(state.members[serverId] ?? {}).map(Number);
  const me = state.session.me?.id;
  const concerned = new Set(me === undefined ? userIds : [...userIds, me]);
  return [...concerned].reduce((current, userId) => setRoles(current, serverId, userId, without), left);
}

function changeMember(state: ClientState, event: Extract<RoleChange, { type: "member_updated" }>): ClientState {
  const { server_id: serverId, user_id: userId, role_ids, timed_out_until, nickname } = event;
  const isOwn = userId === state.session.me?.id;
  const own = isOwn ? patchServer(state, serverId, { role_ids, timed_out_until }) : state;
  return patchMember(own, serverId, userId, { role_ids, timed_out_until, nickname });
}

function patchMember(state: ClientState, serverId: number, userId: number, patch: Partial<MemberEntry>): ClientState {
  const members = state.members[serverId];
  const member = members?.[userId];
  if (!members || !member) return state;
  return {
    ...state,
    members: { ...state.members, [serverId]: { ...members, [userId]: named({ ...member, ...patch }) } },
  };
}

function setRoles(
  state: ClientState,
  serverId: number,
  userId: number,
  change: (roleIds: readonly number[]) => number[],
): ClientState {
  const server = state.servers[serverId];
  const isOwn = userId === state.session.me?.id;
  const own = isOwn && server ? patchServer(state, serverId, { role_ids: change(server.role_ids) }) : state;
  const member = own.members[serverId]?.[userId];
  return member ? patchMember(own, serverId, userId, { role_ids: change(member.role_ids) }) : own;
}
