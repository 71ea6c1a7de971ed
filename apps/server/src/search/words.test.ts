import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { limits } from "@miscord/protocol";
import { expect, test } from "vitest";
import { memo } from "./memo.ts";
import { matchText, parseQuery } from "./query.ts";
import { stem } from "./stems.ts";
import { stemsOf, wordsAndParts } from "./words.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const marks = (count: number) => "\u0315".repeat(count / 2) + "\u0316".repeat(count / 2);

// Each is a message that anybody may send. They took seconds, and everybody waited.
test.each([
  ["capitals after small letters", "aB".repeat(2_500)],
  ["marks out of order", `a${marks(4_998)}`],
  ["both", `${"aB".repeat(1_000)}a${marks(2_900)}`],
])("the words of a message are found in no long time with %s", (_, text) => {
  expect(text.length).toBeLessThanOrEqual(limits.messageLength);
  const before = process.threadCpuUsage();
  stemsOf(text);
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(500);
});

test("a nickname is found by its parts", () => {
  expect(wordsAndParts("DarkKnight").map(({ text }) => text)).toEqual(["darkknight", "knight"]);
});

test("a text is read once for all words and phrases that are looked for in it", () => {
  const letters = Array.from("abcdefghijklmnopqrstuvwxyzбгдёжзийлпфцчшщъыьэюя");
  const text = Array.from({ length: limits.messageLength / 2 }, (_, index) => letters[index % letters.length]).join(
    " ",
  );
  const costOf = (typed: string) => {
    const query = parseQuery(typed.slice(0, limits.searchLength));
    expect(matchText(query, [text])).not.toBeNull();
    let least = Infinity;
    for (let round = 0; round < 5; round += 1) {
      const before = process.threadCpuUsage();
      for (let time = 0; time < 5; time += 1) matchText(query, [text]);
      const { user, system } = process.threadCpuUsage(before);
      least = Math.min(least, (user + system) / 5_000);
    }
    return least;
  };
  const one = costOf('"a" b');
  // They took fifty times as long, and a search compares hundreds of messages.
  expect(costOf(letters.map((letter) => `"${letter}"`).join(""))).toBeLessThan(20 * one);
  expect(costOf(letters.join(" "))).toBeLessThan(20 * one);
});

test("what is kept for a word keeps neither the text that it stood in nor more than its beginning", () => {
  const kept: string[] = [];
  const remembering = memo((word) => kept.push(word));
  for (const word of ["word", "word", "a longer word"]) remembering(word);
  expect(kept).toEqual(["word", "a longer word"]);

  const before = heapAfter(() => {});
  const grown = heapAfter(() => {
    for (let index = 0; index < 4_000; index += 1) {
      stem(`${index}${"x".repeat(5_000)}`);
      remembering(`${index} and a message of many characters ${"y".repeat(5_000)}`.slice(0, 30));
    }
  });
  // It was 40 MB, up to a gigabyte for those who go on.
  expect(grown - before).toBeLessThan(8 * 2 ** 20);
});

function heapAfter(work: () => void): number {
  work();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
