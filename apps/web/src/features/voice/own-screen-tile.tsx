import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { ScreenFrame } from "./screen-frame.tsx";
import { ScreenVideo } from "./screen-video.tsx";
import { stopSharing } from "./share-screen.ts";
import { useCall } from "./use-call.ts";

/** The user's own shared screen, shown so that nobody shares something by mistake. */
export function OwnScreenTile() {
  const { t } = useTranslation("voice");
  const track = useCall((state) => state.screen?.video ?? null);
  if (!track) return null;
  return (
    <ScreenFrame
      isOwn
      caption={t("share.mine")}
      buttons={
        <Button size="sm" variant="danger" onClick={() => void stopSharing()}>
          {t("share.stop")}
        </Button>
      }
    >
      <ScreenVideo track={track} label={t("share.mine")} />
    </ScreenFrame>
  );
}
