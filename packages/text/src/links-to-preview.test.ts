import { expect, test } from "vitest";
import { linksToPreview } from "./links-to-preview.ts";

test.each([
  ["see https://a.example/x and www.b.example", ["https://a.example/x", "http://www.b.example/"]],
  ["[words](https://a.example/x) **https://b.example** > no", ["https://a.example/x", "https://b.example/"]],
  ["- https://a.example\n> https://b.example", ["https://a.example/", "https://b.example/"]],
  ["https://a.example/#one https://a.example/#two", ["https://a.example/"]],
  ["<https://a.example> [words](<https://b.example>) https://c.example", ["https://c.example/"]],
  ["`https://a.example` ||https://b.example||\n```\nhttps://c.example\n```", []],
  ["||https://a.example\n\nhttps://b.example||", []],
  ["anna@a.example mailto:anna@a.example ftp://a.example", []],
])("pages to preview in %j", (content, expected) => {
  expect(linksToPreview(content, 3)).toEqual(expected);
});

test("an address is not previewed that is too long once it is escaped", () => {
  const path = "я".repeat(338);
  expect(linksToPreview(`https://a.example/${path} https://a.example/${path}яя`, 3)).toHaveLength(1);
});

test("only the first pages are previewed", () => {
  expect(linksToPreview("https://1.example https://2.example https://3.example", 2)).toHaveLength(2);
});
