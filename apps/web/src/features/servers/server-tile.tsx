import { cx } from "../../ui/cx.ts";
import { initials } from "../../ui/initials.ts";
import { Picture } from "../../ui/picture.tsx";

/** Hues that are easy to tell apart. The accent's own hue is left out, since it marks the active element. */
const hues = [20, 105, 145, 185, 230, 265, 300, 345];
const sizes = {
  20: "size-5 rounded-sm text-[9px]",
  44: "size-11 rounded-lg text-sm",
  56: "size-14 rounded-xl text-lg",
} as const;

export interface ServerTileProps {
  id: number;
  name: string;
  iconUrl: string | null;
  /** Edge length in CSS pixels. */
  size?: keyof typeof sizes;
  className?: string;
}

/**
 * A server's picture, or its initials on a colour of its own. Hidden from screen readers; the caller names the server beside
 * it.
 */
export function ServerTile({ id, name, iconUrl, size = 44, className }: ServerTileProps) {
  const hue = hues[id % hues.length]!;
  return (
    <Picture url={iconUrl} className={cx("shrink-0", sizes[size], className)}>
      <span
        aria-hidden
        style={{ backgroundColor: `color-mix(in oklab, oklch(0.6 0.13 ${hue}) 26%, var(--raised))` }}
        className={cx(
          "flex shrink-0 select-none items-center justify-center font-semibold text-ink",
          sizes[size],
          className,
        )}
      >
        {initials(name)}
      </span>
    </Picture>
  );
}
