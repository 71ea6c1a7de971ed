import { expect, test } from "vitest";
import { channelsWithSymbols, symbolOf } from "./term-symbol.ts";

const bytesOf = (term: string) => Buffer.byteLength(symbolOf(term));
const codePoint = (channelId: number) => symbolOf(`:c${channelId}`).codePointAt(0)!;

test("a symbol is one character that PostgreSQL stores, of few bytes for what is common", () => {
  expect([":s", "и", "не", "кот", ":a7", ":s7", "котор", ":c7"].map(bytesOf)).toEqual([1, 2, 2, 3, 3, 3, 4, 4]);
  const terms = Array.from({ length: 200_000 }, (_, index) => [`:a${index}`, `слово${index}`, `:c${index}`]).flat();
  const isOne = (symbol: string) => Array.from(symbol).length === 1 && symbol.isWellFormed();
  expect(terms.filter((term) => !isOne(symbolOf(term)))).toEqual([]);
});

test("channels beyond those with symbols of their own take none from these", () => {
  const first = codePoint(0);
  expect([codePoint(channelsWithSymbols - 1), first]).toEqual([0x10ffff, 0x90000]);
  const later = Array.from({ length: 200_000 }, (_, index) => codePoint(channelsWithSymbols + index));
  expect(later.filter((code) => code >= first)).toEqual([]);
});

test("no word has the symbol of a channel, and no two channels have the same", () => {
  const channels = new Set(Array.from({ length: 500_000 }, (_, id) => symbolOf(`:c${id}`)));
  expect(channels.size).toBe(500_000);
  const others = Array.from({ length: 200_000 }, (_, index) => [`слово${index}`, `:a${index}`, `:s${index}`]).flat();
  expect(others.filter((term) => channels.has(symbolOf(term)))).toEqual([]);
});
