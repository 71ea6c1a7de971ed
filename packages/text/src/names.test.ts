import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanName, foldName, isolate, isUsername, isVisible } from "./names.ts";
import { skeletonOf } from "./skeleton.ts";

describe("a username may be", () => {
  test.each([
    "alice",
    "Alice_2",
    "a.b-c",
    "_x_",
    "вася",
    "Ёжик",
    "анна-мария",
    "हिन्दी",
    "தமிழ்",
    "বাংলা",
    "ไทยแลนด์",
    "日本語",
    "한국어",
    "עברית",
    "عَرَبِيّ",
    "ქართული",
    "Ελληνικά",
    "naïve",
    "Việt",
    "ᏣᎳᎩ",
    "አማርኛ",
    "ភាសា",
    "မြန်မာ",
    "x1",
    "42",
  ])("%s", (name) => {
    expect(isUsername(name.normalize("NFC"))).toBe(true);
    expect(cleanName(name)).toBe(name.normalize("NFC"));
  });
});

describe("a username may not be", () => {
  test.each([
    ["blank letters", "\u3164\u3164"],
    ["a Hangul filler", "\u115F\u1160a"],
    ["a half-width filler", "a\uFFA0"],
    ["a zero-width space", "a\u200Bb"],
    ["a zero-width joiner", "a\u200Db"],
    ["a right-to-left override", "a\u202Eb"],
    ["an isolate", "\u2066a\u2069"],
    ["a left-to-right mark", "a\u200Eb"],
    ["a soft hyphen", "a\u00ADb"],
    ["a variation selector", "a\uFE0Fb"],
    ["a blank Braille cell", "\u2800\u2800"],
    ["a grapheme joiner", "a\u034Fb"],
    ["a mark without a letter", "\u0301a"],
    ["an enclosing mark", "a\u20DD"],
    ["a tower of marks", `a${"\u0301\u0302".repeat(25)}`],
    ["a space", "a b"],
    ["an @", "a@b"],
    ["a slash", "a/b"],
    ["a dot at the end", "a."],
    ["an emoji", "a😀"],
  ])("%s", (_kind, name) => expect(isUsername(name.normalize("NFC"))).toBe(false));
});

describe("a name for people to read is cleaned:", () => {
  test.each([
    ["\u202Eevil", "evil"],
    ["a\u200B\u2060\uFEFFb", "ab"],
    ["\u2066Ann\u2069", "Ann"],
    ["Ann\u200E \u061CBob", "Ann Bob"],
    ["a\u3164b", "ab"],
    ["  Ann \u00A0\u2003 Lee\u3000", "Ann Lee"],
    ["Ann\u2800\u2800Lee", "Ann Lee"],
    ["al\u200Dice", "alice"],
    ["e\u0301", "é"],
    ["\u0301Ann", "Ann"],
    [`a${"\u0323".repeat(50)}`, `a${"\u0323".repeat(50)}`.normalize("NFC").slice(0, 5)],
    ["می\u200Cخواهم", "می\u200Cخواهم"],
    ["क\u094D\u200Dष", "क\u094D\u200Dष"],
    ["👩\u200D👩\u200D👧", "👩\u200D👩\u200D👧"],
    ["❤\uFE0F", "❤\uFE0F"],
    [
      "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
      "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
    ],
    ["Ann\u{E0041}\u{E0042}", "Ann"],
    ["Ann\uD800", "Ann\uD800"],
    ["שלום world", "שלום world"],
  ])("%j", (name, cleaned) => expect(cleanName(name)).toBe(cleaned));

  test.each([
    "",
    " ",
    "\u200B",
    "\u3164",
    "\u115F\u1160",
    "\u2800",
    "\u202E\u2069",
    "\u00AD",
    "\uFE0F",
    "\u200D",
    "\u0301\u0302",
    "\u{E0041}",
    "\u180E",
    "\u{1D159}",
    "\u2062\u2063",
  ])("of %j nothing is left", (name) => {
    expect(cleanName(name)).toBe("");
    expect(isVisible(name)).toBe(false);
  });

  // As long as a request may be. Each took seconds when its time grew with the square of the length.
  test.each([
    ["what is idle only once the character before it is gone", "\uFE0F\u200C".repeat(10_000)],
    ["marks out of order", `a${"\u0315".repeat(15_000)}${"\u0316".repeat(15_000)}`],
    ["spaces and marks", " \u0301".repeat(20_000)],
    ["tags of one flag", `🏴${"\u{E0061}".repeat(15_000)}`],
  ])("takes no long time for %s", (_, name) => {
    const before = process.threadCpuUsage();
    const once = cleanName(name);
    foldName(name);
    skeletonOf(name);
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
    expect(cleanName(once)).toBe(once);
  });

  test("once is enough", () => {
    const unit = fc.constantFrom(
      "a",
      "б",
      "ا",
      "क",
      "\u200C",
      "\u200D",
      "\uFE0F",
      "\u0301",
      " ",
      "\u2800",
      "\u{E0041}",
      "🏴",
      "\u202E",
      "\u3164",
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
        const once = cleanName(units.join(""));
        expect(cleanName(once)).toBe(once);
        expect(once === "" || isVisible(once)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});

test.each(["a", "5", "!", "😀", "·", "\u200Ba", "❤\uFE0F", "\u{1FAE9}"])("%j can be seen", (text) =>
  expect(isVisible(text)).toBe(true),
);

test.each([
  ["Alice", "aLICE"],
  ["ＡＤＡ", "ada"],
  ["Вася", "вАСЯ"],
  ["ﬁn", "fin"],
  ["हि\u0928\u094D", "हिन्"],
  ["é", "e\u0301"],
])("%s and %s fold to the same", (a, b) => expect(foldName(a)).toBe(foldName(b)));

describe("names that look alike have one skeleton:", () => {
  test.each([
    ["alice", "аlice"],
    ["alice", "aIice"],
    ["alice", "a1ice"],
    ["alice", "al\u0456ce"],
    ["alice", "ALlCE"],
    ["bob", "b0b"],
    ["bob", "Вob"],
    ["admin", "аdmіn"],
    ["admin", "adrnin"],
    ["Mike", "Міke"],
    ["paypal", "раураl"],
    ["google", "gооgle"],
    ["google", "g\u03BF\u03BFgle"],
    ["вася", "вacя"],
    ["scope", "ѕсоре"],
    ["everyone", "еvеrуоnе"],
    ["kate", "катe"],
    ["tom", "тоm"],
    ["max", "мах"],
    ["x_y", "х_у"],
  ])("%s and %s", (a, b) => expect(skeletonOf(a)).toBe(skeletonOf(b)));

  test.each([
    ["alice", "alina"],
    ["anna", "hanna"],
    ["вася", "вова"],
    ["ray", "rar"],
    ["nina", "vina"],
    ["हिन्दी", "हिन्द"],
    ["日本", "日木"],
    ["bob", "bobby"],
    ["e", "é"],
    ["миша", "маша"],
    ["гена", "уена"],
  ])("%s and %s have two", (a, b) => expect(skeletonOf(a)).not.toBe(skeletonOf(b)));
});

test("an isolated name holds no direction control of its own", () => {
  expect(isolate("\u2069\u202Eשלום")).toBe("\u2068שלום\u2069");
});
