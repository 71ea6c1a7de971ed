import { common, createLowlight } from "lowlight";
import { expect, test } from "vitest";
import { highlightedPart, inTurn } from "./highlight-turns.ts";

const task = () => new Promise((resolve) => setTimeout(resolve));

test("of a long code the lines at its beginning are highlighted", () => {
  expect(highlightedPart("a\nb")).toBe("a\nb");
  const lines = "int main();\n".repeat(400);
  const part = highlightedPart(lines);
  expect([part.endsWith("\n"), lines.startsWith(part), part.length]).toEqual([true, true, 1_500]);
  expect(highlightedPart("def func ".repeat(500))).toHaveLength(1_500);
});

test("a code that is made to be slow to read takes no seconds", () => {
  const before = process.threadCpuUsage();
  createLowlight(common).highlight("csharp", highlightedPart("> a<a".repeat(980)));
  const { user, system } = process.threadCpuUsage(before);
  // All of it takes four.
  expect((user + system) / 1_000).toBeLessThan(1_500);
});

test("calls have a task each, but those that were taken back", async () => {
  const done: number[] = [];
  const back = [1, 2, 3].map((number) => inTurn(() => done.push(number)));
  back[1]!();
  expect(done).toEqual([]);
  await task();
  expect(done).toEqual([1]);
  await task();
  expect(done).toEqual([1, 3]);
  inTurn(() => done.push(4));
  await task();
  expect(done).toEqual([1, 3, 4]);
});
