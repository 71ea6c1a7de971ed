import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useToast } from "../../ui/toast.tsx";

/** Tells the user which of those whom their message names do not see the channel. */
export function useUnseenNotice(serverId: number | null, channelId: number): void {
  const { t } = useTranslation("rights");
  const client = useClient();
  const toast = useToast();
  useEffect(() => {
    async function tell(ids: readonly number[]): Promise<void> {
      if (serverId === null) return;
      const members = await client.rest.listMembers(serverId, { ids: ids.join() });
      const names = members.map((member) => member.nickname ?? member.display_name);
      if (names.length > 0) toast({ title: t("unseen", { count: names.length, names: names.join(", ") }) });
    }
    return client.on("event", (event) => {
      if (event.type !== "message_ack" || event.channel_id !== channelId || !event.not_notified) return;
      // Without an answer nobody is named; the message itself was sent.
      tell(event.not_notified).catch(() => {});
    });
  }, [client, serverId, channelId, t, toast]);
}
