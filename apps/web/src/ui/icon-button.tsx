import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Tooltip, type TooltipProps } from "./tooltip.tsx";

const sizes = {
  xs: "size-6 rounded-sm",
  sm: "size-7 rounded-sm",
  md: "size-9 rounded-md",
  lg: "size-11 rounded-md",
} as const;

export interface IconButtonProps extends Omit<ComponentProps<"button">, "aria-label" | "children"> {
  /** Accessible name and tooltip. */
  label: string;
  icon: ReactNode;
  size?: keyof typeof sizes;
  /** Whether a toggle is on; announced as pressed. */
  pressed?: boolean;
  danger?: boolean;
  tooltipSide?: NonNullable<TooltipProps["side"]>;
  shortcut?: string;
}

export function IconButton({
  label,
  icon,
  size = "md",
  pressed,
  danger = false,
  tooltipSide = "top",
  shortcut,
  className,
  type = "button",
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} side={tooltipSide} {...(shortcut ? { shortcut } : {})}>
      <button
        type={type}
        aria-label={label}
        aria-pressed={pressed}
        className={cx(
          "inline-flex shrink-0 items-center justify-center transition-colors",
          "disabled:cursor-not-allowed disabled:opacity-45",
          danger
            ? "text-muted hover:bg-danger-soft hover:text-danger-ink"
            : "hover:bg-hover hover:text-ink data-[state=open]:bg-active",
          !danger && (pressed ? "bg-active text-ink" : "text-muted"),
          sizes[size],
          className,
        )}
        {...rest}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
