import type { Notification } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { nameOf } from "../../core/name-of.ts";

export interface NotificationWords {
  title: string;
  /** Plain text of the message; empty when there is none. */
  text: string;
}

export function useDescribeNotification(): (notification: Notification) => NotificationWords {
  const { t } = useTranslation("notifications");
  return useCallback(
    ({ kind, actor, channel_name: channel, server_name: server, excerpt }) => ({
      title: t(`kind.${kind}`, { author: nameOf(actor), channel: channel ?? "", server }),
      text: excerpt,
    }),
    [t],
  );
}
