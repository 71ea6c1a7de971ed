import type { MemberEntry } from "@miscord/client";
import { expect, test } from "vitest";
import { memberRows, memberStep } from "./member-rows.ts";

function member(id: number, display_name: string): MemberEntry {
  return {
    id,
    username: `u${id}`,
    display_name,
    avatar_url: null,
    avatar_color: "#336699",
    joined_at: "2026-01-01T00:00:00Z",
    is_owner: false,
    role_ids: [],
    timed_out_until: null,
  };
}

const summary = (...args: Parameters<typeof memberRows>) =>
  memberRows(...args).map((row) => {
    if (row.kind === "member") return row.member.display_name;
    return `${row.kind === "role" ? row.role.name : row.group} ${row.count}`;
  });

test("present members come first, sorted by name regardless of case", () => {
  const members = { 1: member(1, "яна"), 2: member(2, "Борис"), 3: member(3, "анна"), 4: member(4, "Вера") };
  const presence = { 1: "offline", 2: "idle", 3: "dnd" } as const;
  expect(summary(members, presence, "ru")).toEqual(["online 2", "анна", "Борис", "offline 2", "Вера", "яна"]);
});

test("present members of roles that are listed separately come first, each under the highest", () => {
  const role = { server_id: 1, color: null, permissions: 0, mentionable: false };
  const roles = [
    { ...role, id: 1, name: "everyone", hoist: false, position: 0 },
    { ...role, id: 2, name: "crew", hoist: true, position: 1 },
    { ...role, id: 3, name: "quiet", hoist: false, position: 2 },
    { ...role, id: 4, name: "chiefs", hoist: true, position: 3 },
  ];
  const members = {
    1: { ...member(1, "Ann"), role_ids: [2, 4] },
    2: { ...member(2, "Bob"), role_ids: [2] },
    3: { ...member(3, "Cid"), role_ids: [3] },
    4: { ...member(4, "Dan"), role_ids: [4] },
  };
  const presence = { 1: "online", 2: "idle", 3: "online" } as const;
  const expected = ["chiefs 1", "Ann", "crew 1", "Bob", "online 1", "Cid", "offline 1", "Dan"];
  expect(summary(members, presence, "en", roles)).toEqual(expected);
});

test("an empty group of members has no heading", () => {
  expect(summary({ 1: member(1, "Ann") }, {}, "en")).toEqual(["offline 1", "Ann"]);
});

test("arrow keys, Home and End move between members and skip the headings", () => {
  const present = (id: number) => ({ kind: "member", member: { ...member(id, "Ann"), status: "online" } }) as const;
  const heading = (group: "online" | "offline") => ({ kind: "heading", group, count: 2 }) as const;
  const rows = [heading("online"), present(1), present(2), heading("offline"), present(3), present(4)];
  const steps = (key: string) => rows.map((_, index) => memberStep(rows, index, key));
  expect(steps("ArrowDown").filter((_, index) => rows[index]!.kind === "member")).toEqual([2, 4, 5, null]);
  expect(steps("ArrowUp").filter((_, index) => rows[index]!.kind === "member")).toEqual([null, 1, 2, 4]);
  expect([memberStep(rows, 2, "Home"), memberStep(rows, 2, "End"), memberStep(rows, 2, "a")]).toEqual([1, 5, null]);
  expect(memberStep([], 0, "End")).toBeNull();
});
