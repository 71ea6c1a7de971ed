import type { VoiceMember } from "@miscord/client";
import { useTranslation } from "react-i18next";
import { useClientState, useMe } from "../../core/client.ts";
import { cx } from "../../ui/cx.ts";
import { usePersonIn } from "../../core/people.ts";
import { CameraTile } from "./camera-tile.tsx";
import type { Enlarging } from "./enlarge-area.tsx";
import { PersonPopover } from "./person-popover.tsx";
import { QualityMark } from "./quality-mark.tsx";
import { SpeakingAvatar } from "./speaking-avatar.tsx";
import { useCall } from "./use-call.ts";
import { VoiceMarks } from "./voice-marks.tsx";
import { useVoiceSettings } from "./voice-settings.ts";

interface PersonTileProps {
  channelId: number;
  member: VoiceMember;
  enlarging: Enlarging;
  /** In CSS pixels; the avatar grows with the tile. */
  height: number;
}

/** A participant on the stage: the camera, if it is on and not hidden. */
export function PersonTile(tile: PersonTileProps) {
  const { channelId, member, enlarging, height } = tile;
  const showsCamera = useShowsCamera(channelId, member);
  if (!showsCamera) return <FacelessTile {...tile} />;
  return <CameraTile channelId={channelId} member={member} enlarging={enlarging} avatarSize={avatarSizeFor(height)} />;
}

/** Only those who take part in the call see its cameras. */
function useShowsCamera(channelId: number, { user, is_camera_on }: VoiceMember): boolean {
  const isMe = useMe().id === user.id;
  const isInside = useCall((state) => state.channelId === channelId);
  const isOwnOn = useCall((state) => state.camera !== null);
  const isHidden = useVoiceSettings(({ hiddenCameras }) => hiddenCameras.includes(user.id));
  return isInside && (isMe ? isOwnOn : is_camera_on && !isHidden);
}

/** A participant without a camera. A click opens the participant's card. */
function FacelessTile({ channelId, member, height }: PersonTileProps) {
  const me = useMe();
  const user = usePersonIn(channelId, member.user);
  const isMe = user.id === me.id;
  const isLow = height < 150;
  const content = (
    <>
      <SpeakingAvatar channelId={channelId} userId={user.id} user={user} size={avatarSizeFor(height)} />
      <span className={cx("flex max-w-full items-center gap-1.5", isLow ? "mt-1.5 text-sm" : "mt-3")}>
        {!isMe && <PoorConnection userId={user.id} />}
        <span dir="auto" className="truncate font-medium">
          {user.display_name}
        </span>
        <VoiceMarks of={member} size={15} />
      </span>
      {!isLow && <Remark userId={user.id} isMe={isMe} />}
    </>
  );
  return (
    <PersonPopover
      channelId={channelId}
      person={user}
      trigger={
        <button
          type="button"
          className="flex size-full flex-col items-center justify-center overflow-hidden rounded-lg bg-raised px-3 transition-colors hover:bg-active"
        >
          {content}
        </button>
      }
    />
  );
}

function avatarSizeFor(height: number) {
  if (height >= 280) return 128;
  if (height >= 150) return 72;
  return height >= 90 ? 40 : 32;
}

function PoorConnection({ userId }: { userId: number }) {
  const quality = useCall((state) => state.participants[userId]?.samples.at(-1)?.quality);
  return quality && quality !== "good" ? <QualityMark quality={quality} size={15} /> : null;
}

function Remark({ userId, isMe }: { userId: number; isMe: boolean }) {
  const { t } = useTranslation("voice");
  const remark = useCall(({ participants }) => {
    const participant = participants[userId];
    if (!participant || participant.connection === "connected") return null;
    return participant.connection === "reconnecting" ? "away" : "connecting";
  });
  const isBlocked = useClientState((state) => state.relationships[userId]?.kind === "blocked");
  const text = isBlocked ? t("stage.blocked") : isMe ? t("stage.you") : remark && t(`stage.${remark}`);
  // The line is rendered even when empty, so that all avatars are at the same height.
  return <span className="mt-0.5 h-4 text-xs text-faint">{text}</span>;
}
