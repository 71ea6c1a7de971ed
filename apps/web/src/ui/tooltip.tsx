import { Tooltip as Radix } from "radix-ui";
import type { ReactElement } from "react";
import { Kbd } from "./kbd.tsx";

export interface TooltipProps {
  label: string;
  side?: "top" | "right" | "bottom" | "left";
  shortcut?: string;
  /** A single element that accepts a ref and event handlers and has an accessible name of its own. */
  children: ReactElement;
}

export const TooltipProvider = Radix.Provider;

export function Tooltip({ label, side = "top", shortcut, children }: TooltipProps) {
  return (
    <Radix.Root>
      {/* Focus opens the tooltip only for keyboard users; focus that returns after a touch must not open it. */}
      <Radix.Trigger
        asChild
        onFocus={(event) => !event.currentTarget.matches(":focus-visible") && event.preventDefault()}
      >
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="animate-in pointer-events-none z-60 flex max-w-64 items-center gap-2 rounded-md bg-overlay px-2.5 py-1.5 text-xs font-medium text-ink shadow-overlay"
        >
          {label}
          {shortcut && <Kbd>{shortcut}</Kbd>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
