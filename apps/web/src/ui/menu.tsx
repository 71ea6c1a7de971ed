import { DropdownMenu } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { MenuEntries } from "./menu-entries.tsx";
import { menuContentClass, type MenuEntry } from "./menu-item.ts";
import { useAfterFocusReturn } from "./use-after-focus-return.ts";

export interface MenuProps {
  /** A button; Radix adds the ARIA attributes of a menu button. */
  trigger: ReactElement;
  entries: readonly MenuEntry[];
  align?: "start" | "center" | "end";
  side?: "top" | "right" | "bottom" | "left";
  /** Content above the entries that cannot be chosen. */
  header?: ReactNode;
  onOpenChange?: (open: boolean) => void;
}

export function Menu({ trigger, entries, align = "start", side = "bottom", header, onOpenChange }: MenuProps) {
  const { choose, onCloseAutoFocus } = useAfterFocusReturn();
  return (
    <DropdownMenu.Root modal={false} {...(onOpenChange ? { onOpenChange } : {})}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          onCloseAutoFocus={onCloseAutoFocus}
          className={`${menuContentClass} max-h-(--radix-dropdown-menu-content-available-height)`}
        >
          {header}
          <MenuEntries parts={DropdownMenu} entries={entries} onChoose={choose} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
