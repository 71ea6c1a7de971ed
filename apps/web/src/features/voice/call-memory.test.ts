import { expect, test } from "vitest";
import { CallMemory } from "./call-memory.ts";

class FakeStorage {
  readonly values = new Map<string, string>();
  getItem = (key: string) => this.values.get(key) ?? null;
  setItem = (key: string, value: string) => void this.values.set(key, value);
  removeItem = (key: string) => void this.values.delete(key);
}

function memories(count: number): CallMemory[] {
  const storage = { tab: new FakeStorage(), browser: new FakeStorage() };
  return Array.from({ length: count }, () => new CallMemory(() => storage));
}

test("a call is remembered over a reload, once", () => {
  const [before, after] = memories(2);
  before!.pageLeft(1, 7, 1_000);
  expect(after!.takeCall(1, 5_000)).toBe(7);
  expect(after!.takeCall(1, 5_000)).toBeNull();
});

test.each([
  ["of another user", 2, 5_000],
  ["of a tab that was opened again later", 1, 121_000],
])("a call %s is not remembered", (_, userId, now) => {
  const [before, after] = memories(2);
  before!.pageLeft(1, 7, 1_000);
  expect(after!.takeCall(userId, now)).toBeNull();
});

test("mute and deafen are remembered over a reload", () => {
  const [before, after] = memories(2);
  expect(after!.status()).toEqual({ isMuted: false, isDeafened: false, wasMuted: false });
  before!.keepStatus({ isMuted: true, isDeafened: true, wasMuted: true });
  expect(after!.status()).toEqual({ isMuted: true, isDeafened: true, wasMuted: true });
});

test.each(["{", "null", "7", '"x"', "[]", '{"channelId":"7","userId":1,"leftAt":1}'])(
  "stored text %s is no call and no status",
  (text) => {
    const storage = { tab: new FakeStorage(), browser: new FakeStorage() };
    storage.tab.setItem("miscord.call", text);
    storage.browser.setItem("miscord.call-status", text);
    const memory = new CallMemory(() => storage);
    expect(memory.takeCall(1, 2)).toBeNull();
    expect(memory.status()).toEqual({ isMuted: false, isDeafened: false, wasMuted: false });
  },
);

test("forbidden storage remembers nothing and throws nothing", () => {
  const memory = new CallMemory(() => {
    throw new Error("SecurityError");
  });
  memory.pageLeft(1, 7, 0);
  memory.keepStatus({ isMuted: true, isDeafened: false, wasMuted: false });
  expect(memory.takeCall(1, 0)).toBeNull();
  expect(memory.status().isMuted).toBe(false);
});
