export type Shortcut =
  | { kind: "open"; dialog: "quick-switcher" | "shortcuts" }
  | { kind: "search"; scope: "channel" | "server" }
  | { kind: "channel"; step: 1 | -1; unreadOnly: boolean };

type Keys = Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">;

/** Compares `code`, the key's position, since Ctrl+K on a Russian layout has the key "л". */
export function shortcutOf({ key, code, altKey, ctrlKey, metaKey, shiftKey }: Keys): Shortcut | null {
  const command = (ctrlKey || metaKey) && !altKey;
  if (command && !shiftKey && code === "KeyK") return { kind: "open", dialog: "quick-switcher" };
  if (command && code === "KeyF") return { kind: "search", scope: shiftKey ? "server" : "channel" };
  if (command && code === "Slash") return { kind: "open", dialog: "shortcuts" };
  if (altKey && !ctrlKey && !metaKey && (key === "ArrowUp" || key === "ArrowDown")) {
    return { kind: "channel", step: key === "ArrowDown" ? 1 : -1, unreadOnly: shiftKey };
  }
  return null;
}

/** The id before or after the current one, wrapping at the ends; null when there is no other. */
export function neighbour(ids: readonly number[], current: number | null, step: 1 | -1): number | null {
  const at = current === null ? -1 : ids.indexOf(current);
  const start = at < 0 && step < 0 ? 0 : at;
  const target = ids[(start + step + ids.length) % ids.length];
  return target === undefined || target === current ? null : target;
}
