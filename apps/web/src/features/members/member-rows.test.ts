import { expect, test } from "vitest";
import { memberRows, memberStep } from "./member-rows.ts";

const groups = [
  { id: 7, count: 1 },
  { id: "online" as const, count: 101 },
  { id: "offline" as const, count: 2 },
];
const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

test("the rows are the whole list by its groups, with the members of the known pages only", () => {
  const rows = memberRows(groups, { 1: ids(201, 4) });
  expect(rows).toHaveLength(3 + 104);
  expect(rows[0]).toEqual({ kind: "heading", group: groups[0] });
  expect(rows[1]).toEqual({ kind: "member", id: null, page: 0 });
  expect(rows.slice(-6)).toEqual([
    { kind: "member", id: null, page: 0 },
    { kind: "member", id: 201, page: 1 },
    { kind: "member", id: 202, page: 1 },
    { kind: "heading", group: groups[2] },
    { kind: "member", id: 203, page: 1 },
    { kind: "member", id: 204, page: 1 },
  ]);
});

test("a member who is on two pages for a moment is listed once", () => {
  const rows = memberRows(groups, { 0: ids(1, 100), 1: [100, 101, 102, 103] });
  expect(rows.filter((row) => row.kind === "member" && row.id === 100)).toHaveLength(1);
});

test("arrow keys, Home and End step over headings and stop at the ends", () => {
  const rows = memberRows(groups, {});
  expect(memberStep(rows, 1, "ArrowDown")).toBe(3);
  expect(memberStep(rows, 3, "ArrowUp")).toBe(1);
  expect(memberStep(rows, 1, "ArrowUp")).toBeNull();
  expect(memberStep(rows, 3, "Home")).toBe(1);
  expect(memberStep(rows, 3, "End")).toBe(rows.length - 1);
  expect(memberStep(rows, 3, "Enter")).toBeNull();
});
