import { expect, test } from "vitest";
import { indexPage } from "./export-pages.ts";

test("the index of tens of thousands of files is written in parts, with others' turns in between", async () => {
  const index = Array.from({ length: 30_000 }, (_, at) => ({
    kind: "files" as const,
    name: `files/${at}-${"<".repeat(150)}.bin`,
    count: at % 2,
  }));
  let page = "";
  let longest = 0;
  let before = process.threadCpuUsage();
  const turn = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1_000);
    before = process.threadCpuUsage();
  });
  for await (const part of indexPage("en", { name: "ann", at: 1, index })) page += part;
  await new Promise((resolve) => setTimeout(resolve, 5));
  clearInterval(turn);
  expect(page.match(/<li>/g)).toHaveLength(30_000);
  expect(page).toContain(`<a href="files/29999-${"%3C".repeat(150)}.bin">`);
  expect(page.trimEnd().endsWith("</ul>")).toBe(true);
  // It was a second, of processor time.
  expect(longest).toBeLessThan(150);
});
