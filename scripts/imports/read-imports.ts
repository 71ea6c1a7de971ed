import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseSync, Visitor, type Node } from "oxc-parser";

/** One import of one file of the project by another. Paths are relative to the root; `line` counts from 1. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

const sourceFile = /(?<!\.d)\.tsx?$/;

/**
 * Every import between source files of `apps/*`/src and `packages/*`/src below `root`: `import`, `import type`,
 * `export … from`, `import()` in code and in types, and `new URL(…, import.meta.url)`, which names a worker's entry.
 * Imports of other packages and of files that are not TypeScript are left out.
 *
 * @throws Error when a file cannot be parsed.
 */
export function readImports(root: string): Import[] {
  const files = new Set(["apps", "packages"].flatMap((folder) => sourcesBelow(root, folder)));
  const packages = packageEntries(root);
  return [...files].flatMap((from) => {
    const text = readFileSync(join(root, from), "utf8");
    return requestsIn(from, text).flatMap(({ request, offset }) => {
      const to = request.startsWith(".") ? join(dirname(from), request.replace(/\?.*$/, "")) : packages.get(request);
      return to !== undefined && files.has(to) ? { from, to, line: text.slice(0, offset).split("\n").length } : [];
    });
  });
}

function sourcesBelow(root: string, folder: string): string[] {
  return folders(root, folder).flatMap((name) =>
    readdirSync(join(root, folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && sourceFile.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((path) => path.startsWith(`${folder}/${name}/src/`)),
  );
}

function folders(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** What `packages/*` may be imported as, such as `@miscord/protocol/schemas`, with the file behind each name. */
function packageEntries(root: string): Map<string, string> {
  const entries = folders(root, "packages").flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) as {
      name: string;
      exports?: Record<string, string>;
    };
    const exported = Object.entries(manifest.exports ?? {});
    return exported.map(([key, file]) => [join(manifest.name, key), join("packages", folder, file)] as const);
  });
  return new Map(entries);
}

function requestsIn(path: string, text: string): { request: string; offset: number }[] {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const found: { request: string; offset: number }[] = [];
  const add = (node: Node | null | undefined) => {
    if (node?.type === "Literal" && typeof node.value === "string") {
      found.push({ request: node.value, offset: node.start });
    }
  };
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ImportExpression: ({ source }) => add(source),
    TSImportType: ({ source }) => add(source),
    NewExpression({ callee, arguments: [first, base] }) {
      const isUrl = callee.type === "Identifier" && callee.name === "URL";
      if (isUrl && base && text.slice(base.start, base.end) === "import.meta.url") add(first);
    },
  }).visit(program);
  return found;
}
