import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkImports } from "./check-imports.ts";

/** A project of one server and one package in a temporary folder. Keys are paths below the server's `src`. */
function projectOf(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "miscord-imports-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write("packages/words/package.json", `{ "name": "@miscord/words", "exports": { ".": "./src/index.ts" } }`);
  write("packages/words/src/index.ts", "");
  for (const [path, text] of Object.entries(files)) write(join("apps/server/src", path), text);
  return root;
}

test("a tree whose imports go one way has no findings", () => {
  const root = projectOf({
    "main.ts": `import { a } from "./a/a.ts";\nimport "@miscord/words";\nimport "./styles.css";`,
    "a/a.ts": `export { b as a } from "../b/b.ts";`,
    "b/b.ts": `export const b = 1;`,
  });
  expect(checkImports(root)).toEqual([]);
});

test("a circle of type-only imports is found, with the line of each import", () => {
  const root = projectOf({
    "one.ts": `import type { Two } from "./two.ts";\nexport type One = Two;`,
    "two.ts": `\nimport type { Three } from "./three.ts";\nexport type Two = Three;`,
    "three.ts": `export type Three = import("./one.ts").One;`,
  });
  expect(checkImports(root)).toEqual([
    [
      "Files import each other in a circle:",
      "  apps/server/src/one.ts:1 → apps/server/src/two.ts",
      "  apps/server/src/two.ts:2 → apps/server/src/three.ts",
      "  apps/server/src/three.ts:1 → apps/server/src/one.ts",
    ].join("\n"),
  ]);
});

test.for([
  ["a named re-export", `export { one } from "./one.ts";`],
  ["a re-export of everything", `export * from "./one.ts";`],
  ["a re-export of types", `export type { One } from "./one.ts";`],
  ["a dynamic import", `export const load = () => import("./one.ts");`],
  ["a worker's entry", `export const worker = new Worker(new URL("./one.ts", import.meta.url));`],
  ["an import with a query", `import url from "./one.ts?worker&url";\nexport default url;`],
])("a circle through %s is found", ([, text]) => {
  const root = projectOf({ "one.ts": `import "./two.ts";`, "two.ts": text! });
  expect(checkImports(root)).toHaveLength(1);
});

test("a circle between two packages is found through the names they export", () => {
  const root = projectOf({ "main.ts": "" });
  const other = join(root, "packages/other");
  mkdirSync(join(other, "src"), { recursive: true });
  writeFileSync(join(other, "package.json"), `{ "name": "@miscord/other", "exports": { "./deep": "./src/deep.ts" } }`);
  writeFileSync(join(other, "src/deep.ts"), `import "@miscord/words";`);
  writeFileSync(join(root, "packages/words/src/index.ts"), `import "@miscord/other/deep";`);
  const [circle, folders] = checkImports(root);
  expect(circle).toContain("in a circle");
  expect(folders).toContain("packages/other and packages/words import each other:");
});

test("two sibling folders that import each other are found at any depth, without a circle of files", () => {
  const root = projectOf({
    "deep/left/one.ts": `import "../right/inner/two.ts";`,
    "deep/left/other.ts": "",
    "deep/right/inner/two.ts": "",
    "deep/right/three.ts": `import "../left/other.ts";`,
  });
  expect(checkImports(root)).toEqual([
    [
      "apps/server/src/deep/left and apps/server/src/deep/right import each other:",
      "  apps/server/src/deep/left/one.ts:1 → apps/server/src/deep/right/inner/two.ts",
      "  apps/server/src/deep/right/three.ts:1 → apps/server/src/deep/left/other.ts",
    ].join("\n"),
  ]);
});

test("of two folders that import each other, the direction with fewer imports is shown first and whole", () => {
  const root = projectOf({
    "left/one.ts": ["a", "b", "c", "d", "e"].map((name) => `import "../right/${name}.ts";`).join("\n"),
    "left/other.ts": "",
    ...Object.fromEntries(["a", "b", "c", "d"].map((name) => [`right/${name}.ts`, ""])),
    "right/e.ts": `import "../left/other.ts";`,
  });
  const [found] = checkImports(root);
  expect(found?.split("\n")).toHaveLength(1 + 1 + 3 + 1);
  expect(found).toContain("each other:\n  apps/server/src/right/e.ts:1 → apps/server/src/left/other.ts\n");
  expect(found).toContain("and 2 more");
});

test("imports by tests and by testing folders do not make two folders mutual", () => {
  const root = projectOf({
    "left/one.ts": `import "../right/two.ts";`,
    "right/two.ts": "",
    "right/two.test.ts": `import "../left/one.ts";`,
    "right/testing/world.ts": `import "../../left/one.ts";`,
  });
  expect(checkImports(root)).toEqual([]);
});

test("a folder and a file beside it may import each other", () => {
  const root = projectOf({
    "main.ts": `import "./left/one.ts";`,
    "left/one.ts": `import "../other.ts";`,
    "other.ts": `import "./left/two.ts";`,
    "left/two.ts": "",
  });
  expect(checkImports(root)).toEqual([]);
});
