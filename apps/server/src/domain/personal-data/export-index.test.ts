import { expect, test } from "vitest";
import { longestTurnOf } from "../../testing/longest-turn.ts";
import { indexPage } from "./export-pages.ts";

test("the index of tens of thousands of files is written in parts, with others' turns in between", async () => {
  const index = Array.from({ length: 30_000 }, (_, at) => ({
    kind: "files" as const,
    name: `files/${at}-${"<".repeat(150)}.bin`,
    count: at % 2,
  }));
  let page = "";
  const written = async () => {
    for await (const part of indexPage("en", { name: "ann", at: 1, index })) page += part;
  };
  // It was a second.
  expect(await longestTurnOf(written())).toBeLessThan(150);
  expect(page.match(/<li>/g)).toHaveLength(30_000);
  expect(page).toContain(`<a href="files/29999-${"%3C".repeat(150)}.bin">`);
  expect(page.trimEnd().endsWith("</ul>")).toBe(true);
});
