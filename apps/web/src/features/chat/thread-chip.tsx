import type { Message } from "@miscord/protocol";
import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { showsUnread } from "../../core/unread.ts";
import { useOpenThread } from "../../core/use-open-thread.ts";
import { cx } from "../../ui/cx.ts";

interface ThreadChipProps {
  message: Message;
  thread: NonNullable<Message["thread"]>;
  isActive: boolean;
}

/** The way to the thread that was started from the message. */
export function ThreadChip({ message: { server_id }, thread: { id, name }, isActive }: ThreadChipProps) {
  const { t } = useTranslation("chat");
  const isUnread = useClientState((state) => showsUnread(state, id));
  const open = useOpenThread();
  return (
    <Link
      href={paths.channelOf({ id, server_id })}
      onClick={(event) => open(event, { id, server_id })}
      tabIndex={isActive ? 0 : -1}
      className={cx(
        "mt-1 flex w-fit max-w-full items-center gap-1.5 rounded-md bg-sunken px-2 py-1 text-sm text-link hover:bg-hover",
        isUnread && "font-semibold",
      )}
    >
      <MessagesSquare size={14} aria-hidden className="shrink-0" />
      <span dir="auto" className="truncate">
        {t("thread", { name })}
      </span>
    </Link>
  );
}
