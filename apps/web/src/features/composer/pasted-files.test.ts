import { expect, test } from "vitest";
import { pastedFiles } from "./pasted-files.ts";

const picture = new File(["x"], "image.png", { type: "image/png" });

function clipboard(texts: Record<string, string>, ...files: File[]) {
  return { files: files as unknown as FileList, getData: (type: string) => texts[type] ?? "" };
}

test.each([
  ["cells of a spreadsheet", { "text/plain": "1\t2", "text/html": "<table><td>1<td>2</table>" }, [picture], 0],
  ["text of a word processor", { "text/plain": "text", "text/html": "<p>text</p>", "text/rtf": "{}" }, [picture], 0],
  ["a picture of a page", { "text/html": '<img src="https://a.example/a.png">' }, [picture], 1],
  ["a file of a file manager", { "text/plain": "image.png" }, [picture], 1],
  ["a screenshot", {}, [picture], 1],
  ["two files", {}, [picture, picture], 2],
  ["plain text", { "text/plain": "text" }, [], 0],
] as const)("pasting %s", (_name, texts, files, count) => {
  expect(pastedFiles(clipboard(texts, ...files))).toHaveLength(count);
});
