// A step of `npm run check`: no import circle, types included, and no two sibling folders that import each other.
import { fileURLToPath } from "node:url";
import { importCircles } from "./imports/import-circles.ts";
import { mutualFolders } from "./imports/mutual-folders.ts";
import { type Import, readImports } from "./imports/read-imports.ts";

/** Imports shown of the direction that has more of them. */
const shownOfMore = 3;

/** What is wrong with the imports of the project at `root`, each finding with its files and lines. Empty: nothing. */
export function checkImports(root: string): string[] {
  const imports = readImports(root);
  return [
    ...importCircles(imports).map((circle) => finding("Files import each other in a circle:", circle)),
    ...mutualFolders(imports).map(({ folders, fewer, more }) =>
      finding(
        `${folders.join(" and ")} import each other:`,
        [...fewer, ...more.slice(0, shownOfMore)],
        more.length - shownOfMore,
      ),
    ),
  ];
}

function finding(title: string, imports: readonly Import[], notShown = 0): string {
  const lines = imports.map(({ from, to, line }) => `  ${from}:${line} → ${to}`);
  return [title, ...lines, ...(notShown > 0 ? [`  and ${notShown} more`] : [])].join("\n");
}

if (import.meta.main) {
  const findings = checkImports(fileURLToPath(new URL("../", import.meta.url)));
  for (const text of findings) console.error(text);
  process.exitCode = findings.length > 0 ? 1 : 0;
}
