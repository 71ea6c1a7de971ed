import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { CropArea } from "./crop-area.tsx";
import { widestFrame } from "./crop-frame.ts";
import { cropRatios, type CropShape } from "./crop-shape.ts";
import { cutOut } from "./cut-out.ts";

interface CropDialogProps {
  picture: ImageBitmap;
  shape: CropShape;
  busy: boolean;
  /** Called with null when the browser cannot cut the picture. */
  onDone: (cut: Blob | null) => void;
  onClose: () => void;
}

/** Asks which part of a picture is kept. */
export function CropDialog({ picture, shape, busy, onDone, onClose }: CropDialogProps) {
  const { t } = useTranslation(["pictures", "common"]);
  const [frame, setFrame] = useState(() => widestFrame(picture, cropRatios[shape]));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("crop.title")}
      {...(shape === "banner" && { size: "md" as const })}
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
      <CropArea {...{ picture, shape, frame }} onChange={setFrame} />
    </Dialog>
  );
}
