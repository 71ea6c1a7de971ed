import { type ChannelEntry, followedThreads } from "@miscord/client";
import { Hash, MessagesSquare } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { LazyPart } from "../../core/lazy-part.tsx";
import { paths } from "../../core/paths.ts";
import { isUnread } from "../../core/unread.ts";
import { Badge } from "../../ui/badge.tsx";
import { cx } from "../../ui/cx.ts";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import {
  ChannelItem,
  ChannelMenuButton,
  MutedMark,
  PrivateMark,
  type ChannelRowProps,
  useChannelRow,
} from "./channel-item.tsx";
import { ThreadRows } from "./threads/lazy-threads.ts";

/** Hides a mark while the menu button is shown in its place. */
const yields =
  "pointer-fine:group-hover:invisible pointer-fine:group-has-focus-visible:invisible group-has-data-[state=open]:invisible";

export function ChannelRow(row: ChannelRowProps) {
  const { channel, active, entries, isPrivate, isMuted } = useChannelRow(row);
  const hasThreads = useClientState((state) => followedThreads(state, row.channelId).length > 0);
  if (!channel) return null;
  return (
    <ChannelItem
      row={row}
      entries={entries}
      className="relative"
      below={
        hasThreads && (
          <LazyPart>
            <ThreadRows channelId={channel.id} />
          </LazyPart>
        )
      }
    >
      <div className="group relative">
        <ChannelLink channel={channel} active={active} isPrivate={isPrivate} isMuted={isMuted} />
        <ChannelMenuButton
          name={channel.name}
          entries={entries}
          className={cx(
            "absolute right-1.5 top-1/2 -translate-y-1/2 pointer-fine:group-hover:opacity-100",
            // Touch screens have no hover, so the open channel shows its menu button there.
            active ? "pointer-coarse:opacity-100" : "pointer-coarse:hidden",
          )}
        />
      </div>
    </ChannelItem>
  );
}

interface ChannelLinkProps {
  channel: ChannelEntry;
  active: boolean;
  isPrivate: boolean;
  isMuted: boolean;
}

function ChannelLink({ channel, active, isPrivate, isMuted }: ChannelLinkProps) {
  const { t } = useTranslation("servers");
  const unread = isUnread(channel) && !isMuted;
  const Icon = channel.type === "forum" ? MessagesSquare : Hash;
  return (
    <Link
      href={paths.channelOf(channel)}
      aria-current={active ? "page" : undefined}
      className={cx(
        "focus-inset flex h-11 items-center gap-2 rounded-md px-2 transition-colors md:h-8",
        active && "pointer-coarse:pr-9",
        active ? "bg-active text-ink" : "hover:bg-hover hover:text-ink",
        !active && (unread ? "font-semibold text-ink" : isMuted ? "text-faint" : "text-muted"),
      )}
    >
      <Icon size={17} aria-hidden className={cx("shrink-0", active ? "text-link" : "text-faint")} />
      <span className="flex min-w-0 flex-1 items-center gap-1.5">
        <span className="truncate">{channel.name}</span>
        {isPrivate && <PrivateMark />}
        {isMuted && <MutedMark />}
      </span>
      {unread && !active && <VisuallyHidden>{t("channels.unread")}</VisuallyHidden>}
      <Badge
        count={channel.mention_count}
        label={t("channels.mentions", { count: channel.mention_count })}
        className={yields}
      />
      {unread && channel.mention_count === 0 && !active && (
        <span className={`mr-1 size-1.75 shrink-0 rounded-full bg-mark ${yields}`} />
      )}
    </Link>
  );
}
