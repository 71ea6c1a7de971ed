import type { Attachment } from "@miscord/protocol";
import { beforeEach, expect, test } from "vitest";
import { sampleMessage } from "../chat/sample-message.ts";
import { createDraftStorage, type DraftStorage, type StoredDraft } from "./draft-storage.ts";

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
const words = (text: string): StoredDraft => ({ text, replyTo: null, attachments: [] });
const picture: Attachment = {
  id: 7,
  file_url: "/api/attachments/7/cat.png",
  filename: "cat.png",
  size: 100,
  content_type: "image/png",
};

beforeEach(() => {
  kept = new Map();
  drafts = open();
});

test("a draft is kept for the browser by account and channel until it is sent", () => {
  drafts.write(1, 10, words("half a thou"));
  drafts.write(1, 11, words("another"));
  drafts.write(2, 10, words("somebody else's"));
  expect([...open().read(1)]).toEqual([
    [10, words("half a thou")],
    [11, words("another")],
  ]);
  drafts.write(1, 10, words(""));
  drafts.write(1, 11, words(""));
  expect([...kept.keys()]).toEqual(["miscord.drafts.2"]);
});

test("the finished uploads and the answered message of a draft are kept, with and without text", () => {
  const answered = sampleMessage({ id: 3, content: "a question" });
  drafts.write(1, 10, { text: "", replyTo: answered, attachments: [] });
  drafts.write(1, 11, { text: "look", replyTo: null, attachments: [picture] });
  expect([...open().read(1)]).toEqual([
    [10, { text: "", replyTo: answered, attachments: [] }],
    [11, { text: "look", replyTo: null, attachments: [picture] }],
  ]);
});

test("two tabs that write in different channels keep both drafts", () => {
  const other = open();
  drafts.write(1, 10, words("here"));
  other.write(1, 11, words("there"));
  drafts.write(1, 10, words("here, longer"));
  expect([...other.read(1).values()]).toEqual([words("there"), words("here, longer")]);
});

test("the drafts of the last hundred channels are kept, and not more than the storage has room for", () => {
  for (let channelId = 1; channelId <= 150; channelId += 1) drafts.write(1, channelId, words(`draft ${channelId}`));
  expect([...drafts.read(1).keys()]).toEqual(Array.from({ length: 100 }, (_, index) => index + 51));
  for (let channelId = 1; channelId <= 10; channelId += 1) drafts.write(1, channelId, words("x".repeat(90_000)));
  expect([...drafts.read(1).keys()]).toEqual([6, 7, 8, 9, 10]);
  drafts.write(1, 10, words("x".repeat(2_000_000)));
  expect(drafts.read(1).has(10)).toBe(false);
});

test("a logout removes the drafts of the account", () => {
  drafts.write(1, 10, words("words"));
  drafts.clear(1);
  expect([...kept]).toEqual([]);
});

test.each(["", "{}", "[[1]]", "[1]", "[[1,null]]", "not json"])(
  "stored drafts that cannot be read (%s) are ignored",
  (stored) => {
    kept.set("miscord.drafts.1", stored);
    expect([...drafts.read(1)]).toEqual([]);
  },
);

test("stored drafts of text alone are read, and unreadable parts of a draft left out", () => {
  kept.set(
    "miscord.drafts.1",
    JSON.stringify([
      [10, "words"],
      [11, { text: "x", replyTo: {}, attachments: [{}, picture] }],
    ]),
  );
  expect([...drafts.read(1).values()]).toEqual([words("words"), { ...words("x"), attachments: [picture] }]);
});
