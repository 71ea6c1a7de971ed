import type { VoiceMember } from "@miscord/client";
import { EyeOff, SwitchCamera } from "lucide-react";
import { useRef, type ReactElement, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "../../core/client.ts";
import { usePersonIn } from "../../core/people.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";
import { changeCamera } from "./camera/own-camera.ts";
import { EnlargeArea, type Enlarging } from "./enlarge-area.tsx";
import { PersonPopover } from "./person-popover.tsx";
import { PictureButtons } from "./picture-buttons.tsx";
import { ScreenVideo } from "./screen-video.tsx";
import { useCall, useIsSpeaking } from "./use-call.ts";
import { useMediaDevices } from "./use-media-devices.ts";
import { VoiceMarks } from "./voice-marks.tsx";
import { setCameraHidden } from "./voice-settings.ts";

interface CameraTileProps {
  channelId: number;
  member: VoiceMember;
  enlarging: Enlarging;
  /** Of the avatar that is seen until the picture arrives. */
  avatarSize: 32 | 40 | 72 | 128;
}

/** A participant whose camera is on. A click on the picture enlarges it, one on the name opens the participant's card. */
export function CameraTile({ channelId, member, enlarging, avatarSize }: CameraTileProps) {
  const { t } = useTranslation("voice");
  const user = usePersonIn(channelId, member.user);
  const isMe = useMe().id === user.id;
  const frame = useRef<HTMLDivElement>(null);
  const track = useCall((state) => (isMe ? state.camera : (state.participants[user.id]?.remote.camera ?? null)));
  const name = isMe ? t("camera.mine") : t("camera.video", { name: user.display_name });
  return (
    <SpeakingFrame channelId={channelId} userId={user.id} frame={frame}>
      <EnlargeArea name={name} enlarging={enlarging}>
        <span className="absolute inset-0 flex items-center justify-center">
          <Avatar user={user} size={avatarSize} />
        </span>
        {track && (
          <span className="absolute inset-0">
            <ScreenVideo track={track} label={name} fills={!enlarging.isEnlarged} isMirrored={isMe} />
          </span>
        )}
      </EnlargeArea>
      <PersonPopover
        channelId={channelId}
        person={user}
        trigger={<NameButton name={user.display_name} of={member} />}
      />
      <div className={cx(plate, "right-1.5 top-1.5 transition-opacity", atWill)}>
        <PictureButtons frame={frame} {...(!isMe && { picture: { userId: user.id, kind: "camera" as const } })}>
          {isMe ? <SwitchButton /> : <HideButton userId={user.id} />}
        </PictureButtons>
      </div>
    </SpeakingFrame>
  );
}

/** What lies on a picture has a ground of its own: a picture may have any colour. */
const plate = "absolute flex items-center rounded-md bg-overlay text-ink";
/** Shown while the pointer or the focus is on the tile; always where nothing can hover. */
const atWill = "opacity-0 group-focus-within/tile:opacity-100 group-hover/tile:opacity-100 pointer-coarse:opacity-100";

interface SpeakingFrameProps {
  channelId: number;
  userId: number;
  frame: { current: HTMLDivElement | null };
  children: ReactNode;
}

function SpeakingFrame({ channelId, userId, frame, children }: SpeakingFrameProps) {
  const { t } = useTranslation("voice");
  const isSpeaking = useIsSpeaking(channelId, userId);
  return (
    <div
      ref={frame}
      data-speaking={isSpeaking || undefined}
      className="group/tile relative size-full overflow-hidden rounded-lg bg-sunken"
    >
      {children}
      <span
        aria-hidden
        className={cx(
          "pointer-events-none absolute inset-0 rounded-lg border-3 transition-colors",
          isSpeaking ? "border-online" : "border-transparent",
        )}
      />
      {isSpeaking && <VisuallyHidden>{t("mark.speaking")}</VisuallyHidden>}
    </div>
  );
}

interface NameButtonProps {
  name: string;
  of: VoiceMember;
}

function NameButton({ name, of, ...trigger }: NameButtonProps): ReactElement {
  return (
    <button
      type="button"
      {...trigger}
      className={cx(plate, "bottom-1.5 left-1.5 h-7 max-w-[calc(100%-0.75rem)] gap-1.5 px-2 text-sm hover:bg-raised")}
    >
      <span dir="auto" className="truncate font-medium">
        {name}
      </span>
      <VoiceMarks of={{ ...of, is_camera_on: false }} />
    </button>
  );
}

function HideButton({ userId }: { userId: number }) {
  const { t } = useTranslation("voice");
  return (
    <IconButton
      size="sm"
      label={t("camera.hide")}
      icon={<EyeOff size={16} />}
      onClick={() => setCameraHidden(userId, true)}
    />
  );
}

/** Goes on with the next camera of the device, such as the one at the back of a phone. */
function SwitchButton() {
  const { t } = useTranslation("voice");
  const cameras = useMediaDevices("videoinput");
  const present = useCall((state) => state.camera?.getSettings().deviceId);
  const next = cameras[(cameras.findIndex(({ id }) => id === present) + 1) % Math.max(1, cameras.length)];
  if (!next || cameras.length < 2) return null;
  return (
    <IconButton
      size="sm"
      label={t("camera.switch")}
      icon={<SwitchCamera size={16} />}
      onClick={() => void changeCamera(next.id)}
    />
  );
}
