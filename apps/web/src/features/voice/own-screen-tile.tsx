import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { EnlargeArea, type Enlarging } from "./enlarge-area.tsx";
import { PictureButtons } from "./picture-buttons.tsx";
import { ScreenFrame } from "./screen-frame.tsx";
import { ScreenVideo } from "./screen-video.tsx";
import { stopSharing } from "./share-screen.ts";
import { useCall } from "./use-call.ts";

/** The user's own shared screen, shown so that nobody shares something by mistake. */
export function OwnScreenTile({ enlarging, isSmall }: { enlarging: Enlarging; isSmall: boolean }) {
  const { t } = useTranslation("voice");
  const frame = useRef<HTMLElement>(null);
  const track = useCall((state) => state.screen?.video ?? null);
  if (!track) return null;
  const buttons = (
    <PictureButtons frame={frame}>
      <Button size="sm" variant="danger" onClick={() => void stopSharing()}>
        {t("share.stop")}
      </Button>
    </PictureButtons>
  );
  return (
    <ScreenFrame isOwn ref={frame} isSmall={isSmall} caption={t("share.mine")} buttons={buttons}>
      <EnlargeArea name={t("share.own")} enlarging={enlarging}>
        <ScreenVideo track={track} label={t("share.mine")} />
      </EnlargeArea>
    </ScreenFrame>
  );
}
