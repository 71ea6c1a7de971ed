import { expect, test } from "vitest";
import { matchText, parseQuery } from "./query.ts";
import { wordsOf } from "./words.ts";

/** Characters and runs that are folded, joined or split in their own ways. */
const pieces = [
  ...Array.from("аоёйЁСткеKſbzZ09 _-.,«»…№ⅣИ"),
  "и\u0306",
  "а\u0301",
  "ﬁ",
  "\u200d",
  "👋",
  "①",
  "中",
  " об ",
  " Об",
  "VPNом ",
];

test("a phrase is found in the texts whose words, one after the other, are its own", () => {
  const random = randomFrom(11);
  const piece = () => pieces[Math.floor(random() * pieces.length)] ?? "";
  const textOf = (count: number) => Array.from({ length: count }, piece).join("");
  let found = 0;
  for (let round = 0; round < 5_000; round += 1) {
    const text = textOf(12);
    const from = Math.floor(random() * text.length);
    const phrase = (random() < 0.5 ? textOf(3) : text.slice(from, from + 5)).replaceAll(/["“„«”»]/g, "");
    const words = wordsOf(text).map((word) => word.text);
    const sought = wordsOf(phrase).map((word) => word.text);
    if (sought.length === 0) continue;
    const isIn = words.some((_, index) => sought.every((word, offset) => words[index + offset] === word));
    const match = matchText(parseQuery(`"${phrase}"`), [text]);
    expect([text, sought, match !== null]).toEqual([text, sought, isIn]);
    if (isIn) found += 1;
  }
  expect(found).toBeGreaterThan(500);
});

test("the words of a text are at the places that they tell", () => {
  const text = "Ёлка, VPNом! dark_knight 中文 2026-й «кот»";
  expect(wordsOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    "Ёлка",
    "VPN",
    "ом",
    "dark",
    "knight",
    "中",
    "文",
    "2026",
    "й",
    "кот",
  ]);
});

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}
