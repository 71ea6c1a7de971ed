import { expect, test } from "vitest";
import { type Chip, withChip } from "./chip.ts";
import { parseDay } from "./days.ts";
import { requestOf } from "./search-request.ts";
import { splitFilter } from "./filter-text.ts";

const here = { serverId: 1, channelId: 4 };

test("a search is in the server of the page, in one channel, in another server, or everywhere", () => {
  expect(requestOf("a", [], here)).toEqual({ q: "a", server_id: 1 });
  expect(requestOf("a", [{ kind: "in", channelId: 5 }], here)).toEqual({ q: "a", channel_id: 5 });
  expect(requestOf("a", [{ kind: "server", serverId: 2 }], here)).toEqual({ q: "a", server_id: 2 });
  expect(requestOf("a", [{ kind: "server", serverId: null }], here)).toEqual({ q: "a" });
});

test("on the page of a private channel a search is in that channel, in another one, or everywhere", () => {
  const page = { serverId: null, channelId: 4 };
  expect(requestOf("a", [], page)).toEqual({ q: "a", channel_id: 4 });
  expect(requestOf("a", [{ kind: "in", channelId: 5 }], page)).toEqual({ q: "a", channel_id: 5 });
  expect(requestOf("a", [{ kind: "server", serverId: 2 }], page)).toEqual({ q: "a", server_id: 2 });
  expect(requestOf("a", [{ kind: "server", serverId: null }], page)).toEqual({ q: "a" });
});

test("days become times of this time zone: before and after leave the day out, during is the day", () => {
  const at = (date: number) => new Date(2026, 10, date).toISOString();
  const request = (kind: "before" | "after" | "during") => requestOf("", [{ kind, day: "2026-11-29" }], here);
  expect(request("before")).toMatchObject({ before: at(29) });
  expect(request("after")).toMatchObject({ after: at(30) });
  expect(request("during")).toMatchObject({ after: at(29), before: at(30) });
});

test("what is pinned is asked for once", () => {
  const chips = withChip(withChip([], { kind: "pinned" }), { kind: "pinned" });
  expect(requestOf("a", chips, here)).toEqual({ q: "a", server_id: 1, pinned: "true" });
});

test("a second filter of a kind replaces the first, except what a message has", () => {
  const image: Chip = { kind: "has", value: "image" };
  const chips = [image, { kind: "in", channelId: 5 } as const];
  expect(withChip(chips, { kind: "in", channelId: 6 })).toEqual([image, { kind: "in", channelId: 6 }]);
  expect(withChip(chips, { kind: "has", value: "link" })).toEqual([...chips, { kind: "has", value: "link" }]);
  expect(withChip([image], image)).toEqual([image]);
});

test.each([
  ["2026-11-29", "2026-11-29"],
  ["9.1.2026", "2026-01-09"],
  ["2026-02-30", null],
  ["yesterday", null],
])("the day of %s is %s", (text, day) => {
  expect(parseDay(text)).toBe(day);
});

test.each([
  ["hello from:an", { words: "hello", filter: { kind: "from", value: "an" } }],
  ["от:Анна К", { words: "", filter: { kind: "from", value: "Анна К" } }],
  ["привет", { words: "привет", filter: null }],
  ["see http://x", { words: "see http://x", filter: null }],
])("“%s” ends with the filter that is being typed, in either language", (text, split) => {
  expect(splitFilter(text, (kind) => (kind === "from" ? "от" : kind))).toEqual(split);
});
