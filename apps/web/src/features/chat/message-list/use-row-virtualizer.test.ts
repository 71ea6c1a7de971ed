import { expect, test } from "vitest";
import type { Row } from "../rows.ts";
import { withOverscan } from "./use-row-virtualizer.ts";

const row = (content: string) =>
  ({ kind: "message", message: { content, attachments: [], reactions: [], reply_to: null } }) as unknown as Row;
const range = { startIndex: 20, endIndex: 22, overscan: 8, count: 43 };
const drawn = (rows: readonly Row[]) => {
  const { startIndex, endIndex, overscan } = withOverscan(range, rows, 800);
  return [startIndex, endIndex, overscan];
};

test("eight short messages out of sight are drawn on either side, and of long ones a few screens", () => {
  expect(drawn(Array.from({ length: 43 }, () => row("ok")))).toEqual([12, 30, 0]);
  expect(drawn(Array.from({ length: 43 }, () => row("```a```\n".repeat(600))))).toEqual([19, 23, 0]);
  expect(drawn(Array.from({ length: 43 }, () => row("<t:0>".repeat(1_000))))).toEqual([18, 24, 0]);
  expect(drawn(Array.from({ length: 23 }, () => row("ok")))).toEqual([12, 22, 0]);
});
