import { Maximize, ScreenShare, X } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { ScreenFrame } from "./screen-frame.tsx";
import { ScreenVideo } from "./screen-video.tsx";
import { useCall } from "./use-call.ts";

/** The shared screen of a participant. Nothing is sent before the user asks to watch it. */
export function ScreenTile({ userId, name }: { userId: number; name: string }) {
  const { t } = useTranslation("voice");
  const client = useClient();
  const isWatched = useCall((state) => state.participants[userId]?.is_watched ?? false);
  if (isWatched) return <WatchedScreen userId={userId} name={name} />;
  return (
    <div className="flex size-full flex-col items-center justify-center gap-3 rounded-lg bg-raised p-4 text-center">
      <ScreenShare size={26} aria-hidden className="text-link" />
      <p className="font-medium">{t("share.by", { name })}</p>
      <Button
        variant="primary"
        aria-label={t("share.watchOf", { name })}
        onClick={() => client.voice.watch(userId, true)}
      >
        {t("share.watch")}
      </Button>
    </div>
  );
}

function WatchedScreen({ userId, name }: { userId: number; name: string }) {
  const { t } = useTranslation("voice");
  const client = useClient();
  const frame = useRef<HTMLElement>(null);
  const track = useCall((state) => state.participants[userId]?.remote.screen ?? null);
  const buttons = (
    <>
      <IconButton
        size="sm"
        label={t("share.fullscreen")}
        icon={<Maximize size={16} />}
        onClick={() => void toggleFullscreen(frame.current)}
      />
      <IconButton
        size="sm"
        label={t("share.unwatch")}
        icon={<X size={16} />}
        onClick={() => client.voice.watch(userId, false)}
      />
    </>
  );
  return (
    <ScreenFrame ref={frame} caption={t("share.video", { name })} buttons={buttons}>
      {track ? (
        <ScreenVideo track={track} label={t("share.video", { name })} />
      ) : (
        <p role="status" className="flex h-full items-center justify-center text-sm text-muted">
          {t("share.waiting")}
        </p>
      )}
    </ScreenFrame>
  );
}

function toggleFullscreen(frame: HTMLElement | null): Promise<void> | undefined {
  return document.fullscreenElement ? document.exitFullscreen() : frame?.requestFullscreen();
}
