import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const pages = globSync(["*.md", "docs/**/*.md", "e2e/*.md", ".github/*.md"], { cwd: root });

test.for(pages)("%s names only files and pages that exist", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const named = [...filesIn(text), ...linksIn(text).map((link) => join(dirname(page), link))];
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the folders in docs/architecture.md exist", () => {
  const named = treeIn(readFileSync(join(root, "docs/architecture.md"), "utf8"));
  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

/** Paths from the root of the repository in backticks, such as `apps/server/src/app.ts`; no patterns, no generated files. */
function filesIn(text: string): string[] {
  const paths = text.matchAll(/`((?:apps|packages|docs|scripts|deploy|bench|e2e)\/[^`\s]*)`/g);
  return [...paths].map(([, path]) => path!).filter((path) => !/[*<>]|NNNN|\/(output|dist)\b/.test(path));
}

/** Targets of links within the repository, without their anchors. */
function linksIn(text: string): string[] {
  const targets = text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g);
  return [...targets].map(([, target]) => target!).filter((target) => !/^\w+:/.test(target));
}

/** The entries of the first code block, with the folders that they are indented below. */
function treeIn(text: string): string[] {
  const [, block = ""] = /```\n([\s\S]*?)```/.exec(text) ?? [];
  const above: string[] = [];
  return block.split("\n").flatMap((line) => {
    const [, indent = "", name] = /^( *)(\S+)/.exec(line) ?? [];
    if (name === undefined) return [];
    above.splice(indent.length / 2, Infinity, name);
    return [above.join("/")];
  });
}
