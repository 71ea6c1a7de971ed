/**
 * The key or mouse button that is held to talk, as text: modifiers and a `KeyboardEvent.code` or `Mouse3` to `Mouse5`,
 * such as `Control+Shift+KeyV`. A modifier alone is its code, such as `ControlLeft`.
 */
export interface TalkKey {
  modifiers: readonly Modifier[];
  /** A `KeyboardEvent.code`, or a name of `mouseButtons`. */
  code: string;
}

const modifiers = ["Control", "Alt", "Shift", "Meta"] as const;
type Modifier = (typeof modifiers)[number];

/** Names of mouse buttons by `MouseEvent.button`; the left and the right one are needed for other things. */
const mouseButtons: Readonly<Record<number, string>> = { 1: "Mouse3", 3: "Mouse4", 4: "Mouse5" };

type Modified = Pick<MouseEvent, "ctrlKey" | "altKey" | "shiftKey" | "metaKey">;
export type KeyLike = Modified & Pick<KeyboardEvent, "code">;
export type ButtonLike = Modified & Pick<MouseEvent, "button">;

export function parseTalkKey(text: string): TalkKey {
  const parts = text.split("+");
  return { modifiers: modifiers.filter((one) => parts.slice(0, -1).includes(one)), code: parts.at(-1) ?? "" };
}

export function talkKeyText({ modifiers: held, code }: TalkKey): string {
  return [...held, code].join("+");
}

/** The key that an event is about; null for the left and the right mouse button, and keys without a place. */
export function talkKeyOf(event: KeyLike | ButtonLike): TalkKey | null {
  const code = codeOf(event);
  return code ? { modifiers: heldModifiers(event).filter((one) => !code.startsWith(one)), code } : null;
}

/** The code of a key, or the name of a mouse button. */
export function codeOf(event: KeyLike | ButtonLike): string | null {
  return "code" in event ? event.code || null : (mouseButtons[event.button] ?? null);
}

export function isModifier(code: string): boolean {
  return /^(?:Control|Alt|Shift|Meta)(?:Left|Right)$/.test(code);
}

function heldModifiers({ ctrlKey, altKey, shiftKey, metaKey }: Modified): Modifier[] {
  const held = { Control: ctrlKey, Alt: altKey, Shift: shiftKey, Meta: metaKey };
  return modifiers.filter((one) => held[one]);
}
