import type { ChannelState } from "@miscord/protocol";
import { Ellipsis, Hash } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { Badge } from "../../ui/badge.tsx";
import { ContextMenu } from "../../ui/context-menu.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { isUnread } from "../../core/unread.ts";
import { useChannelMenu } from "./use-channel-menu.tsx";

export interface ChannelRowProps {
  serverId: number;
  channelId: number;
  canManage: boolean;
  dragged: boolean;
  /** Where a dragged row would fall, drawn as a line at this row's edge. */
  gap: "before" | "after" | null;
  onMoveUp: (() => void) | undefined;
  onMoveDown: (() => void) | undefined;
}

/** The menu button takes the place of the marks. */
const yields =
  "pointer-fine:group-hover:invisible pointer-fine:group-has-focus-visible:invisible group-has-data-[state=open]:invisible";

export function ChannelRow(props: ChannelRowProps) {
  const { serverId, channelId, canManage, dragged, gap, onMoveUp, onMoveDown } = props;
  const { t } = useTranslation("servers");
  const active = useRouteIds().channelId === channelId;
  const channel = useClientState((state) => state.channels[channelId]);
  const entries = useChannelMenu({ serverId, channelId, canManage, onMoveUp, onMoveDown });
  if (!channel) return null;
  const line = "before:absolute before:inset-x-1 before:h-0.5 before:rounded-full before:bg-mark";
  return (
    <ContextMenu entries={entries}>
      <li
        data-row
        className={cx(
          "group relative",
          dragged && "opacity-40",
          gap && line,
          gap === "before" && "before:-top-0.5",
          gap === "after" && "before:-bottom-0.5",
        )}
      >
        <ChannelLink channel={channel} active={active} />
        <Menu
          align="end"
          entries={entries}
          trigger={
            <IconButton
              size="xs"
              label={t("channels.menu", { channel: channel.name })}
              icon={<Ellipsis size={16} />}
              className={cx(
                "absolute right-1.5 top-1/2 -translate-y-1/2 opacity-0 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-fine:group-hover:opacity-100",
                // Fingers cannot hover: the channel that is open shows its menu.
                active ? "pointer-coarse:opacity-100" : "pointer-coarse:hidden",
              )}
            />
          }
        />
      </li>
    </ContextMenu>
  );
}

function ChannelLink({ channel, active }: { channel: ChannelState; active: boolean }) {
  const { t } = useTranslation("servers");
  const unread = isUnread(channel);
  return (
    <Link
      href={paths.channel(channel.server_id, channel.id)}
      aria-current={active ? "page" : undefined}
      className={cx(
        "focus-inset flex h-11 items-center gap-2 rounded-md px-2 transition-colors md:h-8",
        active && "pointer-coarse:pr-9",
        active ? "bg-active text-ink" : "hover:bg-hover hover:text-ink",
        !active && (unread ? "font-semibold text-ink" : "text-muted"),
      )}
    >
      <Hash size={17} aria-hidden className={cx("shrink-0", active ? "text-link" : "text-faint")} />
      <span className="min-w-0 flex-1 truncate">{channel.name}</span>
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
