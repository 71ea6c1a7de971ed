import { expect, test } from "vitest";
import { excerptOf, withMoments } from "./excerpt.ts";

const written = (content: string, ...highlights: { start: number; end: number }[]) =>
  excerptOf(content, highlights)
    .map(({ text, isMarked }) => (isMarked ? `[${text}]` : text))
    .join("");

test("matches are marked, and a long text is cut around the first one", () => {
  expect(written("see the sea", { start: 4, end: 7 })).toBe("see [the] sea");
  const long = `${"word ".repeat(100)}match${" word".repeat(200)}`;
  const text = written(long, { start: 500, end: 505 });
  expect(text).toMatch(/^… (word )+\[match\]( word)+.* …$/);
  expect(text.length).toBeLessThan(420);
});

test("a spoiler stays covered, and so does a match inside it", () => {
  expect(written("who: ||Snape|| did", { start: 7, end: 12 }, { start: 15, end: 18 })).toBe("who: ▒▒▒▒ [did]");
});

test("moments are shown as their reader sees them", () => {
  const shown = (atMs: number) => new Date(atMs).toISOString();
  expect(withMoments("at <t:1798761600:F>, <t:-60>, not <t:x>", shown)).toBe(
    "at 2027-01-01T00:00:00.000Z, 1969-12-31T23:59:00.000Z, not <t:x>",
  );
});
