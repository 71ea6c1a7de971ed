import { limits } from "@miscord/protocol";
import { expect, test } from "vitest";
import { cleanFilename } from "./filename.ts";

test("a name is without its path and what cannot be seen, and is shortened before its ending", () => {
  expect(cleanFilename("C:\\photos/../cat.png")).toBe("cat.png");
  expect(cleanFilename("photo\u202egpj.exe")).toBe("photogpj.exe");
  const long = cleanFilename(`${"a".repeat(5_000)}.jpeg`);
  expect([long.length, long.endsWith("aaa.jpeg")]).toEqual([limits.filenameLength, true]);
  for (const name of ["", "..", "folder/", "\u200b"]) expect(cleanFilename(name)).toBe("file");
});

test("a name of eighty kilobytes that is made to be slow to clean costs no more than a short one", () => {
  const name = `${"\u200d\ufe0f".repeat(13_000)}.png`;
  cleanFilename(name);
  const before = process.threadCpuUsage();
  for (let time = 0; time < 50; time += 1) cleanFilename(name);
  const { user, system } = process.threadCpuUsage(before);
  // It was half a second and more.
  expect((user + system) / 1_000).toBeLessThan(100);
});
