import { describe, expect, test } from "vitest";
import { linksToPreview, mentionsOf, plainText, previewOf } from "./index.ts";

/** As long as messages are. */
const texts: Record<string, string> = {
  "words of links with many addresses before a row of commas":
    `[${"http://a/".repeat(16)}${",".repeat(1_900)}](http://a)`.repeat(2),
  "addresses that end at once": "\u200d)www.".repeat(800),
  "addresses that end at an emoji": "www.😀 ".repeat(700),
  "emphasis that is too deep": "*a ".repeat(800) + "a* ".repeat(800),
  "emphasis without a letter": "(*.".repeat(800) + ".*)".repeat(800),
};

/** Of processor time. */
function millisecondsFor(work: () => void): number {
  const times = Array.from({ length: 3 }, () => {
    const from = process.threadCpuUsage();
    work();
    return process.threadCpuUsage(from).user / 1_000;
  });
  return Math.min(...times);
}

describe("a message is read in a few milliseconds:", () => {
  test.each(Object.entries(texts))("%s", (_, text) => {
    const content = `${text} @a`;
    const read = () => [mentionsOf(content), linksToPreview(content, 3)];
    expect(millisecondsFor(read)).toBeLessThan(30);
  });
});

describe("the preview of a long text", () => {
  const long = "**Some** words, ".repeat(400);

  test("is its beginning", () => {
    expect(previewOf(long, 200)).toBe(plainText(long).slice(0, 200).trimEnd());
    expect(previewOf(`${"a".repeat(1_499)}😀${"b".repeat(1_000)}`, 2_000)).toBe("a".repeat(1_499));
  });

  test("takes no longer than that of a text of its beginning", () => {
    const previews = (text: string) => millisecondsFor(() => Array.from({ length: 100 }, () => previewOf(text, 200)));
    expect(previews(long.repeat(10))).toBeLessThan(Math.max(previews(long.slice(0, 1_500)), 2) * 4);
  });

  test("ends where a spoiler begins", () => {
    for (const end of ["", "||", " `|| ||`", "\n```\n||\n```", "`"]) {
      expect(previewOf(`What ||secret \`code || secret${" secret".repeat(300)}${end}`, 200)).toBe("What ▒▒▒▒");
    }
    expect(previewOf(`||secret||${" and more".repeat(300)}`, 200)).toBe("▒▒▒▒");
    expect(previewOf(`${"so ".repeat(600)}||secret||`, 200)).toBe("so ".repeat(67).slice(0, 200).trimEnd());
  });
});
