import { Maximize, ScreenShare, X } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../app/client.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { ScreenVideo } from "./screen-video.tsx";
import { useCall } from "./use-call.ts";

/** Somebody's screen. Nothing of it is sent before one wants to see it. */
export function ScreenTile({ userId, name }: { userId: number; name: string }) {
  const { t } = useTranslation("voice");
  const client = useClient();
  const isWatched = useCall((state) => state.participants[userId]?.is_watched ?? false);
  if (isWatched) return <WatchedScreen userId={userId} name={name} />;
  return (
    <div className="flex min-h-40 flex-col items-center justify-center gap-3 rounded-lg bg-raised p-4 text-center">
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
  const frame = useRef<HTMLDivElement>(null);
  const track = useCall((state) => state.participants[userId]?.remote.screen ?? null);
  return (
    <div ref={frame} className="group relative aspect-video overflow-hidden rounded-lg bg-sunken">
      {track ? (
        <ScreenVideo track={track} label={t("share.video", { name })} />
      ) : (
        <p role="status" className="flex h-full items-center justify-center text-sm text-muted">
          {t("share.waiting")}
        </p>
      )}
      <div className="absolute inset-x-0 bottom-0 flex items-center gap-1 bg-scrim px-2 py-1 pointer-fine:opacity-0 pointer-fine:transition-opacity pointer-fine:group-focus-within:opacity-100 pointer-fine:group-hover:opacity-100">
        <p className="min-w-0 flex-1 truncate text-sm text-white">{name}</p>
        <IconButton
          size="sm"
          label={t("share.fullscreen")}
          icon={<Maximize size={16} className="text-white" />}
          onClick={() => void frame.current?.requestFullscreen()}
        />
        <IconButton
          size="sm"
          label={t("share.unwatch")}
          icon={<X size={16} className="text-white" />}
          onClick={() => client.voice.watch(userId, false)}
        />
      </div>
    </div>
  );
}
