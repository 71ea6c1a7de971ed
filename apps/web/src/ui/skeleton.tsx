import { cx } from "./cx.ts";

/** Stands where content will be; give it the content's size. Whoever uses it says "loading" to screen readers. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse rounded-sm bg-active", className)} />;
}
