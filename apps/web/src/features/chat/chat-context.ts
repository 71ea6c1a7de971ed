import { createContext, use } from "react";
import type { MentionOf } from "../markdown/markdown.tsx";
import type { MentionTarget } from "../markdown/mention-chip.tsx";
import type { MessageActions } from "./use-message-actions.ts";

/** What every row needs. Changes when a user joins or is renamed, not with each message. */
export interface Chat {
  /** Null in a private channel. */
  serverId: number | null;
  channelId: number;
  meId: number;
  /** Whether the user may delete messages of others. */
  canManage: boolean;
  canPin: boolean;
  canReact: boolean;
  canWrite: boolean;
  canThread: boolean;
  mentionOf: MentionOf;
  /** A role as a mention shows it; null for one that is gone. */
  roleOf: (id: number) => MentionTarget | null;
  /** Display name of a user; undefined for users who have left the server. */
  nameOf: (userId: number) => string | undefined;
  /** Whether the user hides this one. */
  isBlocked: (userId: number) => boolean;
  actions: MessageActions;
}

export const ChatContext = createContext<Chat | null>(null);

export function useChat(): Chat {
  const chat = use(ChatContext);
  if (!chat) throw new Error("useChat needs a ChatProvider above it");
  return chat;
}
