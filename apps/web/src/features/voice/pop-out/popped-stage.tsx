import type { VoiceMember } from "@miscord/client";
import { useEffect, useRef, type CSSProperties, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../../core/client.ts";
import { useBlocked, usePersonIn } from "../../../core/people.ts";
import { cx } from "../../../ui/cx.ts";
import { VisuallyHidden } from "../../../ui/visually-hidden.tsx";
import { keepReceiving, useChosenCameras } from "../camera/shown-cameras.ts";
import { ScreenVideo } from "../screen-video.tsx";
import { SpeakingAvatar } from "../speaking-avatar.tsx";
import { placeTiles, smallHeight, type Place } from "../stage-layout.ts";
import { useCallName } from "../use-call-name.ts";
import { useCall, useIsSpeaking } from "../use-call.ts";
import { useSize } from "../use-size.ts";
import { useStageMembers } from "../use-stage-members.ts";
import { VoiceMarks } from "../voice-marks.tsx";
import { useVoiceSettings } from "../voice-settings.ts";

/** The participants of the call with their cameras, and the screens that the user watches. */
export function PoppedStage({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  const name = useCallName(channelId);
  const members = useStageMembers(channelId);
  const screens = useWatchedScreens(members);
  const stage = useRef<HTMLDivElement>(null);
  const size = useSize(stage);
  const cameras = useChosenCameras(channelId, null);
  const places = placeTiles(size, { large: screens.length, small: members.length });
  const isSmall = ({ height }: Place) => height > 0 && height <= smallHeight;
  useEffect(() => {
    const small = {
      cameras: members.flatMap(({ user }, at) => (isSmall(places.small[at]!) ? [user.id] : [])),
      screens: screens.flatMap(({ user }, at) => (isSmall(places.large[at]!) ? [user.id] : [])),
    };
    keepReceiving("popped out", { cameras, screens: screens.map(({ user }) => user.id), small });
  });
  return (
    <div className="min-h-0 flex-1 p-2">
      <div ref={stage} className="relative size-full">
        {size.width > 0 && (
          <ul aria-label={t("stage.people", { channel: name })}>
            {screens.map((member, at) => (
              <Screen
                key={`screen ${member.user.id}`}
                channelId={channelId}
                member={member}
                style={places.large[at]!}
              />
            ))}
            {members.map((member, at) => (
              <Person key={member.user.id} channelId={channelId} member={member} style={places.small[at]!} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function useWatchedScreens(members: readonly VoiceMember[]): readonly VoiceMember[] {
  const blocked = useBlocked();
  const watched = useCall((state) =>
    Object.values(state.participants)
      .flatMap(({ user_id, is_watched, remote }) => (is_watched && remote.screen ? [user_id] : []))
      .join(),
  );
  const ids = new Set(watched.split(",").map(Number));
  return members.filter(({ user }) => ids.has(user.id) && !blocked.has(user.id));
}

interface TileProps {
  channelId: number;
  member: VoiceMember;
  style: CSSProperties & { height: number };
}

function Screen({ channelId, member, style }: TileProps) {
  const { t } = useTranslation("voice");
  const { display_name: name } = usePersonIn(channelId, member.user);
  const track = useCall((state) => state.participants[member.user.id]?.remote.screen ?? null);
  const label = t("share.video", { name });
  return (
    <li className="absolute overflow-hidden rounded-lg bg-sunken" style={style}>
      {track && <ScreenVideo track={track} label={label} />}
      <Plate>{label}</Plate>
    </li>
  );
}

function Person({ channelId, member, style }: TileProps) {
  const { t } = useTranslation("voice");
  const user = usePersonIn(channelId, member.user);
  const isMe = useMe().id === user.id;
  const isSpeaking = useIsSpeaking(channelId, user.id);
  const isHidden = useVoiceSettings(({ hiddenCameras }) => hiddenCameras.includes(user.id));
  const isBlocked = useBlocked().has(user.id);
  const track = useCall((state) => (isMe ? state.camera : (state.participants[user.id]?.remote.camera ?? null)));
  const isSeen = track !== null && (isMe || (member.is_camera_on && !isHidden && !isBlocked));
  return (
    <li
      className={cx(
        "absolute flex items-center justify-center overflow-hidden rounded-lg bg-raised outline-3 -outline-offset-3",
        isSpeaking ? "outline-online" : "outline-transparent",
      )}
      style={style}
    >
      {isSeen ? (
        <ScreenVideo
          track={track}
          label={isMe ? t("camera.mine") : t("camera.video", { name: user.display_name })}
          fills
          isMirrored={isMe}
        />
      ) : (
        <SpeakingAvatar channelId={channelId} userId={user.id} user={user} size={style.height >= 150 ? 72 : 32} />
      )}
      {isSeen && isSpeaking && <VisuallyHidden>{t("mark.speaking")}</VisuallyHidden>}
      <Plate>
        <span dir="auto" className="truncate">
          {user.display_name}
        </span>
        <VoiceMarks of={{ ...member, is_camera_on: false }} />
      </Plate>
    </li>
  );
}

/** A name on a tile: pictures may have any colour. */
function Plate({ children }: { children: ReactNode }) {
  return (
    <span className="absolute bottom-1.5 left-1.5 flex h-6 max-w-[calc(100%-0.75rem)] items-center gap-1.5 truncate rounded-md bg-overlay px-2 text-xs font-medium text-ink">
      {children}
    </span>
  );
}
