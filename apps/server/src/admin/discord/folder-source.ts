import { createReadStream } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { isNoFile, mediaFolder, type ExportSource } from "../../domain/imports/discord/export-source.ts";

const levelsAtMost = 8;

/** The export in a folder, given with all links resolved: nothing outside of it is read, whatever a path or a link says. */
export function folderSource(root: string): ExportSource {
  return {
    name: root,
    async *jsonFiles() {
      for await (const path of jsonFiles(root, 0)) yield relative(root, path);
    },
    open: (path) => Promise.resolve(createReadStream(join(root, path))),
    async find(jsonFile, name) {
      if (isNoFile(name)) return null;
      try {
        const path = await realpath(resolve(root, dirname(jsonFile), name.replaceAll("\\", sep)));
        if (!path.startsWith(root + sep)) return null;
        const found = await stat(path);
        return found.isFile() ? { path: relative(root, path), size: found.size } : null;
      } catch {
        return null;
      }
    },
  };
}

/** Links are not followed. */
async function* jsonFiles(folder: string, level: number): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.toLowerCase().endsWith(".json")) yield path;
    if (entry.isDirectory() && level < levelsAtMost && !mediaFolder.test(entry.name)) yield* jsonFiles(path, level + 1);
  }
}
