import type { ClientState } from "@miscord/client";
import type { User } from "@miscord/protocol";
import { useEffect, useMemo } from "react";
import { useClient, useClientState } from "./client.ts";
import { nameOf } from "./name-of.ts";

type People = Readonly<Record<number, User>>;

/** The people of a channel by id: members of its server, undefined until they are loaded, or of a private channel. */
export function usePeople(serverId: number | null, channelId: number): People | undefined {
  const members = useClientState((state) => (serverId === null ? undefined : state.members[serverId]));
  const recipients = useClientState((state) => state.dms[channelId]?.recipients);
  return useMemo(
    () => (serverId === null ? Object.fromEntries((recipients ?? []).map((user) => [user.id, user])) : members),
    [serverId, members, recipients],
  );
}

/** Somebody as they are now, under the name that they have in the server of the channel. */
export function usePersonIn<Person extends Pick<User, "id" | "display_name" | "avatar_url">>(
  channelId: number,
  person: Person,
): Person {
  const client = useClient();
  const { id } = person;
  const serverId = useClientState((state) => state.channels[channelId]?.server_id ?? null);
  const known = useClientState(({ members, dms }) =>
    serverId === null ? dms[channelId]?.recipients.find((one) => one.id === id) : members[serverId]?.[id],
  );
  useEffect(() => {
    if (serverId !== null) client.knowMembers(serverId, [id]);
  }, [client, serverId, id]);
  return known ? { ...person, display_name: known.display_name, avatar_url: known.avatar_url } : person;
}

/** The people of a private channel besides the user. */
export function othersIn(state: Pick<ClientState, "dms" | "session">, channelId: number): readonly User[] {
  return (state.dms[channelId]?.recipients ?? []).filter(({ id }) => id !== state.session.me?.id);
}

/** The name under which the user knows a private channel: its own, or those of the others. */
export function dmName(state: Pick<ClientState, "dms" | "session">, channelId: number): string {
  const names = othersIn(state, channelId).map(nameOf);
  return state.dms[channelId]?.name ?? (names.length > 0 ? names.join(", ") : (state.session.me?.display_name ?? ""));
}

/** The name of a channel of a server, with its sign, of a thread, which has none, or of a private channel. */
export function channelName(
  state: Pick<ClientState, "channels" | "dms" | "session" | "threads">,
  channelId: number,
): string {
  if (channelId in state.dms) return dmName(state, channelId);
  const { name = "?", type } = state.channels[channelId] ?? {};
  return channelId in state.threads || type === "forum" ? name : `#${name}`;
}

/** Ids of the private channels, the one that was written in last first. */
export function dmIds({ dms }: Pick<ClientState, "dms">): number[] {
  return Object.keys(dms)
    .map(Number)
    .toSorted((a, b) => dms[b]!.last_message_at.localeCompare(dms[a]!.last_message_at) || b - a);
}

/** Ids of those whom the user has blocked. */
export function useBlocked(): ReadonlySet<number> {
  const relationships = useClientState((state) => state.relationships);
  return useMemo(
    () =>
      new Set(
        Object.values(relationships)
          .filter(({ kind }) => kind === "blocked")
          .map(({ user }) => user.id),
      ),
    [relationships],
  );
}
