import type { Notification } from "@miscord/protocol";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { nameOf } from "../../core/name-of.ts";
import { voiceText } from "../../core/voice-text.ts";
import { withRoles } from "../../core/role-mentions.ts";

export interface NotificationWords {
  title: string;
  /** Plain text of the message; empty when there is none. */
  text: string;
}

export function useDescribeNotification(): (notification: Notification) => NotificationWords {
  const { t } = useTranslation("notifications");
  return useCallback(
    ({ kind, actor, channel_name: channel, parent_id: parentId, server_name: server, excerpt, voice_ms }) => ({
      // A thread has no sign.
      title: t(`kind.${kind}`, { author: nameOf(actor), channel: `${parentId ? "" : "#"}${channel}`, server }),
      text: withRoles(excerpt) || voiceText(voice_ms),
    }),
    [t],
  );
}
