import { cx } from "./cx.ts";

/**
 * Placeholder for loading content; give it the content's size. The caller announces the loading state to screen
 * readers.
 */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse rounded-sm bg-active", className)} />;
}
