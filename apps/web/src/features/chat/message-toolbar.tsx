import type { Message } from "@miscord/protocol";
import { Ellipsis, Pencil, Reply, SmilePlus, Trash2 } from "lucide-react";
import { Toolbar } from "radix-ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { EmojiPopover } from "../emoji/emoji-popover.tsx";
import { useChat } from "./chat-context.ts";
import { closeReactions, useMessagePrompts } from "./message-prompts.ts";
import { useMessageMenu } from "./use-message-menu.tsx";

interface MessageToolbarProps {
  message: Message;
  /** A menu or the picker is open: the toolbar must stay. */
  onHold: (isHeld: boolean) => void;
}

/** At the upper edge of the message that is pointed at or has the focus. Arrow keys go from button to button. */
export function MessageToolbar({ message, onHold }: MessageToolbarProps) {
  const { t } = useTranslation("chat");
  const { meId, canManage, actions } = useChat();
  const isMine = message.author.id === meId;
  const entries = useMessageMenu(message);
  return (
    <Toolbar.Root aria-label={t("action.toolbar")} className={toolbarClass}>
      <ReactButton message={message} onHold={onHold} />
      <ToolButton label={t("action.reply")} icon={<Reply size={17} />} onClick={() => actions.reply(message)} />
      {isMine && (
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

/** Sticks to the upper edge of the list while its message reaches beyond it. */
const toolbarClass = "pointer-events-auto sticky top-1 -mt-4 flex rounded-md bg-overlay p-0.5 shadow-overlay";

function ToolButton(props: Parameters<typeof IconButton>[0]) {
  return (
    <Toolbar.Button asChild>
      <IconButton size="sm" {...props} />
    </Toolbar.Button>
  );
}

/** Opens by its own click, or by the menu's. */
function ReactButton({ message, onHold }: MessageToolbarProps) {
  const { t } = useTranslation("chat");
  const { actions } = useChat();
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
      onPick={(emoji) => actions.react(message.id, emoji, true)}
      trigger={<ToolButton label={t("action.react")} icon={<SmilePlus size={17} />} />}
    />
  );
}
