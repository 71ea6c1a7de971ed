import { Podcast, Volume2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { paths } from "../../core/paths.ts";
import { useCan } from "../../core/use-can.ts";
import { cx } from "../../ui/cx.ts";
import { useShowsAddresses } from "../voice/address-notice.tsx";
import { useCall } from "../voice/use-call.ts";
import { joinVoice } from "../voice/voice-actions.ts";
import { VoicePeople } from "../voice/voice-people.tsx";
import {
  ChannelItem,
  ChannelMenuButton,
  MutedMark,
  PrivateMark,
  type ChannelRowProps,
  useChannelRow,
} from "./channel-item.tsx";

/** A voice channel in the channel list. A click joins its call and opens its page. */
export function VoiceChannelRow(row: ChannelRowProps) {
  const { serverId, channelId } = row;
  const { t } = useTranslation("voice");
  const [, navigate] = useLocation();
  const { channel, active, entries, isPrivate, isMuted } = useChannelRow(row);
  const mayConnect = useCan(serverId, "connect", channelId);
  const showsAddresses = useShowsAddresses();
  const isInside = useCall((state) => state.channelId === channelId);
  if (!channel) return null;
  const Icon = channel.type === "stage" ? Podcast : Volume2;
  function enter() {
    if (!isInside && mayConnect) void joinVoice(channelId);
    navigate(paths.channel(serverId, channelId));
  }
  return (
    <ChannelItem row={row} entries={entries} className="relative" below={<VoicePeople channelId={channelId} />}>
      <div className="group relative">
        <button
          type="button"
          aria-label={t(isInside || !mayConnect ? "channels.open" : "channels.join", { channel: channel.name })}
          title={isInside || !showsAddresses ? undefined : t("stage.addresses")}
          aria-current={active ? "page" : undefined}
          onClick={enter}
          className={cx(
            "focus-inset flex h-11 w-full items-center gap-2 rounded-md px-2 text-left transition-colors md:h-8",
            active ? "bg-active text-ink" : "text-muted hover:bg-hover hover:text-ink",
          )}
        >
          <Icon size={17} aria-hidden className={cx("shrink-0", isInside ? "text-online" : "text-faint")} />
          <span className="flex min-w-0 flex-1 items-center gap-1.5">
            <span className="truncate">{channel.name}</span>
            {isPrivate && <PrivateMark />}
            {isMuted && <MutedMark />}
          </span>
        </button>
        <div className="absolute right-1.5 top-1/2 flex -translate-y-1/2 gap-0.5">
          <ChannelMenuButton
            name={channel.name}
            entries={entries}
            className="group-hover:opacity-100 pointer-coarse:hidden"
          />
        </div>
      </div>
    </ChannelItem>
  );
}
