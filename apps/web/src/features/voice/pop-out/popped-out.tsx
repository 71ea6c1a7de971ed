import type { VoiceMember } from "@miscord/client";
import { Maximize, Mic, MicOff, X } from "lucide-react";
import { useEffect, useRef, type ReactNode, type RefObject } from "react";
import { useTranslation } from "react-i18next";
import { useClientState } from "../../../core/client.ts";
import { usePersonIn } from "../../../core/people.ts";
import { cx } from "../../../ui/cx.ts";
import { keepReceiving, shownOf } from "../camera/shown-cameras.ts";
import type { Picture } from "../camera/shown-picture.ts";
import { ScreenVideo } from "../screen-video.tsx";
import { useCallName } from "../use-call-name.ts";
import { useCall } from "../use-call.ts";
import { toggleMute } from "../voice-actions.ts";
import type { Popped } from "./popped.ts";
import { PoppedStage } from "./popped-stage.tsx";

interface PoppedOutProps {
  popped: Popped;
  onClose: () => void;
}

/** What a window of its own shows: a picture or the stage, and below it the buttons. It has no tooltips and menus, which belong to the page. */
export function PoppedOut({ popped, onClose }: PoppedOutProps) {
  const channelId = useCall((state) => state.channelId);
  if (channelId === null) return null;
  return popped === "stage" ? (
    <WholeStage channelId={channelId} onClose={onClose} />
  ) : (
    <OnePicture channelId={channelId} picture={popped} onClose={onClose} />
  );
}

function WholeStage({ channelId, onClose }: { channelId: number; onClose: () => void }) {
  const name = useCallName(channelId);
  return (
    <Frame title={name} onClose={onClose}>
      <PoppedStage channelId={channelId} />
    </Frame>
  );
}

interface OnePictureProps {
  channelId: number;
  picture: Picture;
  onClose: () => void;
}

function OnePicture(props: OnePictureProps) {
  const { channelId, picture } = props;
  const members = useClientState((state) => state.voice[channelId]);
  const user = members?.find((member) => member.user.id === picture.userId)?.user;
  // The window of somebody who has left closes in a moment.
  return user && <PictureOf user={user} {...props} />;
}

function PictureOf({ channelId, picture, user, onClose }: OnePictureProps & { user: VoiceMember["user"] }) {
  const { t } = useTranslation("voice");
  const { userId, kind } = picture;
  const track = useCall((state) => state.participants[userId]?.remote[kind] ?? null);
  useEffect(() => keepReceiving("popped out", shownOf(picture)), [picture]);
  const { display_name: name } = usePersonIn(channelId, user);
  const title = t(kind === "screen" ? "share.video" : "camera.video", { name });
  return (
    <Frame title={title} onClose={onClose}>
      {track ? (
        <ScreenVideo track={track} label={title} />
      ) : (
        <p role="status" className="m-auto text-sm text-muted">
          {t("share.waiting")}
        </p>
      )}
    </Frame>
  );
}

function Frame({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation("voice");
  const frame = useRef<HTMLElement>(null);
  useWindow(frame, title, onClose);
  const isMuted = useCall((state) => state.isMuted);
  const isSilenced = useCall(({ restraint }) => restraint.is_server_muted || restraint.is_suppressed);
  return (
    <main ref={frame} aria-label={title} className="flex h-dvh flex-col">
      <div className="flex min-h-0 flex-1 bg-sunken">{children}</div>
      <div className="flex items-center gap-1 px-2 py-1">
        <p className="min-w-0 flex-1 truncate pl-1 text-sm font-medium" dir="auto">
          {title}
        </p>
        <WindowButton
          label={isMuted ? t("panel.unmute") : t("panel.mute")}
          icon={isMuted || isSilenced ? <MicOff size={18} className="text-danger-ink" /> : <Mic size={18} />}
          pressed={isMuted || isSilenced}
          disabled={isSilenced}
          onClick={toggleMute}
        />
        <FullScreenButton frame={frame} />
        <WindowButton label={t("popOut.close")} icon={<X size={18} />} onClick={onClose} />
      </div>
    </main>
  );
}

/** Windows that stay above all others cannot fill the screen. */
function FullScreenButton({ frame }: { frame: RefObject<HTMLElement | null> }) {
  const { t } = useTranslation("voice");
  const toggle = () => {
    const { ownerDocument } = frame.current ?? {};
    void (ownerDocument?.fullscreenElement ? ownerDocument.exitFullscreen() : frame.current?.requestFullscreen());
  };
  if ("documentPictureInPicture" in globalThis) return null;
  return <WindowButton label={t("share.fullscreen")} icon={<Maximize size={18} />} onClick={toggle} />;
}

interface WindowButtonProps {
  label: string;
  icon: ReactNode;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
}

function WindowButton({ label, icon, pressed, disabled, onClick }: WindowButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      className={cx(
        "inline-flex size-9 shrink-0 items-center justify-center rounded-md transition-colors hover:bg-hover hover:text-ink",
        "disabled:cursor-not-allowed disabled:opacity-45",
        pressed ? "bg-active text-ink" : "text-muted",
      )}
      onClick={onClick}
    >
      {icon}
    </button>
  );
}

function setTitle(of: Document, title: string): void {
  of.title = `${title} — Miscord`;
}

/** Titles the window, and lets Escape close it. */
function useWindow(frame: RefObject<HTMLElement | null>, title: string, onClose: () => void): void {
  useEffect(() => {
    const own = frame.current?.ownerDocument;
    if (!own) return undefined;
    setTitle(own, title);
    const pressed = ({ key }: KeyboardEvent) => {
      if (key === "Escape" && !own.fullscreenElement) onClose();
    };
    own.addEventListener("keydown", pressed);
    return () => own.removeEventListener("keydown", pressed);
  }, [frame, title, onClose]);
}
