import type { ReactNode } from "react";

/** Describes an entry for both the button's menu and the right-click menu. */
export interface MenuAction {
  label: string;
  icon?: ReactNode;
  /** Runs when the menu has closed and returned the focus. */
  onSelect: () => void;
  danger?: boolean;
  disabled?: boolean;
  shortcut?: string;
  /** Renders the entry as a radio item in this state. */
  checked?: boolean;
  /** With `checked`: renders the entry as a checkbox item, which is switched by itself. */
  isToggle?: boolean;
  hint?: string;
}

export interface MenuSubmenu {
  label: string;
  icon?: ReactNode;
  items: readonly MenuEntry[];
}

export type MenuEntry = MenuAction | MenuSubmenu | { heading: string } | "separator" | false | null | undefined;

export const menuContentClass =
  "animate-in z-60 min-w-48 max-w-80 overflow-y-auto rounded-lg bg-overlay p-1 shadow-overlay outline-none";
const itemClass =
  "flex min-h-8 items-center gap-2.5 rounded-sm px-2.5 py-1 text-sm outline-none select-none data-[disabled]:pointer-events-none data-[disabled]:opacity-45";

export function menuItemClass(danger = false): string {
  const tone = danger
    ? "text-danger-ink data-[highlighted]:bg-danger-soft"
    : "text-ink data-[highlighted]:bg-active data-[state=open]:bg-active";
  return `${itemClass} ${tone}`;
}
