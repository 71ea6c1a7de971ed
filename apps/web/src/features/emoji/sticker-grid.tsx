import { stickerUrl } from "@miscord/protocol";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { cellsOf, nextPlace } from "./emoji-grid.tsx";
import type { OfferedSticker } from "./use-server-stickers.ts";

const columns = 4;

interface StickerGridProps {
  /** One at least. */
  stickers: readonly OfferedSticker[];
  onPick: (sticker: OfferedSticker) => void;
  onActive: (sticker: OfferedSticker) => void;
}

/** One cell is in the tab order; arrow keys move between cells. */
export function StickerGrid({ stickers, onPick, onActive }: StickerGridProps) {
  const { t } = useTranslation("stickers");
  const [place, setPlace] = useState(0);
  const active = Math.min(place, stickers.length - 1);
  const rows = Array.from({ length: Math.ceil(stickers.length / columns) }, (_, row) =>
    stickers.slice(row * columns, (row + 1) * columns),
  );

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const next = nextPlace(event.key, { place: active, count: stickers.length, columns });
    if (next === null) return;
    event.preventDefault();
    cellsOf(event.currentTarget)[next]?.focus();
  }

  return (
    <div role="grid" tabIndex={-1} aria-label={t("title")} onKeyDown={onKeyDown} className="select-none">
      {rows.map((row, rowIndex) => (
        <div key={row[0]!.id} role="row" className="grid grid-cols-4 gap-1 pb-1">
          {row.map((sticker, column) => {
            const index = rowIndex * columns + column;
            return (
              <button
                key={sticker.id}
                type="button"
                role="gridcell"
                tabIndex={index === active ? 0 : -1}
                aria-label={sticker.name}
                onClick={() => onPick(sticker)}
                onFocus={() => {
                  setPlace(index);
                  onActive(sticker);
                }}
                onPointerEnter={() => onActive(sticker)}
                className="focus-inset flex aspect-square min-w-0 items-center justify-center rounded-md p-1.5 hover:bg-active focus-visible:bg-active"
              >
                <img
                  src={stickerUrl(sticker.id)}
                  alt=""
                  draggable={false}
                  loading="lazy"
                  className="size-full object-contain"
                />
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}
