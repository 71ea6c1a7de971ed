import type { MemberEntry } from "@miscord/client";
import { expect, test } from "vitest";
import { sampleUser } from "../chat/sample-message.ts";
import { matchMembers } from "./match-members.ts";
import { queryBefore, shortcodeBefore } from "./suggestion.ts";

/** The query in a text whose caret is marked by `|`. */
function query(text: string) {
  const caret = text.indexOf("|");
  const found = queryBefore(text.replace("|", ""), caret);
  return found && `${found.kind} ${found.text} ${found.start}-${found.end}`;
}

test("a name before the caret is completed", () => {
  expect(query("hi @an| there")).toBe("mention an 3-6");
  expect(query("@|")).toBe("mention  0-1");
  expect(query("(@вас|")).toBe("mention вас 1-5");
});

test("an emoji name is completed from two letters on", () => {
  expect(query("so :smi|")).toBe("emoji smi 3-7");
  expect(query("so :s|")).toBeNull();
  expect(query("кот:ко|")).toBeNull();
  expect(query("12:30|")).toBeNull();
});

test("mail addresses, finished words and code are not completed", () => {
  expect(query("mail@exa|")).toBeNull();
  expect(query("@anna |")).toBeNull();
  expect(query("`@an|")).toBeNull();
  expect(query("```\n@an|")).toBeNull();
  expect(query("`code` @an|")).toBe("mention an 7-10");
});

test("a shortcode is found when its closing colon is typed", () => {
  expect(shortcodeBefore("ok :thumbsup:", 13)).toEqual({ name: "thumbsup", start: 3 });
  expect(shortcodeBefore("at 12:30:", 9)).toBeNull();
  expect(shortcodeBefore("`:cat:", 6)).toBeNull();
});

test("members are ranked by where the query begins in their names, ignoring case", () => {
  const member = (id: number, username: string, display_name: string): MemberEntry => ({
    ...sampleUser(id, { username, display_name }),
    joined_at: "2026-05-10T12:00:00Z",
    is_owner: false,
    role_ids: [],
    timed_out_until: null,
    nickname: null,
    account_name: "x",
  });
  const members = [member(1, "hannah", "Hannah"), member(2, "x_an", "Olga"), member(3, "anna", "Анна")];
  expect(matchMembers(members, "AN", 8).map(({ id }) => id)).toEqual([3, 2, 1]);
  expect(matchMembers(members, "анн", 8).map(({ id }) => id)).toEqual([3]);
  expect(matchMembers(members, "an", 1)).toHaveLength(1);
  expect(matchMembers(members, "zzz", 8)).toEqual([]);
});
