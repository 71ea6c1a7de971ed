import type { Import } from "./read-imports.ts";

/** Two folders of one parent, with the imports in each direction. */
export interface MutualFolders {
  readonly folders: readonly [string, string];
  /** The direction with fewer imports: usually the one to remove. */
  readonly fewer: readonly Import[];
  readonly more: readonly Import[];
}

const isTest = (path: string) => /\.test\.tsx?$|\/testing\//.test(path);

/** Sibling folders, at any depth, of which each imports the other. Tests and `testing/` folders do not count. */
export function mutualFolders(imports: readonly Import[]): MutualFolders[] {
  const crossing = imports.flatMap((each) => {
    const siblings = isTest(each.from) || isTest(each.to) ? null : siblingsOf(each);
    return siblings ? [{ each, siblings }] : [];
  });
  const pairs = Map.groupBy(crossing, ({ siblings }) => siblings.toSorted().join(" "));
  return [...pairs.values()].flatMap((pair) => {
    const { siblings: folders } = pair[0]!;
    const [forth, back] = Array.from(folders, (folder) =>
      pair.filter(({ siblings }) => siblings[0] === folder).map(({ each }) => each),
    ) as [Import[], Import[]];
    if (back.length === 0) return [];
    return [back.length < forth.length ? { folders, fewer: back, more: forth } : { folders, fewer: forth, more: back }];
  });
}

/** The folders that the import crosses between: the first in which its two paths differ. Null when one is a file. */
function siblingsOf({ from, to }: Import): [string, string] | null {
  const [source, target] = [from.split("/"), to.split("/")];
  const depth = source.findIndex((part, index) => part !== target[index]);
  if (depth === -1 || depth >= source.length - 1 || depth >= target.length - 1) return null;
  return [source.slice(0, depth + 1).join("/"), target.slice(0, depth + 1).join("/")];
}
