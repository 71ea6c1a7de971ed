import { cx } from "../../ui/cx.ts";
import { initials } from "../../ui/initials.ts";

/** Hues that stay apart from each other; the accent's own is left to what is active. */
const hues = [20, 105, 145, 185, 230, 265, 300, 345];
const sizes = {
  20: "size-5 rounded-sm text-[9px]",
  44: "size-11 rounded-lg text-sm",
  56: "size-14 rounded-xl text-lg",
} as const;

export interface ServerTileProps {
  id: number;
  name: string;
  /** Pixels. */
  size?: keyof typeof sizes;
  className?: string;
}

/** A server's mark until it has a picture: its initials on a tint of its own. Decoration: say its name beside it. */
export function ServerTile({ id, name, size = 44, className }: ServerTileProps) {
  const hue = hues[id % hues.length]!;
  return (
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
  );
}
