import type { NewGifBody } from "@miscord/protocol";
import { LoaderCircle } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { StarButton } from "../gifs/star-button.tsx";
import { nextPlace } from "./emoji-grid.tsx";

/** A GIF to pick: one that the user keeps, or one that a search has found. */
export interface OfferedGif {
  source: string;
  url: string;
  title: string;
  /** To keep it; null: it is kept. */
  body: NewGifBody | null;
}

const columns = 2;

interface GifGridProps<Gif extends OfferedGif> {
  label: string;
  /** One at least. */
  gifs: readonly Gif[];
  /** Of the one that is being sent; null: none. */
  sending: string | null;
  onPick: (gif: Gif) => void;
}

/** One GIF with its star is in the tab order; arrow keys move between GIFs. */
export function GifGrid<Gif extends OfferedGif>({ label, gifs, sending, onPick }: GifGridProps<Gif>) {
  const [place, setPlace] = useState(0);
  const active = Math.min(place, gifs.length - 1);
  const rows = Array.from({ length: Math.ceil(gifs.length / columns) }, (_, row) =>
    gifs.slice(row * columns, (row + 1) * columns),
  );

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const next = nextPlace(event.key, { place: active, count: gifs.length, columns });
    if (next === null) return;
    event.preventDefault();
    event.currentTarget.querySelectorAll<HTMLElement>("[data-gif]")[next]?.focus();
  }

  return (
    <div role="grid" tabIndex={-1} aria-label={label} onKeyDown={onKeyDown} className="select-none">
      {rows.map((row, rowIndex) => (
        <div key={row[0]!.source} role="row" className="grid grid-cols-2 gap-1.5 pb-1.5">
          {row.map((gif, column) => (
            <GifCell
              key={gif.source}
              gif={gif}
              isActive={rowIndex * columns + column === active}
              isIdle={sending === null}
              isSending={sending === gif.source}
              onPick={() => onPick(gif)}
              onFocus={() => setPlace(rowIndex * columns + column)}
            />
          ))}
        </div>
      ))}
    </div>
  );
}

interface GifCellProps {
  gif: OfferedGif;
  /** Whether it is in the tab order. */
  isActive: boolean;
  /** Nothing is being sent. */
  isIdle: boolean;
  isSending: boolean;
  onPick: () => void;
  onFocus: () => void;
}

function GifCell({ gif, isActive, isIdle, isSending, onPick, onFocus }: GifCellProps) {
  const { t } = useTranslation("gifs");
  const title = gif.title || t("untitled");
  const tabIndex = isActive ? 0 : -1;
  return (
    <div role="gridcell" className="group/gif relative min-w-0" onFocus={onFocus}>
      <button
        type="button"
        data-gif
        tabIndex={tabIndex}
        aria-label={t("send", { title })}
        aria-disabled={!isIdle}
        title={title}
        onClick={() => isIdle && onPick()}
        className="focus-inset relative block aspect-4/3 w-full overflow-hidden rounded-md bg-active"
      >
        <img src={gif.url} alt="" data-still draggable={false} loading="lazy" className="size-full object-cover" />
        {isSending && (
          <span
            role="status"
            aria-label={t("sending")}
            className="absolute inset-0 flex items-center justify-center bg-[rgb(8_6_4/55%)] text-[#fff]"
          >
            <LoaderCircle size={24} aria-hidden className="animate-spin" />
          </span>
        )}
      </button>
      <StarButton source={gif.source} body={gif.body} tabIndex={tabIndex} />
    </div>
  );
}
