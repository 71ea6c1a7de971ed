import { createContext, use } from "react";
import type { MentionOf } from "../markdown/markdown.tsx";
import type { MessageActions } from "./use-message-actions.ts";

/** What every row needs and none should have to select: it changes when somebody joins or is renamed, not with messages. */
export interface Chat {
  serverId: number;
  channelId: number;
  meId: number;
  /** May delete what others wrote. */
  canManage: boolean;
  mentionOf: MentionOf;
  /** Undefined for people who have left. */
  nameOf: (userId: number) => string | undefined;
  actions: MessageActions;
}

export const ChatContext = createContext<Chat | null>(null);

export function useChat(): Chat {
  const chat = use(ChatContext);
  if (!chat) throw new Error("useChat needs a ChatProvider above it");
  return chat;
}
