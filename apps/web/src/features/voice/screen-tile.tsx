import { ScreenShare, X } from "lucide-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { Button } from "../../ui/button.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { EnlargeArea, type Enlarging } from "./enlarge-area.tsx";
import { PictureButtons } from "./picture-buttons.tsx";
import { ScreenFrame } from "./screen-frame.tsx";
import { ScreenVideo } from "./screen-video.tsx";
import { useCall } from "./use-call.ts";

interface ScreenTileProps {
  userId: number;
  name: string;
  enlarging: Enlarging;
  isSmall: boolean;
}

/** The shared screen of a participant. Nothing is sent before the user asks to watch it. */
export function ScreenTile(tile: ScreenTileProps) {
  const { t } = useTranslation("voice");
  const client = useClient();
  const { userId, name, isSmall } = tile;
  const isWatched = useCall((state) => state.participants[userId]?.is_watched ?? false);
  if (isWatched) return <WatchedScreen {...tile} />;
  return (
    <div
      className={`flex size-full flex-col items-center justify-center overflow-hidden rounded-lg bg-raised text-center ${isSmall ? "gap-1.5 p-2 text-xs" : "gap-3 p-4"}`}
    >
      {!isSmall && <ScreenShare size={26} aria-hidden className="text-link" />}
      <p className="max-w-full truncate font-medium">{t("share.by", { name })}</p>
      <Button
        variant="primary"
        size={isSmall ? "sm" : "md"}
        aria-label={t("share.watchOf", { name })}
        onClick={() => client.voice.watch(userId, true)}
      >
        {t("share.watch")}
      </Button>
    </div>
  );
}

function WatchedScreen({ userId, name, enlarging, isSmall }: ScreenTileProps) {
  const { t } = useTranslation("voice");
  const client = useClient();
  const frame = useRef<HTMLElement>(null);
  const track = useCall((state) => state.participants[userId]?.remote.screen ?? null);
  const caption = t("share.video", { name });
  const buttons = (
    <PictureButtons frame={frame} picture={{ userId, kind: "screen" }}>
      <IconButton
        size="sm"
        label={t("share.unwatch")}
        icon={<X size={16} />}
        onClick={() => client.voice.watch(userId, false)}
      />
    </PictureButtons>
  );
  return (
    <ScreenFrame ref={frame} isSmall={isSmall} caption={caption} buttons={buttons}>
      {track ? (
        <EnlargeArea name={caption} enlarging={enlarging}>
          <ScreenVideo track={track} label={caption} />
        </EnlargeArea>
      ) : (
        <p role="status" className="flex h-full items-center justify-center text-sm text-muted">
          {t("share.waiting")}
        </p>
      )}
    </ScreenFrame>
  );
}
