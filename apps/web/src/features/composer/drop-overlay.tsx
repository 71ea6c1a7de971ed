import { useEffect, useRef, useState } from "react";
import { LazyPart } from "../../core/lazy-part.tsx";
import { lazyWithTexts } from "../../i18n/lazy-with-texts.ts";

const DropHint = lazyWithTexts(async () => (await import("./drop-hint.tsx")).DropHint);

/**
 * Covers the conversation while files are dragged over it. A file dropped elsewhere would replace the page, so other
 * drops are ignored.
 */
export function DropOverlay({ onDrop }: { onDrop: (files: readonly File[]) => void }) {
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
        <LazyPart failed={null}>
          <DropHint />
        </LazyPart>
      )}
    </div>
  );
}

function carriesFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}
