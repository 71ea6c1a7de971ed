import { BellOff, Ellipsis, Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";
import { isPrivate } from "../../core/rights-of.ts";
import { useCan } from "../../core/use-can.ts";
import { isChannelMuted } from "../../core/unread.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { ContextMenu } from "../../ui/context-menu.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import type { MenuEntry } from "../../ui/menu-item.ts";
import { Menu } from "../../ui/menu.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { useChannelMenu } from "./use-channel-menu.tsx";

export interface ChannelRowProps {
  serverId: number;
  channelId: number;
  canManage: boolean;
  dragged: boolean;
  /** The edge at which a line marks where the dragged row would be dropped. */
  gap: "before" | "after" | null;
  onMoveUp: (() => void) | undefined;
  onMoveDown: (() => void) | undefined;
}

/** The channel of a row, whether it is the open one, whether not everybody sees it and whether it is muted, and its menu. `channel` is undefined once it is deleted. */
export function useChannelRow(props: ChannelRowProps) {
  const { channelId } = props;
  const active = useRouteIds().channelId === channelId;
  const channel = useClientState((state) => state.channels[channelId]);
  const isHidden = useClientState((state) => isPrivate(state.servers[props.serverId], state.channels[channelId]));
  // Some may manage one channel only.
  const canManage = useCan(props.serverId, "manageChannels", channelId);
  const entries = useChannelMenu({ ...props, canManage });
  const isMuted = useClientState((state) => isChannelMuted(state, channelId));
  return { channel, active, entries, isPrivate: isHidden, isMuted };
}

/** The mark of a channel that not everybody sees. */
export function PrivateMark() {
  const { t } = useTranslation("rights");
  return (
    <>
      <Lock size={13} aria-hidden className="shrink-0 text-faint" />
      <VisuallyHidden>{t("channel.privateMark")}</VisuallyHidden>
    </>
  );
}

/** The line that marks where a dragged row would be dropped. */
export function dropMark(gap: ChannelRowProps["gap"]): string | null {
  if (gap === null) return null;
  const line = "before:absolute before:inset-x-1 before:h-0.5 before:rounded-full before:bg-mark";
  return cx(line, gap === "before" ? "before:-top-0.5" : "before:-bottom-0.5");
}

/** The mark of a channel that is muted, by itself or with its server. */
export function MutedMark() {
  const { t } = useTranslation("notifications");
  return (
    <>
      <BellOff size={13} aria-hidden className="shrink-0 text-faint" />
      <VisuallyHidden>{t("mute.mark")}</VisuallyHidden>
    </>
  );
}

interface ChannelItemProps {
  row: ChannelRowProps;
  entries: readonly MenuEntry[];
  className: string;
  children: ReactNode;
  /** In the list item, but without the channel's menu. */
  below?: ReactNode;
}

/** The list item around a text or a voice channel: its context menu, and the marks of a drag. */
export function ChannelItem({ row: { dragged, gap }, entries, className, children, below }: ChannelItemProps) {
  return (
    <li data-row className={cx(className, dragged && "opacity-40", dropMark(gap))}>
      <ContextMenu entries={entries}>
        <div>{children}</div>
      </ContextMenu>
      {below}
    </li>
  );
}

interface ChannelMenuButtonProps {
  name: string;
  entries: readonly MenuEntry[];
  className: string;
}

/** Opens the channel's menu. Hidden until the row is hovered or the button has the focus. */
export function ChannelMenuButton({ name, entries, className }: ChannelMenuButtonProps) {
  const { t } = useTranslation("servers");
  return (
    <Menu
      align="end"
      entries={entries}
      trigger={
        <IconButton
          size="xs"
          label={t("channels.menu", { channel: name })}
          icon={<Ellipsis size={16} />}
          className={cx("opacity-0 focus-visible:opacity-100 data-[state=open]:opacity-100", className)}
        />
      }
    />
  );
}
