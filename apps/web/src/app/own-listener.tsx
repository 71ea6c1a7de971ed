import type { MainEvent } from "@miscord/protocol";
import { useEffect, useEffectEvent } from "react";
import { useClient, useMe } from "../core/client.ts";
import { listenFromStart } from "../core/listen-from-start.ts";
import { followDrafts } from "../features/composer/follow-drafts.ts";
import { announceRefusal, announceReminder } from "../features/notifications/announce-own.ts";
import { useToast } from "../ui/toast.tsx";

/** Mounted while logged in: drafts from the user's other devices, reminders, and scheduled messages that were refused. */
export function OwnListener() {
  const client = useClient();
  const { id: meId } = useMe();
  const toast = useToast();
  const handle = useEffectEvent((event: MainEvent) => {
    if (event.type === "reminder_updated" && event.reminder) {
      announceReminder(client, event.message_id, toast).catch(() => {});
    }
    if (event.type === "scheduled_changed" && event.refused) {
      announceRefusal(event.refused.channel_id, toast).catch(() => {});
    }
  });
  useEffect(() => listenFromStart(handle), []);
  useEffect(() => followDrafts(meId), [meId]);
  return null;
}
