import { accessFacts, type ClientState, memberRights } from "@miscord/client";
import {
  type AccessFacts,
  can,
  channelPermissions,
  includes,
  intersection,
  permissionBits,
  serverPermissions,
} from "@miscord/rights";
import { useTranslation } from "react-i18next";
import { create } from "zustand";
import { useShallow } from "zustand/shallow";
import { useClientState } from "./client.ts";
import { forgetWithUser } from "./forget-with-user.ts";

/** With whose eyes the user looks at a server. */
export interface Viewed {
  readonly serverId: number;
  readonly kind: "role" | "member";
  readonly id: number;
}

const useView = create<{ viewed: Viewed | null }>(() => ({ viewed: null }));

forgetWithUser(stopViewing);

export function viewAs(viewed: Viewed): void {
  useView.setState({ viewed });
}

export function stopViewing(): void {
  useView.setState({ viewed: null });
}

/** Null unless the user looks at the server with the eyes of somebody else, and may do so. */
export function useViewed(serverId: number | null): Viewed | null {
  const viewed = useView((state) => (state.viewed?.serverId === serverId ? state.viewed : null));
  const isPossible = useClientState((state) => viewed !== null && subjectOf(state, viewed) !== null);
  return isPossible ? viewed : null;
}

/** A member who has just the role, or the member. Null when they are gone, or the user may not manage roles any more. */
function subjectOf(
  state: ClientState,
  { serverId, kind, id }: Viewed,
): { userId: number; roleIds: readonly number[] } | null {
  const own = accessFacts(state, serverId);
  const server = state.servers[serverId];
  if (!own || !server || !can(own, "manageRoles")) return null;
  if (kind === "role") return server.roles.some((role) => role.id === id) ? { userId: 0, roleIds: [id] } : null;
  const member = state.members[serverId]?.[id];
  return member ? { userId: id, roleIds: member.role_ids } : null;
}

/** As `accessFacts`, for the one with whose eyes the user looks: with nothing that the user does not have. */
export function viewedFacts(state: ClientState, viewed: Viewed, channelId?: number): AccessFacts | null {
  const { serverId } = viewed;
  const own = accessFacts(state, serverId, channelId);
  const subject = subjectOf(state, viewed);
  const server = state.servers[serverId];
  if (!own || !subject || !server) return null;
  const rights = memberRights(server, subject.userId, subject.roleIds);
  // A thread has the rights of its parent.
  const placeId = channelId === undefined ? 0 : (state.threads[channelId]?.parent_id ?? channelId);
  const channel = state.channels[placeId];
  const theirs = channel ? channelPermissions(rights, channel.overrides) : serverPermissions(rights);
  return {
    userId: subject.userId,
    ownerId: server.owner_id,
    isMember: true,
    isAdmin: false,
    permissions: intersection(theirs, own.permissions),
  };
}

/** The server's channels that the one with whose eyes the user looks does not see. */
export function useUnseenChannels(serverId: number): readonly number[] {
  const viewed = useViewed(serverId);
  return useClientState(
    useShallow((state) => {
      if (!viewed) return none;
      return (state.servers[serverId]?.channelIds ?? []).filter((id) => {
        const facts = viewedFacts(state, viewed, id);
        return facts !== null && !includes(facts.permissions, permissionBits.viewChannel);
      });
    }),
  );
}

const none: readonly number[] = [];

/** The name of the role or the member. */
export function useViewedName(viewed: Viewed | null): string {
  const { t } = useTranslation("rights");
  return useClientState((state) => {
    if (!viewed) return "";
    const { serverId, kind, id } = viewed;
    if (kind === "role" && id === state.servers[serverId]?.everyone_role_id) return t("roles.everyone");
    if (kind === "member") return state.members[serverId]?.[id]?.display_name ?? "";
    return state.servers[serverId]?.roles.find((role) => role.id === id)?.name ?? "";
  });
}
