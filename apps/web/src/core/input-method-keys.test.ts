import { expect, test } from "vitest";
import { ignoreInputMethodKeys } from "./input-method-keys.ts";

interface Key {
  key: string;
  isComposing: boolean;
  keyCode: number;
}

function handled(key: Key): boolean {
  const target = new EventTarget();
  ignoreInputMethodKeys(target);
  let isHandled = false;
  target.addEventListener("keydown", () => (isHandled = true));
  target.dispatchEvent(Object.assign(new Event("keydown"), key));
  return isHandled;
}

test.each([
  ["Enter during a composition in Chromium", { key: "Enter", isComposing: true, keyCode: 229 }, false],
  ["Enter that confirms a composition in Safari", { key: "Enter", isComposing: false, keyCode: 229 }, false],
  ["Escape that cancels a composition", { key: "Escape", isComposing: true, keyCode: 229 }, false],
  ["an arrow key that chooses a candidate", { key: "ArrowDown", isComposing: true, keyCode: 40 }, false],
  ["Enter without an input method", { key: "Enter", isComposing: false, keyCode: 13 }, true],
  ["a processed key held for push to talk", { key: "Process", isComposing: false, keyCode: 229 }, true],
])("%s (%o) reaches the handlers of the page: %s", (_name, key, reaches) => {
  expect(handled(key)).toBe(reaches);
});
