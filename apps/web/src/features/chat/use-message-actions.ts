import { limits, previewText, type Message } from "@miscord/protocol";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClient } from "../../core/client.ts";
import { openDialog } from "../../core/dialog-store.ts";
import { withRoles } from "../../core/role-mentions.ts";
import { paths } from "../../core/paths.ts";
import { useCopy } from "../../core/use-copy.ts";
import { useDescribeError } from "../../core/describe-error.ts";
import { useToast } from "../../ui/toast.tsx";
import { startReply } from "../composer/drafts.ts";
import { startEditing } from "../composer/editing.ts";
import { holdUnread } from "./held-unread.ts";
import { jumpWithin } from "./jump.ts";
import { askToDelete, openReactions } from "./message-prompts.ts";

export interface MessageActions {
  jumpTo: (messageId: number) => void;
  jumpToPresent: () => void;
  react: (messageId: number, emoji: string, on: boolean) => void;
  pickReaction: (message: Message) => void;
  reply: (message: Message) => void;
  edit: (message: Message) => void;
  /** Deletes the message; asks first unless `isSure`. */
  remove: (message: Message, isSure: boolean) => void;
  pin: (message: Message, on: boolean) => void;
  /** Opens the message's thread, or asks for the name of a new one. */
  thread: (message: Message) => void;
  copyText: (message: Message) => void;
  copyLink: (message: Message) => void;
  /** Makes the message, and what follows it, unread until the channel is left. */
  markUnread: (message: Message) => void;
}

/** Actions on the messages of a channel. Failures are shown as toasts. The result is memoised. */
export function useMessageActions(channelId: number): MessageActions {
  const client = useClient();
  const copy = useCopy();
  const toast = useToast();
  const describe = useDescribeError();
  const { t } = useTranslation("chat");
  const [, navigate] = useLocation();
  return useMemo(() => {
    const attempt = (work: Promise<unknown>) =>
      void work.catch((error: unknown) => toast({ title: describe(error), tone: "danger" }));
    async function jumpTo(messageId: number): Promise<void> {
      if (await client.jumpTo(channelId, messageId)) jumpWithin(channelId, messageId);
      else toast({ title: t("list.messageGone") });
    }
    async function jumpToPresent(): Promise<void> {
      await client.jumpToPresent(channelId);
      jumpWithin(channelId, "present");
    }
    return {
      jumpToPresent: () => attempt(jumpToPresent()),
      jumpTo: (messageId) => attempt(jumpTo(messageId)),
      react: (messageId, emoji, on) => attempt(client.setReaction(messageId, emoji, on)),
      pickReaction: ({ id }) => openReactions(id),
      reply: (message) => startReply(channelId, message),
      edit: ({ id }) => startEditing(channelId, id),
      remove: (message, isSure) => (isSure ? attempt(client.deleteMessage(message.id)) : askToDelete(message)),
      pin: (message, on) => attempt(client.setPin(message, on)),
      thread: ({ id, server_id, content, thread }) =>
        thread
          ? navigate(paths.channelOf({ id: thread.id, server_id }))
          : openDialog({ kind: "create-thread", channelId, messageId: id, name: titleOf(content) }),
      copyText: ({ content }) => void copy(withRoles(content)),
      markUnread(message) {
        holdUnread(channelId);
        attempt(import("./tools/message-tools.ts").then(({ markUnread }) => markUnread(client, message)));
      },
      copyLink: ({ id, server_id }) => void copy(location.origin + paths.message(server_id, channelId, id)),
    };
  }, [client, channelId, copy, toast, describe, navigate, t]);
}

/** The beginning of a message, as a name for its thread. */
function titleOf(content: string): string {
  const text = withRoles(previewText(content));
  return text.length > limits.channelNameLength ? `${text.slice(0, 50).trimEnd()}…` : text;
}
