import type { NewGifBody } from "@miscord/protocol";
import { Star } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useAction } from "../../core/use-action.ts";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { forgetGif, keepGif, useKeptFrom } from "./kept-gifs.ts";

interface StarButtonProps {
  /** Where the GIF is found, as a favourite names it. */
  source: string;
  /** Null: it is a favourite already, from wherever it was. */
  body: NewGifBody | null;
  tabIndex?: number;
}

/**
 * Adds a GIF to the user's favourites, or takes it away again. Inside an element of the group `gif`, over whose picture it lies;
 * on touch screens it is always there.
 */
export function StarButton({ source, body, tabIndex }: StarButtonProps) {
  const { t } = useTranslation("gifs");
  const { busy, run } = useAction();
  const kept = useKeptFrom(source);
  // A press shows at once; the server needs some moments for the copy.
  const isKept = busy ? !kept : Boolean(kept);
  const press = () => run(async () => (kept ? forgetGif(kept.id) : body && keepGif(body)));
  return (
    <IconButton
      size="sm"
      label={t(isKept ? "remove" : "add")}
      icon={<Star size={16} aria-hidden fill={isKept ? "currentColor" : "none"} />}
      tabIndex={tabIndex}
      aria-busy={busy}
      onClick={() => void press()}
      className={cx(
        "absolute top-1.5 right-1.5 bg-[rgb(8_6_4/65%)]! hover:bg-[rgb(8_6_4/85%)]!",
        "opacity-0 group-focus-within/gif:opacity-100 group-hover/gif:opacity-100 focus-visible:opacity-100 pointer-coarse:size-9 pointer-coarse:opacity-100",
        isKept ? "text-[#f5c542]!" : "text-[#fff]!",
      )}
    />
  );
}
