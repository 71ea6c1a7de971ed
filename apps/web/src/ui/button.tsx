import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";

const variants = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  secondary: "bg-active text-ink hover:bg-line-strong",
  ghost: "text-muted hover:bg-hover hover:text-ink",
  danger: "bg-danger text-on-danger hover:bg-danger-hover",
  link: "text-link underline-offset-2 hover:underline px-0!",
} as const;

const sizes = {
  sm: "min-h-7 px-2.5 text-sm gap-1.5 rounded-sm",
  md: "min-h-9 px-3.5 text-sm gap-2 rounded-md",
  lg: "min-h-11 px-5 text-base gap-2 rounded-md",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: keyof typeof variants;
  size?: keyof typeof sizes;
  icon?: ReactNode;
  /** True while work that this button started is running: the button keeps the focus but ignores clicks. */
  busy?: boolean;
}

export function Button({
  variant = "secondary",
  size = "md",
  type = "button",
  icon,
  busy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={cx(
        "inline-flex select-none items-center justify-center font-medium transition-colors",
        "disabled:cursor-not-allowed disabled:opacity-50",
        busy && "animate-pulse",
        variants[variant],
        sizes[size],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}
