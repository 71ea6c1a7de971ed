import { beforeEach, expect, test, vi } from "vitest";
import { originOf, readInstances, withInstance, writeInstances } from "./instance-list.ts";

const kept = new Map<string, string>();
beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
});

test("an address is taken with and without a scheme, and reduced to its origin", () => {
  expect(originOf(" chat.example.org/channels/1?x#y ")).toBe("https://chat.example.org");
  expect(originOf("http://10.0.0.7:8000/")).toBe("http://10.0.0.7:8000");
  expect(originOf("localhost:8000")).toBe("https://localhost:8000");
});

test("what is no address of a page is refused", () => {
  for (const typed of [
    "",
    "  ",
    "javascript://alert(1)",
    "ftp://example.org",
    "https://",
    "https://me:secret@example.org",
  ])
    expect(originOf(typed)).toBeNull();
});

test("a stored list with a link that is no origin loses it, and one that cannot be read is empty", () => {
  const good = { name: "Club", address: "https://club.example.org" };
  writeInstances([good, { name: "Bad", address: "javascript:alert(1)" }, { name: "Path", address: "https://a.b/c" }]);
  expect(readInstances()).toEqual([good]);
  kept.set("miscord.instances", "{");
  expect(readInstances()).toEqual([]);
});

test("an instance that is added again takes the place of the former one", () => {
  const one = { name: "One", address: "https://one.example" };
  const two = { name: "Two", address: "https://two.example" };
  expect(withInstance([one, two], { ...one, name: "Uno" })).toEqual([two, { ...one, name: "Uno" }]);
});
