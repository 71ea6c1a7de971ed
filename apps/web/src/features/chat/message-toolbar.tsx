import type { Message } from "@miscord/protocol";
import { Ellipsis, Pencil, Reply, SmilePlus, Trash2 } from "lucide-react";
import { Toolbar } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { isEditable } from "../composer/editing.ts";
import { EmojiPopover } from "../emoji/emoji-popover.tsx";
import { useChat } from "./chat-context.ts";
import { closeReactions, useMessagePrompts } from "./message-prompts.ts";
import { useMessageMenu } from "./use-message-menu.tsx";

interface MessageToolbarProps {
  message: Message;
  /** Called with true while a menu or the picker is open, so that the toolbar stays mounted. */
  onHold: (isHeld: boolean) => void;
}

/** Buttons at the upper edge of the hovered or focused message. Arrow keys move between them. */
export function MessageToolbar({ message, onHold }: MessageToolbarProps) {
  const { t } = useTranslation("chat");
  const { meId, canManage, canReact, canWrite, actions } = useChat();
  const isMine = message.author.id === meId;
  const entries = useMessageMenu(message);
  return (
    <Toolbar.Root aria-label={t("action.toolbar")} className={toolbarClass}>
      {canReact && <ReactButton message={message} onHold={onHold} />}
      {canWrite && (
        <ToolButton label={t("action.reply")} icon={<Reply size={17} />} onClick={() => actions.reply(message)} />
      )}
      {isMine && canWrite && isEditable(message) && (
        <ToolButton label={t("action.edit")} icon={<Pencil size={16} />} onClick={() => actions.edit(message)} />
      )}
      {(isMine || canManage) && (
        <ToolButton
          danger
          label={t("action.delete")}
          icon={<Trash2 size={16} />}
          onClick={(event) => actions.remove(message, event.shiftKey)}
        />
      )}
      <Menu
        align="end"
        entries={entries}
        onOpenChange={onHold}
        trigger={<ToolButton label={t("action.more")} icon={<Ellipsis size={17} />} />}
      />
    </Toolbar.Root>
  );
}

/** Sticks to the upper edge of the list while a tall message extends beyond it. */
const toolbarClass = "pointer-events-auto sticky top-1 -mt-4 flex rounded-md bg-overlay p-0.5 shadow-overlay";

function ToolButton(props: Parameters<typeof IconButton>[0]) {
  return (
    <Toolbar.Button asChild>
      <IconButton size="sm" {...props} />
    </Toolbar.Button>
  );
}

/** The reaction picker, opened by its button or from the message's menu. */
function ReactButton({ message, onHold }: MessageToolbarProps) {
  const { t } = useTranslation("chat");
  const { serverId, channelId, actions } = useChat();
  const [isOpen, setOpen] = useState(false);
  const isAsked = useMessagePrompts((prompts) => prompts.reactingTo === message.id);
  function change(open: boolean): void {
    setOpen(open);
    onHold(open);
    if (!open && isAsked) closeReactions();
  }
  return (
    <EmojiPopover
      side="left"
      align="end"
      open={isOpen || isAsked}
      onOpenChange={change}
      {...{ serverId, channelId }}
      onPick={(emoji) => actions.react(message.id, emoji, true)}
      trigger={<ToolButton label={t("action.react")} icon={<SmilePlus size={17} />} />}
    />
  );
}
