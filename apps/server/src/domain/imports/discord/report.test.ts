import { expect, test } from "vitest";
import { Report } from "./report.ts";

test("a report counts all, gives a few examples, and names each of those whom the operator has to tell", () => {
  const report = new Report();
  for (let count = 0; count < 20; count += 1) {
    report.lost("pinned", `pin ${count}`);
    report.listed("renamed", `user${count}`);
  }
  const lines = report.text().split("\n");
  expect(lines.filter((line) => /^ {2}(pinned|renamed): 20$/.test(line))).toHaveLength(2);
  expect([
    lines.filter((line) => line.includes("pin ")).length,
    lines.filter((line) => line.includes("user")).length,
  ]).toEqual([5, 20]);
});
