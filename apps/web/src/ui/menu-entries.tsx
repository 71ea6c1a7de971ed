import { Check, ChevronRight } from "lucide-react";
import type { ContextMenu, DropdownMenu } from "radix-ui";
import { Kbd } from "./kbd.tsx";
import { usePhone } from "./use-media-query.ts";
import { menuContentClass, menuItemClass, type MenuAction, type MenuEntry, type MenuSubmenu } from "./menu-item.ts";

/** Radix's two kinds of menu have the same parts under different names. */
type Parts = typeof DropdownMenu | typeof ContextMenu;

interface MenuEntriesProps {
  parts: Parts;
  entries: readonly MenuEntry[];
  /** Takes the chosen entry's action, to run it when the menu has closed. */
  onChoose: (run: () => void) => void;
}

/** A phone has no room beside a menu: a submenu covers all of it but an edge. In pixels. */
const overlap = -168;

/** Renders entries with the parts of either Radix menu. */
export function MenuEntries({ parts, entries, onChoose }: MenuEntriesProps) {
  const Menu = parts as typeof DropdownMenu;
  return entries.map((entry, index) => {
    if (!entry) return null;
    if (entry === "separator") return <Menu.Separator key={index} className="mx-2 my-1 h-px bg-line" />;
    if ("heading" in entry) {
      return (
        <Menu.Label key={index} className="px-2.5 pb-1 pt-2 text-xs font-medium text-faint">
          {entry.heading}
        </Menu.Label>
      );
    }
    if ("items" in entry) return <Submenu key={index} parts={parts} entry={entry} onChoose={onChoose} />;
    return <Action key={index} parts={parts} entry={entry} onChoose={onChoose} />;
  });
}

function Action({ parts, entry, onChoose }: Omit<MenuEntriesProps, "entries"> & { entry: MenuAction }) {
  const Menu = parts as typeof DropdownMenu;
  const content = (
    <>
      {entry.icon && <span className="flex w-4.5 shrink-0 justify-center opacity-85">{entry.icon}</span>}
      <span className="min-w-0 flex-1">
        <span className="block wrap-break-word">{entry.label}</span>
        {entry.hint && <span className="block text-xs text-muted">{entry.hint}</span>}
      </span>
      {entry.shortcut && <Kbd>{entry.shortcut}</Kbd>}
    </>
  );
  const shared = {
    onSelect: () => onChoose(entry.onSelect),
    disabled: entry.disabled ?? false,
    className: menuItemClass(entry.danger),
  };
  if (entry.checked === undefined) return <Menu.Item {...shared}>{content}</Menu.Item>;
  return (
    <Menu.CheckboxItem
      {...shared}
      checked={entry.checked}
      role={entry.isToggle ? "menuitemcheckbox" : "menuitemradio"}
      aria-checked={entry.checked}
    >
      {content}
      <span className="flex w-4 shrink-0 text-link">{entry.checked && <Check size={16} aria-hidden />}</span>
    </Menu.CheckboxItem>
  );
}

function Submenu({ parts, entry, onChoose }: Omit<MenuEntriesProps, "entries"> & { entry: MenuSubmenu }) {
  const Menu = parts as typeof DropdownMenu;
  const isPhone = usePhone();
  return (
    <Menu.Sub>
      <Menu.SubTrigger className={menuItemClass()}>
        {entry.icon && <span className="flex w-4.5 shrink-0 justify-center opacity-85">{entry.icon}</span>}
        <span className="min-w-0 flex-1">{entry.label}</span>
        <ChevronRight size={16} aria-hidden className="text-faint" />
      </Menu.SubTrigger>
      <Menu.Portal>
        <Menu.SubContent className={menuContentClass} sideOffset={isPhone ? overlap : 4} collisionPadding={8}>
          <MenuEntries parts={parts} entries={entry.items} onChoose={onChoose} />
        </Menu.SubContent>
      </Menu.Portal>
    </Menu.Sub>
  );
}
