// Writes what documents have from the code: `node scripts/generate-docs.ts`.
import { readFileSync, writeFileSync } from "node:fs";
import { exampleEnv } from "../apps/server/src/config/text.ts";
import { chartSchema } from "./docs/chart-settings.ts";
import { personalDataTable } from "./docs/personal-data-table.ts";
import { protocolTables } from "./docs/protocol-tables.ts";
import { settingsTable } from "./docs/settings-table.ts";

const blocks: Record<string, () => string> = {
  ...protocolTables,
  settings: settingsTable,
  personal_data: personalDataTable,
};
const root = new URL("../", import.meta.url);

/** The files that the code has a say in, as they are and as they should be. */
export function generatedFiles(): { path: string; present: string; current: string }[] {
  const pages = ["docs/protocol.md", "docs/operations.md", "docs/personal-data.md"].map((path) => ({
    path,
    fill: fillBlocks,
  }));
  const others = [
    { path: "example.env", fill: exampleEnv },
    { path: "deploy/helm/miscord/values.schema.json", fill: chartSchema },
  ];
  return [...pages, ...others].map(({ path, fill }) => {
    const present = readFileSync(new URL(path, root), "utf8");
    return { path, present, current: fill(present) };
  });
}

/** The page with every `<!-- generated: name -->` block filled anew. */
function fillBlocks(page: string): string {
  return page.replaceAll(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, open: string, name: string, end: string) => {
      const block = blocks[name];
      if (!block) throw new Error(`A page asks for an unknown block: ${name}`);
      return `${open}\n${block()}\n\n${end}`;
    },
  );
}

if (import.meta.main) for (const { path, current } of generatedFiles()) writeFileSync(new URL(path, root), current);
