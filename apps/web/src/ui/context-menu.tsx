import { ContextMenu as Radix } from "radix-ui";
import type { ReactElement } from "react";
import { MenuEntries } from "./menu-entries.tsx";
import { menuContentClass, type MenuEntry } from "./menu-item.ts";
import { useAfterFocusReturn } from "./use-after-focus-return.ts";

export interface ContextMenuProps {
  entries: readonly MenuEntry[];
  /** Opens the menu by right click or long press. Every menu entry must be reachable another way too. */
  children: ReactElement;
}

export function ContextMenu({ entries, children }: ContextMenuProps) {
  const { choose, onCloseAutoFocus } = useAfterFocusReturn();
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          collisionPadding={8}
          onCloseAutoFocus={onCloseAutoFocus}
          className={`${menuContentClass} max-h-(--radix-context-menu-content-available-height)`}
        >
          <MenuEntries parts={Radix} entries={entries} onChoose={choose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
