import { type KeyboardEvent, memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../ui/cx.ts";
import { type EmojiEntry, type SkinTone, withSkinTone } from "./emoji-data.ts";
import { EmojiGlyph } from "./emoji-glyph.tsx";

const columns = 9;

interface EmojiGridProps {
  entries: readonly EmojiEntry[];
  skinTone: SkinTone;
  onPick: (entry: EmojiEntry) => void;
  onActive: (entry: EmojiEntry | null) => void;
  /** Fills the height of the categories' tabs too, so that the picker keeps its size. */
  isTall: boolean;
}

/** Emoji in cells of one size. One cell is in the tab order; arrow keys move between cells. */
export const EmojiGrid = memo(function EmojiGrid({ entries, skinTone, onPick, onActive, isTall }: EmojiGridProps) {
  const { t } = useTranslation("chat");
  const [place, setPlace] = useState(0);
  const active = Math.min(place, entries.length - 1);
  const rows = Array.from({ length: Math.ceil(entries.length / columns) }, (_, row) =>
    entries.slice(row * columns, (row + 1) * columns),
  );

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const next = nextPlace(event.key, { place: active, count: entries.length, columns });
    if (next === null) return;
    event.preventDefault();
    cellsOf(event.currentTarget)[next]?.focus();
  }

  if (entries.length === 0) return null;
  return (
    <div
      role="grid"
      tabIndex={-1}
      aria-label={t("emoji.title")}
      onKeyDown={onKeyDown}
      className={cx(
        "snap-y snap-proximity overflow-y-auto select-none",
        isTall
          ? tallClass
          : "h-[min(15.75rem,round(down,var(--radix-popover-content-available-height)-9.5rem-var(--picker-tabs,0rem),2.25rem))]",
      )}
    >
      {rows.map((row, rowIndex) => (
        <div key={row[0]!.emoji} role="row" className="grid snap-start grid-cols-9">
          {row.map((entry, column) => {
            const index = rowIndex * columns + column;
            return (
              <button
                key={entry.emoji}
                type="button"
                role="gridcell"
                tabIndex={index === active ? 0 : -1}
                aria-label={entry.label}
                onClick={() => onPick(entry)}
                onFocus={() => {
                  setPlace(index);
                  onActive(entry);
                }}
                onPointerEnter={() => onActive(entry)}
                className="focus-inset flex h-9 min-w-0 items-center justify-center rounded-md text-[1.375rem] leading-none hover:bg-active focus-visible:bg-active"
              >
                <EmojiGlyph emoji={withSkinTone(entry, skinTone)} />
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
});

/** Seven rows and the height of the tabs; whole rows where there is less room. */
const tallClass =
  "h-[min(18rem,round(down,var(--radix-popover-content-available-height)-7rem-var(--picker-tabs,0rem),2.25rem))]";

export function cellsOf(grid: HTMLElement): readonly HTMLElement[] {
  return [...grid.querySelectorAll<HTMLElement>("[role=gridcell]")];
}

export function focusFirstCell(panel: HTMLElement | null): void {
  if (panel) cellsOf(panel)[0]?.focus();
}

interface Place {
  place: number;
  count: number;
  columns: number;
}

/** Where the key leads to in a grid; null: it is none of those that move. */
export function nextPlace(key: string, { place, count, columns }: Place): number | null {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  return step === undefined ? null : Math.max(0, Math.min(count - 1, place + step));
}
