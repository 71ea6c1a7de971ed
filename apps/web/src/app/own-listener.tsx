import { useEffect, useEffectEvent } from "react";
import { useClient, useMe } from "../core/client.ts";
import { followDrafts } from "../features/composer/follow-drafts.ts";
import { announceRefusal, announceReminder } from "../features/notifications/announce-own.ts";
import { useToast } from "../ui/toast.tsx";

/** Mounted while logged in: drafts from the user's other devices, reminders, and scheduled messages that were refused. */
export function OwnListener() {
  const client = useClient();
  const { id: meId } = useMe();
  const toast = useToast();
  const reminded = useEffectEvent((messageId: number) => announceReminder(client, messageId, toast));
  const refused = useEffectEvent((channelId: number) => announceRefusal(channelId, toast));
  useEffect(
    () =>
      client.on("event", (event) => {
        if (event.type === "reminder_updated" && event.reminder) reminded(event.message_id).catch(() => {});
        if (event.type === "scheduled_changed" && event.refused) refused(event.refused.channel_id).catch(() => {});
      }),
    [client],
  );
  useEffect(() => followDrafts(meId), [meId]);
  return null;
}
