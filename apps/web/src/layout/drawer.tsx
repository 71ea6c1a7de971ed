import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "../ui/cx.ts";
import { scrimClass } from "../ui/dialog.tsx";
import { useReturnFocus } from "../ui/use-return-focus.ts";

export interface DrawerProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Accessible name. */
  label: string;
  side: "left" | "right";
  children: ReactNode;
}

/** A pane over the page, for screens without room beside it. */
export function Drawer({ open, onOpenChange, label, side, children }: DrawerProps) {
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={scrimClass} />
        <Dialog.Content
          aria-describedby={undefined}
          {...returnFocus}
          // The drawer itself takes the focus, not its first link.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          className={cx(
            "fixed inset-y-0 z-40 flex w-[min(100%-3rem,22rem)] bg-sunken pb-[env(safe-area-inset-bottom)] shadow-overlay outline-none",
            side === "left" ? "left-0 animate-slide-right" : "right-0 animate-slide-left",
          )}
        >
          <Dialog.Title className="sr-only">{label}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
