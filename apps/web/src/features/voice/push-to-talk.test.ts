import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { followKey, pausePushToTalk } from "./push-to-talk.ts";
import { parseTalkKey, talkKeyOf, talkKeyText } from "./talk-key.ts";

const none = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };
let page: EventTarget;
let held: boolean[];
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  held = [];
});
afterEach(() => {
  end();
  pausePushToTalk(false);
});

function follow(text: string): void {
  end = followKey(parseTalkKey(text), (isHeld) => held.push(isHeld), page);
}

/** Whether the page got the event: a key that it did not get writes nothing. */
function fire(type: string, input: object): boolean {
  const event = Object.assign(new Event(type, { cancelable: true }), { ...none, ...input });
  let isSeen = false;
  page.addEventListener(type, () => (isSeen = true), { once: true });
  page.dispatchEvent(event);
  return isSeen && !event.defaultPrevented;
}

test.each([
  ["Backquote", { code: "Backquote", key: "`" }],
  ["KeyV", { code: "KeyV", key: "v" }],
  ["Space", { code: "Space", key: " " }],
  ["F8", { code: "F8", key: "F8" }],
  ["Control+KeyV", { code: "KeyV", ctrlKey: true }],
  ["Control+Shift+KeyV", { code: "KeyV", ctrlKey: true, shiftKey: true }],
  ["Alt+Digit1", { code: "Digit1", altKey: true }],
  ["ControlLeft", { code: "ControlLeft", ctrlKey: true }],
])("the key %s talks while it is held, and the page gets none of it", async (text, input) => {
  follow(text);
  expect(fire("keydown", input)).toBe(false);
  expect(fire("keydown", { ...input, repeat: true })).toBe(false);
  expect(held).toEqual([true]);
  expect(fire("keyup", input)).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(held).toEqual([true, false]);
});

test.each([
  ["Mouse3", 1],
  ["Mouse4", 3],
  ["Mouse5", 4],
])("the mouse button %s talks while it is held, and the page gets none of it", async (text, button) => {
  follow(text);
  expect(fire("mousedown", { button })).toBe(false);
  expect(fire("mouseup", { button })).toBe(false);
  expect(fire("auxclick", { button })).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(held).toEqual([true, false]);
});

test.each([
  ["KeyV", "keydown", { code: "KeyV", ctrlKey: true }],
  ["KeyV", "keydown", { code: "KeyV", shiftKey: true }],
  ["KeyV", "keydown", { code: "KeyB" }],
  ["Control+KeyV", "keydown", { code: "KeyV" }],
  ["Mouse4", "mousedown", { button: 0 }],
  ["Mouse4", "mousedown", { button: 2 }],
])("with %s to talk, the page gets another %s", (text, type, input) => {
  follow(text);
  expect(fire(type, input)).toBe(true);
  expect(held).toEqual([]);
});

test("a combination ends when its modifier is released first", async () => {
  follow("Control+KeyV");
  fire("keydown", { code: "KeyV", ctrlKey: true });
  fire("keyup", { code: "ControlLeft", ctrlKey: false });
  await vi.advanceTimersByTimeAsync(200);
  expect(held).toEqual([true, false]);
});

test("a page that loses the focus no longer talks", async () => {
  follow("KeyV");
  fire("keydown", { code: "KeyV" });
  fire("blur", {});
  await vi.advanceTimersByTimeAsync(200);
  expect(held).toEqual([true, false]);
});

test("a key does not talk while the user chooses another one", () => {
  follow("KeyV");
  pausePushToTalk(true);
  expect(fire("keydown", { code: "KeyV" })).toBe(true);
  expect(held).toEqual([]);
});

test.each(["KeyV", "Control+Alt+Shift+Meta+KeyV", "ControlLeft", "Mouse4", "Shift+Mouse5"])(
  "the key to talk %s is read back from its text",
  (text) => {
    end = () => {};
    expect(talkKeyText(parseTalkKey(text))).toBe(text);
  },
);

test("a modifier pressed alone is a key without modifiers", () => {
  end = () => {};
  expect(talkKeyOf({ ...none, ctrlKey: true, code: "ControlRight" })).toEqual({ modifiers: [], code: "ControlRight" });
});
