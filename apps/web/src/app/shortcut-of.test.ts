import { expect, test } from "vitest";
import { neighbour, shortcutOf } from "./shortcut-of.ts";

const none = { key: "", code: "", altKey: false, ctrlKey: false, metaKey: false, shiftKey: false };

test("the quick switcher's shortcut works on any keyboard layout", () => {
  const dialog = { kind: "open", dialog: "quick-switcher" };
  expect(shortcutOf({ ...none, ctrlKey: true, key: "k", code: "KeyK" })).toEqual(dialog);
  expect(shortcutOf({ ...none, metaKey: true, key: "л", code: "KeyK" })).toEqual(dialog);
});

test("shortcuts of editors and browsers are left alone", () => {
  expect(shortcutOf({ ...none, key: "k", code: "KeyK" })).toBeNull();
  expect(shortcutOf({ ...none, ctrlKey: true, shiftKey: true, key: "K", code: "KeyK" })).toBeNull();
  expect(shortcutOf({ ...none, ctrlKey: true, altKey: true, key: "ArrowUp" })).toBeNull();
});

test("Ctrl+F searches the channel, with Shift the server, on any keyboard layout", () => {
  expect(shortcutOf({ ...none, ctrlKey: true, key: "а", code: "KeyF" })).toEqual({ kind: "search", scope: "channel" });
  expect(shortcutOf({ ...none, metaKey: true, shiftKey: true, key: "F", code: "KeyF" })).toEqual({
    kind: "search",
    scope: "server",
  });
});

test("Alt with an arrow key steps through channels, with Shift through unread ones", () => {
  expect(shortcutOf({ ...none, altKey: true, key: "ArrowDown" })).toEqual({
    kind: "channel",
    step: 1,
    unreadOnly: false,
  });
  expect(shortcutOf({ ...none, altKey: true, shiftKey: true, key: "ArrowUp" })).toEqual({
    kind: "channel",
    step: -1,
    unreadOnly: true,
  });
});

test.each([
  [[1, 2, 3], 2, 1, 3],
  [[1, 2, 3], 3, 1, 1],
  [[1, 2, 3], 1, -1, 3],
  [[1, 2, 3], null, 1, 1],
  [[1, 2, 3], null, -1, 3],
  [[1], 1, 1, null],
  [[], null, 1, null],
] as const)("the neighbour of a channel in %j: from %s by %d is %s", (ids, current, step, expected) => {
  expect(neighbour(ids, current, step)).toBe(expected);
});
