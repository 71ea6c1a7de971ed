import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { CropArea } from "./crop-area.tsx";
import { widestFrame } from "./crop-frame.ts";
import { cutOut } from "./cut-out.ts";

interface CropDialogProps {
  picture: ImageBitmap;
  /** People and groups are shown in a circle, servers in a square. */
  isRound: boolean;
  busy: boolean;
  /** Called with null when the browser cannot cut the picture. */
  onDone: (cut: Blob | null) => void;
  onClose: () => void;
}

/** Asks which part of a picture is kept. */
export function CropDialog({ picture, isRound, busy, onDone, onClose }: CropDialogProps) {
  const { t } = useTranslation(["pictures", "common"]);
  const [frame, setFrame] = useState(() => widestFrame(picture));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("crop.title")}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button variant="primary" busy={busy} onClick={() => void cutOut(picture, frame).then(onDone)}>
            {t("crop.use")}
          </Button>
        </>
      }
    >
      <CropArea picture={picture} isRound={isRound} frame={frame} onChange={setFrame} />
    </Dialog>
  );
}
