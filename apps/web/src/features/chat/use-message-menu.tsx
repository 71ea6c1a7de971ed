import type { Message } from "@miscord/protocol";
import {
  Copy,
  Ellipsis,
  EyeOff,
  Flag,
  Link2,
  ListChecks,
  MessagesSquare,
  Pencil,
  Pin,
  PinOff,
  Reply,
  SendHorizontal,
  SmilePlus,
  Trash2,
} from "lucide-react";
import { useTranslation } from "react-i18next";
import { openDialog } from "../../core/dialog-store.ts";
import type { MenuEntry } from "../../ui/menu-item.ts";
import { isEditable } from "../composer/editing.ts";
import { useChat } from "./chat-context.ts";
import { startSelecting } from "./message-prompts.ts";

/** The menu of a message, for the toolbar and for a right click. */
export function useMessageMenu(message: Message | null): readonly MenuEntry[] {
  const { t } = useTranslation("chat");
  const { meId, canManage, canPin, canReact, canWrite, canThread, actions } = useChat();
  const reading = useReading(message);
  if (!message) return [];
  const [isPinned, isMine] = [message.pinned_at !== undefined, message.author.id === meId];
  // What holds for the calls of a conversation stays in its history.
  const [isText, canDelete] = [!message.call && !message.notice, (isMine || canManage) && !message.call?.encryption];
  return [
    canReact && {
      label: t("action.react"),
      icon: <SmilePlus size={16} />,
      onSelect: () => actions.pickReaction(message),
    },
    canWrite &&
      isText && { label: t("action.reply"), icon: <Reply size={16} />, onSelect: () => actions.reply(message) },
    isMine &&
      canWrite &&
      isEditable(message) && {
        label: t("action.edit"),
        icon: <Pencil size={16} />,
        onSelect: () => actions.edit(message),
      },
    isText && {
      label: t("action.forward"),
      icon: <SendHorizontal size={16} />,
      onSelect: () => openDialog({ kind: "forward", message }),
    },
    canPin &&
      isText && {
        label: t(isPinned ? "action.unpin" : "action.pin"),
        icon: isPinned ? <PinOff size={16} /> : <Pin size={16} />,
        onSelect: () => actions.pin(message, !isPinned),
      },
    ((canThread && isText) || message.thread) && {
      label: t(message.thread ? "action.openThread" : "action.thread"),
      icon: <MessagesSquare size={16} />,
      onSelect: () => actions.thread(message),
    },
    "separator",
    ...reading,
    canManage && {
      label: t("action.select"),
      icon: <ListChecks size={16} />,
      onSelect: () => startSelecting(message),
    },
    !isMine && {
      label: t("action.report"),
      icon: <Flag size={16} />,
      onSelect: () => openDialog({ kind: "report", subject: { kind: "message", message } }),
    },
    furtherOf(message, t("action.further")),
    canDelete && "separator",
    canDelete && {
      label: t("action.delete"),
      icon: <Trash2 size={16} />,
      danger: true,
      onSelect: () => actions.remove(message, false),
    },
  ];
}

/** What is done now and then is in a dialog of its own. */
function furtherOf(message: Message, label: string): MenuEntry {
  return {
    label,
    icon: <Ellipsis size={16} />,
    onSelect: () => openDialog({ kind: "message-tools", channelId: message.channel_id, message }),
  };
}

/** What everybody who sees a message may do with it. */
function useReading(message: Message | null): readonly MenuEntry[] {
  const { t } = useTranslation("chat");
  const { actions } = useChat();
  if (!message) return [];
  return [
    message.content !== "" && {
      label: t("action.copyText"),
      icon: <Copy size={16} />,
      onSelect: () => actions.copyText(message),
    },
    { label: t("action.copyLink"), icon: <Link2 size={16} />, onSelect: () => actions.copyLink(message) },
    {
      label: t("action.markUnread"),
      icon: <EyeOff size={16} />,
      onSelect: () => actions.markUnread(message),
    },
  ];
}
