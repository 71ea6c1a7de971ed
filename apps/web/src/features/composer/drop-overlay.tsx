import { Upload } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

/**
 * Covers the conversation while files are dragged over it. A file dropped elsewhere would replace the page, so other
 * drops are ignored.
 */
export function DropOverlay({ onDrop }: { onDrop: (files: readonly File[]) => void }) {
  const { t } = useTranslation("chat");
  const marker = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const zone = marker.current?.closest("main");
    const isInside = ({ target }: DragEvent) => target instanceof Node && (zone?.contains(target) ?? false);
    function onDragOver(event: DragEvent): void {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(isInside(event));
      if (event.dataTransfer) event.dataTransfer.dropEffect = isInside(event) ? "copy" : "none";
    }
    // Leaving the page has no related target; moving between two elements has one.
    const onDragLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    function take(event: DragEvent): void {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      if (isInside(event)) onDrop([...(event.dataTransfer?.files ?? [])]);
    }
    addEventListener("dragover", onDragOver);
    addEventListener("dragleave", onDragLeave);
    addEventListener("drop", take);
    return () => {
      removeEventListener("dragover", onDragOver);
      removeEventListener("dragleave", onDragLeave);
      removeEventListener("drop", take);
    };
  }, [onDrop]);
  return (
    <div ref={marker} className="pointer-events-none absolute inset-0 z-30 empty:hidden">
      {isOver && (
        <div className="animate-in flex size-full items-center justify-center bg-scrim p-6">
          <p className="flex items-center gap-3 rounded-lg bg-overlay px-6 py-5 text-lg font-semibold shadow-overlay outline-2 outline-offset-4 outline-accent outline-dashed">
            <Upload size={24} aria-hidden className="text-link" />
            {t("composer.drop")}
          </p>
        </div>
      )}
    </div>
  );
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}
