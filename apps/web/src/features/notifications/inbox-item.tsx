import type { Notification } from "@miscord/protocol";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { useFormat } from "../../i18n/format.ts";
import { useRelativeTime } from "../../i18n/time-texts.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { notificationPath } from "./notification-path.ts";
import { useDescribeNotification } from "./use-describe-notification.ts";

/** An item of the inbox. A click marks it as read and opens the message. */
export function InboxItem({ notification, onLeave }: { notification: Notification; onLeave: () => void }) {
  const { t } = useTranslation("notifications");
  const client = useClient();
  const format = useFormat();
  const ago = useRelativeTime(notification.created_at);
  const { run } = useAction();
  const { id, actor, is_read: isRead, created_at: createdAt, kind, server_name: server } = notification;
  const { title, text } = useDescribeNotification()(notification);
  const read = () => !isRead && void run(() => client.markNotificationsRead([id]));
  return (
    <li className="group relative flex items-start rounded-md hover:bg-hover">
      <Link
        href={notificationPath(notification)}
        onClick={() => {
          read();
          onLeave();
        }}
        className="focus-inset flex min-w-0 flex-1 gap-3 rounded-md py-2.5 pr-11 pl-4"
      >
        {!isRead && <span aria-hidden className="absolute top-5.5 left-1 size-2 rounded-full bg-mark" />}
        <Avatar user={actor} ground="overlay" />
        <span className="min-w-0 flex-1 text-sm">
          <span className={cx("block wrap-break-word", isRead ? "text-muted" : "font-medium")}>
            {!isRead && <VisuallyHidden>{t("isUnread")} </VisuallyHidden>}
            {title}
          </span>
          {text && <span className="line-clamp-2 text-muted wrap-break-word">{text}</span>}
          <span className="block truncate text-xs text-muted">
            {kind !== "invite" && `${server} · `}
            <time dateTime={createdAt} title={format.dateTime(createdAt)}>
              {ago}
            </time>
          </span>
        </span>
      </Link>
      {!isRead && (
        <IconButton
          size="sm"
          label={t("read")}
          icon={<Check size={16} />}
          tooltipSide="left"
          className="absolute top-2 right-2 pointer-fine:opacity-0 pointer-fine:group-hover:opacity-100 pointer-fine:focus-visible:opacity-100"
          onClick={read}
        />
      )}
    </li>
  );
}
