/** As the web client writes keys (`Control+Shift+KeyV`), in the words of Electron; null for what cannot be a global shortcut. */
export function acceleratorOf(key: string): string | null {
  const parts = key.split("+");
  const code = parts.at(-1) ?? "";
  const modifiers = parts.slice(0, -1);
  const name = nameOf(code);
  if (name === null || modifiers.some((one) => !(one in modifierNames))) return null;
  // What people type would be taken from every other program, and told to the page.
  if (!/^F\d+$/.test(name) && modifiers.every((one) => one === "Shift")) return null;
  return [...modifiers.map((one) => modifierNames[one as keyof typeof modifierNames]), name].join("+");
}

const modifierNames = { Control: "Control", Alt: "Alt", Shift: "Shift", Meta: "Super" } as const;
const named: Readonly<Record<string, string>> = {
  Space: "Space",
  Insert: "Insert",
  Home: "Home",
  End: "End",
  PageUp: "PageUp",
  PageDown: "PageDown",
};

function nameOf(code: string): string | null {
  const letter = /^(?:Key([A-Z])|Digit(\d))$/.exec(code);
  if (letter) return letter[1] ?? letter[2]!;
  if (/^F(?:[1-9]|1\d|2[0-4])$/.test(code)) return code;
  const digit = /^Numpad(\d)$/.exec(code);
  if (digit) return `num${digit[1]}`;
  return named[code] ?? null;
}

/** The system tells of presses only, and repeats them while a key is held: a pause in them is its release. */
const beforeRepeatMs = 700;
const betweenRepeatsMs = 150;

/** Whether a key is held, from presses that the system repeats. `onChange` gets each change. */
export class HeldKey {
  readonly #onChange: (isHeld: boolean) => void;
  #release: ReturnType<typeof setTimeout> | null = null;

  constructor(onChange: (isHeld: boolean) => void) {
    this.#onChange = onChange;
  }

  press(): void {
    const isRepeat = this.#release !== null;
    if (this.#release) clearTimeout(this.#release);
    this.#release = setTimeout(() => this.stop(), isRepeat ? betweenRepeatsMs : beforeRepeatMs);
    if (!isRepeat) this.#onChange(true);
  }

  /** Counts as a release. */
  stop(): void {
    if (this.#release === null) return;
    clearTimeout(this.#release);
    this.#release = null;
    this.#onChange(false);
  }
}
