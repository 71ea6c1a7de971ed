import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { ScreenVideo } from "./screen-video.tsx";
import { stopSharing } from "./share-screen.ts";
import { useCall } from "./use-call.ts";

/** What one shows, so that nobody shows something by mistake. */
export function OwnScreenTile() {
  const { t } = useTranslation("voice");
  const track = useCall((state) => state.screen?.video ?? null);
  if (!track) return null;
  return (
    <div className="relative aspect-video overflow-hidden rounded-lg border-2 border-accent bg-sunken">
      <ScreenVideo track={track} label={t("share.mine")} />
      <div className="absolute inset-x-0 bottom-0 flex items-center justify-between gap-2 bg-scrim px-3 py-1.5">
        <p className="truncate text-sm text-white">{t("share.mine")}</p>
        <Button size="sm" variant="danger" onClick={() => void stopSharing()}>
          {t("share.stop")}
        </Button>
      </div>
    </div>
  );
}
