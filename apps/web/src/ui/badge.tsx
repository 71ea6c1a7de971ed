import { cx } from "./cx.ts";
import { VisuallyHidden } from "./visually-hidden.tsx";

export interface BadgeProps {
  count: number;
  /** Accessible text such as "3 mentions". */
  label: string;
  tone?: "accent" | "neutral";
  className?: string;
}

export function Badge({ count, label, tone = "accent", className }: BadgeProps) {
  if (count <= 0) return null;
  return (
    <span
      className={cx(
        "inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-full px-1.25 text-2xs font-bold tabular-nums",
        tone === "accent" ? "bg-accent text-on-accent" : "bg-active text-ink",
        className,
      )}
    >
      <span aria-hidden>{count > 99 ? "99+" : count}</span>
      <VisuallyHidden>{label}</VisuallyHidden>
    </span>
  );
}
