import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useToast } from "../../ui/toast.tsx";
import { jumpWithin } from "./jump.ts";

interface Options {
  channelId: number;
  messageId: number | null;
}

/** Opens the channel while it is on the screen and jumps to the message in the address. */
export function useOpenChannel({ channelId, messageId }: Options): void {
  const client = useClient();
  const { t } = useTranslation("chat");
  const toast = useToast();
  useEffect(() => () => client.closeChannel(channelId), [client, channelId]);
  useEffect(() => {
    let isCurrent = true;
    async function goThere(): Promise<void> {
      await client.openChannel(channelId, messageId === null ? {} : { around: messageId });
      if (!isCurrent) return;
      const timeline = client.store.getState().timelines[channelId];
      if (messageId === null) {
        if (timeline?.hasNewer) await client.jumpToPresent(channelId);
        if (isCurrent) jumpWithin(channelId, "present");
      } else if (timeline?.messages.some(({ id }) => id === messageId)) jumpWithin(channelId, messageId);
      else if (timeline?.status === "ready") toast({ title: t("list.messageGone") });
    }
    // The timeline shows a failed load.
    const go = () => void goThere().catch(() => {});
    const here = location.pathname;
    // A link to the present address must jump there again.
    const goAgain = () => location.pathname === here && go();
    go();
    addEventListener("pushState", goAgain);
    return () => {
      isCurrent = false;
      removeEventListener("pushState", goAgain);
    };
  }, [client, channelId, messageId, t, toast]);
}
