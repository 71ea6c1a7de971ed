import { foldName } from "@miscord/text";
import { type ReactNode, useEffect, useMemo } from "react";
import { useClient, useClientState, useMe } from "../../core/client.ts";
import { openCard } from "../../core/dialog-store.ts";
import type { MentionOf } from "../markdown/markdown.tsx";
import { useBlocked, usePeople } from "../../core/people.ts";
import { useCan } from "../../core/use-can.ts";
import { ChatContext, type Chat } from "./chat-context.ts";
import { useMessageActions } from "./use-message-actions.ts";

interface ChatProviderProps {
  serverId: number | null;
  channelId: number;
  children: ReactNode;
}

export function ChatProvider({ serverId, channelId, children }: ChatProviderProps) {
  const { id: meId } = useMe();
  const canManage = useCan(serverId, "manageMessages", channelId);
  const canPin = useCan(serverId, "pinMessages", channelId);
  const canReact = useCan(serverId, "addReactions", channelId);
  const canWrite = useCan(serverId, "sendMessages", channelId);
  const isText = useClientState((state) => state.channels[channelId]?.type === "text");
  const canThread = useCan(serverId, "createPublicThreads", channelId) && isText;
  const actions = useMessageActions(channelId);
  const people = useNames(serverId, channelId, meId);
  const roleOf = useRoleOf(serverId);
  const blocked = useBlocked();
  const chat = useMemo(
    () => ({
      serverId,
      channelId,
      meId,
      canManage,
      canPin,
      canReact,
      canWrite,
      canThread,
      actions,
      ...people,
      roleOf,
      isBlocked: (userId: number) => blocked.has(userId),
    }),
    [serverId, channelId, meId, canManage, canPin, canReact, canWrite, canThread, actions, people, roleOf, blocked],
  );
  return <ChatContext value={chat}>{children}</ChatContext>;
}

function useRoleOf(serverId: number | null): Chat["roleOf"] {
  const server = useClientState((state) => state.servers[serverId ?? 0]);
  const { roles, role_ids: ownIds } = server ?? {};
  return useMemo(
    () => (id) => {
      const role = roles?.find((one) => one.id === id);
      return role ? { label: role.name, color: role.color, isMe: ownIds?.includes(id) ?? false } : null;
    },
    [roles, ownIds],
  );
}

/** More names of those who reacted are not shown. */
const namedOfReaction = 20;

/** Looks up members by username and by id. Names that are not loaded yet are shown as typed. */
function useNames(serverId: number | null, channelId: number, meId: number) {
  const client = useClient();
  const members = usePeople(serverId, channelId);
  const online = useClientState((state) => state.connection.status === "online");
  const messages = useClientState((state) => state.timelines[channelId]?.messages);
  const typing = useClientState((state) => state.typing[channelId]);
  useEffect(() => {
    if (!online || serverId === null) return;
    const people = (messages ?? []).flatMap(({ author, mentions, reactions }) => [
      author.id,
      ...mentions,
      ...reactions.flatMap((reaction) => reaction.user_ids.slice(0, namedOfReaction)),
    ]);
    client.knowMembers(serverId, [meId, ...people, ...Object.keys(typing ?? {}).map(Number)]);
  }, [client, serverId, online, meId, messages, typing]);
  return useMemo(() => {
    const byName = new Map(Object.values(members ?? {}).map((member) => [foldName(member.username), member]));
    const mentionOf: MentionOf = (name) => {
      const member = byName.get(foldName(name));
      if (!member) return null;
      const { id, display_name: label } = member;
      return { id, label, isMe: id === meId, onOpen: () => openCard(serverId, member) };
    };
    return { mentionOf, nameOf: (userId: number) => members?.[userId]?.display_name };
  }, [serverId, members, meId]);
}
