import { beforeEach, expect, test } from "vitest";
import { createDraftStorage, type DraftStorage } from "./draft-storage.ts";

let kept: Map<string, string>;
let drafts: DraftStorage;

const open = () =>
  createDraftStorage(
    () =>
      ({
        getItem: (key: string) => kept.get(key) ?? null,
        setItem: (key: string, value: string) => void kept.set(key, value),
        removeItem: (key: string) => void kept.delete(key),
      }) as unknown as Storage,
  );

beforeEach(() => {
  kept = new Map();
  drafts = open();
});

test("a draft is kept for the browser by account and channel until it is sent", () => {
  drafts.write(1, 10, "half a thou");
  drafts.write(1, 11, "another");
  drafts.write(2, 10, "somebody else's");
  expect([...open().read(1)]).toEqual([
    [10, "half a thou"],
    [11, "another"],
  ]);
  drafts.write(1, 10, "");
  drafts.write(1, 11, "");
  expect([...kept.keys()]).toEqual(["miscord.drafts.2"]);
});

test("two tabs that write in different channels keep both drafts", () => {
  const other = open();
  drafts.write(1, 10, "here");
  other.write(1, 11, "there");
  drafts.write(1, 10, "here, longer");
  expect([...other.read(1).values()]).toEqual(["there", "here, longer"]);
});

test("the drafts of the last hundred channels are kept, and not more than the storage has room for", () => {
  for (let channelId = 1; channelId <= 150; channelId += 1) drafts.write(1, channelId, `draft ${channelId}`);
  expect([...drafts.read(1).keys()]).toEqual(Array.from({ length: 100 }, (_, index) => index + 51));
  for (let channelId = 1; channelId <= 10; channelId += 1) drafts.write(1, channelId, "x".repeat(90_000));
  expect([...drafts.read(1).keys()]).toEqual([6, 7, 8, 9, 10]);
  drafts.write(1, 10, "x".repeat(2_000_000));
  expect(drafts.read(1).has(10)).toBe(false);
});

test("a logout removes the drafts of the account", () => {
  drafts.write(1, 10, "words");
  drafts.clear(1);
  expect([...kept]).toEqual([]);
});

test.each(["", "{}", "[[1]]", "[1]", "not json"])("stored drafts that cannot be read (%s) are ignored", (stored) => {
  kept.set("miscord.drafts.1", stored);
  expect([...drafts.read(1)]).toEqual([]);
});
