import type { Import } from "./read-imports.ts";

/** Imports by which a file reaches itself, in order: for each group of files that reach each other, a shortest circle. */
export function importCircles(imports: readonly Import[]): Import[][] {
  const byFile = Map.groupBy(imports, ({ from }) => from);
  const seen = new Set<string>();
  const circles: Import[][] = [];
  for (const file of byFile.keys()) {
    if (seen.has(file)) continue;
    const circle = shortestCircle(file, byFile);
    if (!circle) continue;
    circles.push(circle);
    for (const other of reachable(file, byFile)) if (reachable(other, byFile).has(file)) seen.add(other);
  }
  return circles;
}

/** Breadth first from the file back to itself; null when nothing leads back. */
function shortestCircle(file: string, byFile: ReadonlyMap<string, readonly Import[]>): Import[] | null {
  const arrivedBy = new Map<string, Import>();
  const queue = [file];
  for (const current of queue) {
    for (const step of byFile.get(current) ?? []) {
      if (step.to === file) return pathTo(step, file, arrivedBy);
      if (arrivedBy.has(step.to)) continue;
      arrivedBy.set(step.to, step);
      queue.push(step.to);
    }
  }
  return null;
}

function pathTo(last: Import, start: string, arrivedBy: ReadonlyMap<string, Import>): Import[] {
  const path = [last];
  for (let step = last; step.from !== start; path.unshift(step)) step = arrivedBy.get(step.from)!;
  return path;
}

function reachable(file: string, byFile: ReadonlyMap<string, readonly Import[]>): Set<string> {
  const found = new Set<string>([file]);
  for (const current of found) for (const { to } of byFile.get(current) ?? []) found.add(to);
  return found;
}
