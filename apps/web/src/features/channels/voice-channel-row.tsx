import { Ellipsis, PhoneOff, Volume2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useClientState } from "../../core/client.ts";
import { paths } from "../../core/paths.ts";
import { useRouteIds } from "../../core/route-ids.ts";
import { ContextMenu } from "../../ui/context-menu.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import type { MenuEntry } from "../../ui/menu-item.ts";
import { Menu } from "../../ui/menu.tsx";
import type { ChannelRowProps } from "./channel-row.tsx";
import { useChannelMenu } from "./use-channel-menu.tsx";
import { useCall } from "../voice/use-call.ts";
import { joinVoice, leaveVoice } from "../voice/voice-actions.ts";
import { VoicePeople } from "../voice/voice-people.tsx";

/** A voice channel in the list: one click enters it and shows its stage. */
export function VoiceChannelRow(props: ChannelRowProps) {
  const { serverId, channelId, canManage, dragged, gap, onMoveUp, onMoveDown } = props;
  const { t } = useTranslation(["voice", "servers"]);
  const [, navigate] = useLocation();
  const active = useRouteIds().channelId === channelId;
  const channel = useClientState((state) => state.channels[channelId]);
  const isInside = useCall((state) => state.channelId === channelId);
  const entries = useChannelMenu({ serverId, channelId, canManage, onMoveUp, onMoveDown });
  if (!channel) return null;
  function enter() {
    if (!isInside) void joinVoice(channelId);
    navigate(paths.channel(serverId, channelId));
  }
  return (
    <ContextMenu entries={entries}>
      <li
        data-row
        className={cx(
          "relative",
          dragged && "opacity-40",
          gap && "before:absolute before:inset-x-1 before:h-0.5 before:rounded-full before:bg-accent",
          gap === "before" && "before:-top-0.5",
          gap === "after" && "before:-bottom-0.5",
        )}
      >
        <div className="group relative">
          <button
            type="button"
            aria-label={t(isInside ? "channels.open" : "channels.join", { channel: channel.name })}
            aria-current={active ? "page" : undefined}
            onClick={enter}
            className={cx(
              "focus-inset flex h-11 w-full items-center gap-2 rounded-md px-2 text-left transition-colors md:h-8",
              active ? "bg-active text-ink" : "text-muted hover:bg-hover hover:text-ink",
            )}
          >
            <Volume2 size={17} aria-hidden className={cx("shrink-0", isInside ? "text-online" : "text-faint")} />
            <span className="min-w-0 flex-1 truncate">{channel.name}</span>
          </button>
          <RowTools name={channel.name} entries={entries} isInside={isInside} />
        </div>
        <VoicePeople channelId={channelId} />
      </li>
    </ContextMenu>
  );
}

function RowTools({ name, entries, isInside }: { name: string; entries: readonly MenuEntry[]; isInside: boolean }) {
  const { t } = useTranslation(["voice", "servers"]);
  return (
    <div className="absolute right-1.5 top-1/2 flex -translate-y-1/2 gap-0.5">
      <Menu
        align="end"
        entries={entries}
        trigger={
          <IconButton
            size="xs"
            label={t("servers:channels.menu", { channel: name })}
            icon={<Ellipsis size={16} />}
            className="opacity-0 focus-visible:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 pointer-coarse:hidden"
          />
        }
      />
      {isInside && (
        <IconButton danger size="xs" label={t("panel.leave")} icon={<PhoneOff size={15} />} onClick={leaveVoice} />
      )}
    </div>
  );
}
