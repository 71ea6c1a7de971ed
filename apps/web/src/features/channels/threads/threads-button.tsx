import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { HeaderPopover } from "../../../layout/header-popover.tsx";
import { ThreadsPanel } from "./lazy-threads.ts";

/** The button in the channel's header that opens its threads. */
export function ThreadsButton({ serverId, channelId }: { serverId: number; channelId: number }) {
  const { t } = useTranslation("chat");
  return (
    <HeaderPopover label={t("threads")} icon={<MessagesSquare size={20} />}>
      {(leave) => <ThreadsPanel serverId={serverId} channelId={channelId} onLeave={leave} />}
    </HeaderPopover>
  );
}
