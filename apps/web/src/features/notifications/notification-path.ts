import type { Notification } from "@miscord/protocol";
import { paths } from "../../core/paths.ts";

/** The address a notification opens: its message, or its invite. */
export function notificationPath(notification: Notification): string {
  const { server_id: serverId, channel_id: channelId, message_id: messageId, invite_code: code } = notification;
  if (code !== null) return paths.invite(code);
  if (channelId === null) return paths.server(serverId);
  return messageId === null ? paths.channel(serverId, channelId) : paths.message(serverId, channelId, messageId);
}
