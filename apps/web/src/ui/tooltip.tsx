import { Tooltip as Radix } from "radix-ui";
import { type ReactElement, type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Kbd } from "./kbd.tsx";

export interface TooltipProps {
  label: string;
  side?: "top" | "right" | "bottom" | "left";
  shortcut?: string;
  /** A single element that accepts a ref and event handlers and has an accessible name of its own. */
  children: ReactElement;
}

/** The key that was pressed last, empty after a pointer was pressed. */
let lastKey = "";
globalThis.addEventListener?.("keydown", ({ key }) => void (lastKey = key), { capture: true });
globalThis.addEventListener?.("pointerdown", () => void (lastKey = ""), { capture: true });

/** Keys that move the focus. Focus that a closing dialog returns after Escape or Enter opens no tooltip. */
const isMovingKey = (key: string) => key === "Tab" || key.startsWith("Arrow") || key === "Home" || key === "End";

export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    // Without hoverable content a tooltip closes when the pointer leaves its trigger, not a triangle beside it.
    <Radix.Provider delayDuration={350} skipDelayDuration={150} disableHoverableContent>
      {children}
    </Radix.Provider>
  );
}

export function Tooltip({ label, side = "top", shortcut, children }: TooltipProps) {
  const trigger = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  useCloseWhenLeft(isOpen, trigger, setOpen);
  return (
    <Radix.Root open={isOpen} onOpenChange={setOpen}>
      {/* Focus opens the tooltip only for keyboard users who moved it there. */}
      <Radix.Trigger
        ref={trigger}
        asChild
        onFocus={(event) => {
          const wasMovedHere = event.currentTarget.matches(":focus-visible") && isMovingKey(lastKey);
          if (!wasMovedHere) event.preventDefault();
        }}
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

/**
 * Closes the tooltip once neither the pointer nor the focus is on its trigger. Browsers fire no `pointerleave` and no
 * `blur` for a button that becomes disabled or is replaced below the pointer, nor when the window loses the focus.
 */
function useCloseWhenLeft(
  isOpen: boolean,
  trigger: RefObject<HTMLElement | null>,
  setOpen: (isOpen: boolean) => void,
): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const close = () => setOpen(false);
    const check = ({ target }: Event) => {
      const element = trigger.current;
      const isOn = element?.contains(target as Node) || element?.contains(document.activeElement);
      if (!isOn) close();
    };
    document.addEventListener("pointermove", check, { capture: true });
    document.addEventListener("focusin", check, { capture: true });
    addEventListener("blur", close);
    return () => {
      document.removeEventListener("pointermove", check, { capture: true });
      document.removeEventListener("focusin", check, { capture: true });
      removeEventListener("blur", close);
    };
  }, [isOpen, trigger, setOpen]);
}
