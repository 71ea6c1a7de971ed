import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Slider } from "../../ui/slider.tsx";
import { maxZoom, widestFrame, zoomed, zoomOf } from "./crop-frame.ts";
import { cutOut, paint } from "./cut-out.ts";
import { useCropGestures } from "./use-crop-gestures.ts";

interface CropDialogProps {
  picture: ImageBitmap;
  /** People are shown in a circle, servers in a square. */
  isRound: boolean;
  busy: boolean;
  onDone: (cut: Blob) => void;
  onFailed: () => void;
  onClose: () => void;
}

/** Pixels of the canvas: those of the largest place where it is shown, on a dense screen. */
const canvasSide = 640;

/** Shows a picture with the square of it that is kept, to be moved and zoomed. */
export function CropDialog({ picture, isRound, busy, onDone, onFailed, onClose }: CropDialogProps) {
  const { t } = useTranslation(["pictures", "common"]);
  const [frame, setFrame] = useState(() => widestFrame(picture));
  const canvas = useRef<HTMLCanvasElement>(null);
  const hint = useId();
  const gestures = useCropGestures(picture, setFrame);
  const zoom = zoomOf(frame, picture);
  useEffect(() => {
    if (canvas.current) paint(canvas.current, picture, frame);
  }, [picture, frame]);
  const done = async () => {
    const cut = await cutOut(picture, frame);
    if (cut) onDone(cut);
    else onFailed();
  };
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
          <Button variant="primary" busy={busy} onClick={() => void done()}>
            {t("crop.use")}
          </Button>
        </>
      }
    >
      <div
        role="application"
        tabIndex={0}
        aria-label={t("crop.area")}
        aria-describedby={hint}
        className="relative mx-auto aspect-square w-full max-w-80 cursor-move touch-none select-none overflow-hidden rounded-lg bg-sunken"
        onWheel={({ deltaY }) =>
          setFrame((now) => zoomed(now, picture, zoomOf(now, picture) * (deltaY < 0 ? 1.1 : 1 / 1.1)))
        }
        {...gestures}
      >
        <canvas ref={canvas} width={canvasSide} height={canvasSide} className="size-full" />
        <span
          aria-hidden
          className={cx(
            "pointer-events-none absolute inset-0 shadow-[0_0_0_999px_var(--scrim)]",
            isRound ? "rounded-full" : "rounded-[22%]",
          )}
        />
      </div>
      <p id={hint} className="mx-auto mt-3 max-w-80 text-sm text-muted">
        {t("crop.hint")}
      </p>
      <Slider
        className="mx-auto mt-3 max-w-80"
        label={t("crop.zoom")}
        valueText={t("crop.zoomValue", { percent: Math.round(zoom * 100) })}
        min={1}
        max={maxZoom}
        step={0.05}
        value={zoom}
        onChange={(next) => setFrame((now) => zoomed(now, picture, next))}
      />
    </Dialog>
  );
}
