import type { Attachment } from "@miscord/protocol";
import { ChevronLeft, ChevronRight, Download, ExternalLink, X, ZoomIn, ZoomOut } from "lucide-react";
import { Dialog } from "radix-ui";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/icon-button.tsx";
import { useReturnFocus } from "../../ui/use-return-focus.ts";
import { type Zoom, useZoom } from "./use-zoom.ts";

export interface ImageViewerProps {
  images: readonly Attachment[];
  index: number;
  onIndexChange: (index: number) => void;
  onClose: () => void;
}

/**
 * Pictures over everything else: arrow keys go on, plus and minus enlarge, Escape or a click beside the picture leaves.
 */
export default function ImageViewer({ images, index, onIndexChange, onClose }: ImageViewerProps) {
  const { t } = useTranslation("chat");
  const returnFocus = useReturnFocus(true);
  const image = images[index];
  const zoom = useZoom(image?.id ?? 0);
  if (!image) return null;
  const go = (step: number) => onIndexChange((index + step + images.length) % images.length);
  const onKeyDown = (event: KeyboardEvent) => {
    if (images.length > 1 && event.key === "ArrowRight") go(1);
    if (images.length > 1 && event.key === "ArrowLeft") go(-1);
    if (event.ctrlKey || event.metaKey) return;
    if (event.key === "+" || event.key === "=") zoom.zoomIn();
    if (event.key === "-") zoom.zoomOut();
    if (event.key === "0") zoom.reset();
  };
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="animate-in fixed inset-0 z-40 bg-[rgb(8_6_4/90%)]" />
        <Dialog.Content
          aria-describedby={undefined}
          {...returnFocus}
          onKeyDown={onKeyDown}
          className="animate-in fixed inset-0 z-50 flex flex-col text-[#fff] outline-none"
        >
          <ViewerBar
            image={image}
            zoom={zoom}
            title={images.length > 1 ? t("viewer.title", { index: index + 1, count: images.length }) : ""}
          />
          <div className="relative min-h-0 flex-1 overflow-hidden" onWheel={zoom.onWheel}>
            <button
              type="button"
              tabIndex={-1}
              aria-hidden
              onClick={onClose}
              className="absolute inset-0 cursor-zoom-out!"
            />
            <img
              key={image.id}
              src={image.file_url}
              alt={t("attachment.image", { name: image.filename })}
              draggable={false}
              style={{ transform: zoom.transform }}
              {...zoom.drag}
              className={`absolute inset-0 m-auto max-h-full max-w-full touch-none p-2 select-none md:p-6 ${zoom.isZoomed ? "cursor-grab active:cursor-grabbing" : "cursor-zoom-in"}`}
            />
            {images.length > 1 && (
              <>
                <StepButton side="left" label={t("viewer.previous")} onClick={() => go(-1)} />
                <StepButton side="right" label={t("viewer.next")} onClick={() => go(1)} />
              </>
            )}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The viewer's background is dark in both themes, so the controls on it have fixed colours. */
const onBlack = "text-[#e8e6e3]! hover:bg-[rgb(255_255_255/15%)]! hover:text-[#fff]!";

function ViewerBar({ image, title, zoom }: { image: Attachment; title: string; zoom: Zoom }) {
  const { t } = useTranslation("chat");
  const linkClass = `inline-flex size-9 items-center justify-center rounded-md ${onBlack}`;
  return (
    <header className="flex items-center gap-1 px-3 py-2">
      <Dialog.Title className="min-w-0 flex-1 truncate text-sm font-medium">
        {image.filename} {title && <span className="text-[rgb(255_255_255/75%)]">· {title}</span>}
      </Dialog.Title>
      <IconButton
        label={t("viewer.zoomOut")}
        icon={<ZoomOut size={18} />}
        tooltipSide="bottom"
        disabled={!zoom.isZoomed}
        onClick={zoom.zoomOut}
        className={onBlack}
      />
      <IconButton
        label={t("viewer.zoomIn")}
        icon={<ZoomIn size={18} />}
        tooltipSide="bottom"
        disabled={!zoom.canZoomIn}
        onClick={zoom.zoomIn}
        className={onBlack}
      />
      <a
        href={image.file_url}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={t("viewer.original")}
        title={t("viewer.original")}
        className={linkClass}
      >
        <ExternalLink size={18} aria-hidden />
      </a>
      <a
        href={image.file_url}
        download={image.filename}
        aria-label={t("viewer.download")}
        title={t("viewer.download")}
        className={linkClass}
      >
        <Download size={18} aria-hidden />
      </a>
      <Dialog.Close asChild>
        <IconButton label={t("viewer.close")} icon={<X size={20} />} tooltipSide="bottom" className={onBlack} />
      </Dialog.Close>
    </header>
  );
}

function StepButton({ side, label, onClick }: { side: "left" | "right"; label: string; onClick: () => void }) {
  const Icon = side === "left" ? ChevronLeft : ChevronRight;
  return (
    <IconButton
      size="lg"
      label={label}
      icon={<Icon size={26} />}
      tooltipSide={side === "left" ? "right" : "left"}
      onClick={onClick}
      className={`absolute top-1/2 -translate-y-1/2 bg-[rgb(0_0_0/50%)] ${onBlack} ${side === "left" ? "left-2" : "right-2"}`}
    />
  );
}
