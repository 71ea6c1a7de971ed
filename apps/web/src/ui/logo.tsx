import { cx } from "./cx.ts";

/** The logo: an m whose last stroke ends as the tail of a speech bubble. */
export function LogoMark({ size = 32, className }: { size?: number; className?: string }) {
  return (
    <svg
      viewBox="4 8 24 18"
      width={size}
      height={(size * 18) / 24}
      fill="none"
      aria-hidden
      className={cx("text-accent", className)}
    >
      <path
        d="M7 22.5v-7.25a4.5 4.5 0 0 1 9 0v7.25m0-7.25a4.5 4.5 0 0 1 9 0v5.1a3.6 3.6 0 0 1-3.6 3.6"
        stroke="currentColor"
        strokeWidth="3.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
