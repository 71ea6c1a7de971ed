import { MessagesSquare, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClientState } from "../core/client.ts";
import { paths } from "../core/paths.ts";
import { ThreadButtons } from "../features/channels/threads/thread-buttons.tsx";
import { ChannelView } from "../features/chat/channel-view.tsx";
import { PaneHeader } from "../layout/pane-header.tsx";
import { IconButton } from "../ui/icon-button.tsx";

interface ThreadPaneProps {
  serverId: number;
  threadId: number;
  messageId: number | null;
}

/** A thread beside its channel, on screens with room for both. */
export function ThreadPane({ serverId, threadId, messageId }: ThreadPaneProps) {
  const { t } = useTranslation(["threads", "common"]);
  const [, navigate] = useLocation();
  const name = useClientState((state) => state.channels[threadId]?.name ?? "");
  const parentId = useClientState((state) => state.threads[threadId]?.parent_id);
  const leave = () => navigate(parentId === undefined ? paths.server(serverId) : paths.channel(serverId, parentId));
  return (
    <aside aria-label={name} className="flex w-104 shrink-0 flex-col border-l border-line bg-surface 2xl:w-128">
      <PaneHeader>
        <h2 className="flex min-w-0 flex-1 items-center gap-1.5 font-semibold">
          <MessagesSquare size={18} aria-hidden className="shrink-0 text-faint" />
          <span dir="auto" className="truncate">
            {name}
          </span>
        </h2>
        <ThreadButtons threadId={threadId} />
        <IconButton label={t("common:close")} icon={<X size={19} />} tooltipSide="bottom" onClick={leave} />
      </PaneHeader>
      <ChannelView serverId={serverId} channelId={threadId} messageId={messageId} />
    </aside>
  );
}
