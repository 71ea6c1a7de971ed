import { useEffect, useId, useRef, type Dispatch, type SetStateAction } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { Slider } from "../../ui/slider.tsx";
import { maxZoom, zoomed, zoomOf, type CropFrame } from "./crop-frame.ts";
import { cropRatios, type CropShape } from "./crop-shape.ts";
import { paint } from "./cut-out.ts";
import { useCropGestures } from "./use-crop-gestures.ts";

interface CropAreaProps {
  picture: ImageBitmap;
  shape: CropShape;
  frame: CropFrame;
  onChange: Dispatch<SetStateAction<CropFrame>>;
}

/** Pixels of the canvas: those of the largest place where it is shown, on a dense screen. */
const canvasWidth = { circle: 640, square: 640, banner: 900 };
const wheelZoom = 1.1;
const corners = { circle: "rounded-full", square: "rounded-[18%]", banner: "rounded-md" };

/** The part of the picture that is kept, to be moved and zoomed. */
export function CropArea({ picture, shape, frame, onChange }: CropAreaProps) {
  const { t } = useTranslation("pictures");
  const canvas = useRef<HTMLCanvasElement>(null);
  const hint = useId();
  const gestures = useCropGestures(picture, onChange);
  const zoom = zoomOf(frame, picture);
  const ratio = cropRatios[shape];
  useEffect(() => {
    if (canvas.current) paint(canvas.current, picture, frame);
  }, [picture, frame]);
  const zoomBy = (factor: number) => onChange((now) => zoomed(now, picture, zoomOf(now, picture) * factor));
  return (
    <div className={cx("mx-auto", shape === "banner" ? "pt-1" : "max-w-80")}>
      <div
        role="application"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is moved with the arrow keys
        tabIndex={0}
        aria-label={t("crop.area")}
        aria-describedby={hint}
        style={{ aspectRatio: ratio }}
        className="relative w-full cursor-move touch-none select-none overflow-hidden rounded-lg bg-sunken"
        onWheel={({ deltaY }) => zoomBy(deltaY < 0 ? wheelZoom : 1 / wheelZoom)}
        {...gestures}
      >
        <canvas ref={canvas} width={canvasWidth[shape]} height={canvasWidth[shape] / ratio} className="size-full" />
        <span
          aria-hidden
          className={cx("pointer-events-none absolute inset-0 shadow-[0_0_0_999px_var(--scrim)]", corners[shape])}
        />
      </div>
      <p id={hint} className="mt-3 text-sm text-muted">
        {t("crop.hint")}
      </p>
      <Slider
        className="mt-3"
        label={t("crop.zoom")}
        valueText={t("crop.zoomValue", { percent: Math.round(zoom * 100) })}
        min={1}
        max={maxZoom}
        step={0.05}
        value={zoom}
        onChange={(next) => onChange((now) => zoomed(now, picture, next))}
      />
    </div>
  );
}
