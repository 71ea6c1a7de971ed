import { Popover as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx.ts";
import { usePhone } from "./use-media-query.ts";
import { rememberOpener } from "./use-return-focus.ts";

export interface PopoverProps {
  trigger: ReactElement;
  /** Accessible name. */
  label: string;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: "start" | "center" | "end";
  side?: "top" | "right" | "bottom" | "left";
  /** Called before the focus returns to the trigger. */
  onCloseAutoFocus?: () => void;
  className?: string;
}

export function Popover(props: PopoverProps) {
  const {
    trigger,
    label,
    children,
    open,
    onOpenChange,
    align = "start",
    side = "bottom",
    className,
    onCloseAutoFocus,
  } = props;
  // A phone has no room beside an element, so the popover opens above or below it.
  const isPhone = usePhone();
  const shownSide = isPhone && (side === "left" || side === "right") ? "bottom" : side;
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          ref={rememberOpener}
          {...(onCloseAutoFocus ? { onCloseAutoFocus } : {})}
          aria-label={label}
          align={align}
          side={shownSide}
          sideOffset={6}
          collisionPadding={8}
          className={cx("animate-in z-50 rounded-lg bg-overlay shadow-overlay outline-none", className)}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
