import { followedThreads } from "@miscord/client";
import { MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../../core/client.ts";
import { paths } from "../../../core/paths.ts";
import { useRouteIds } from "../../../core/route-ids.ts";
import { isChannelMuted, showsUnread } from "../../../core/unread.ts";
import { Badge } from "../../../ui/badge.tsx";
import { ContextMenu } from "../../../ui/context-menu.tsx";
import { cx } from "../../../ui/cx.ts";
import { VisuallyHidden } from "../../../ui/visually-hidden.tsx";
import { useThreadMenu } from "./use-thread-menu.tsx";

/** The threads of a channel that the user follows, below it in the channel list. */
export function ThreadRows({ channelId }: { channelId: number }) {
  const { t } = useTranslation("threads");
  const threadIds = useClientState((state) => followedThreads(state, channelId));
  const parent = useClientState((state) => state.channels[channelId]?.name ?? "");
  return (
    <ul aria-label={t("followed", { channel: parent })} className="ml-4 flex flex-col gap-px border-l border-line pl-1">
      {threadIds.map((id) => (
        <ThreadRow key={id} threadId={id} />
      ))}
    </ul>
  );
}

function ThreadRow({ threadId }: { threadId: number }) {
  const { t } = useTranslation("servers");
  const thread = useClientState((state) => state.channels[threadId]);
  const isActive = useRouteIds().channelId === threadId;
  const isMuted = useClientState((state) => isChannelMuted(state, threadId));
  const isUnread = useClientState((state) => showsUnread(state, threadId)) && !isActive;
  const entries = useThreadMenu(threadId);
  if (!thread) return null;
  const mentions = thread.mention_count;
  return (
    <li>
      <ContextMenu entries={entries}>
        <div>
          <Link
            href={paths.channelOf(thread)}
            aria-current={isActive ? "page" : undefined}
            className={cx(
              "focus-inset flex h-10 items-center gap-2 rounded-md px-2 text-sm transition-colors md:h-7",
              isActive ? "bg-active text-ink" : "hover:bg-hover hover:text-ink",
              !isActive && (isUnread ? "font-semibold text-ink" : isMuted ? "text-faint" : "text-muted"),
            )}
          >
            <MessagesSquare size={14} aria-hidden className="shrink-0 text-faint" />
            <span dir="auto" className="min-w-0 flex-1 truncate">
              {thread.name}
            </span>
            {isUnread && <VisuallyHidden>{t("channels.unread")}</VisuallyHidden>}
            <Badge count={mentions} label={t("channels.mentions", { count: mentions })} />
            {isUnread && mentions === 0 && <span className="mr-1 size-1.75 shrink-0 rounded-full bg-mark" />}
          </Link>
        </div>
      </ContextMenu>
    </li>
  );
}
