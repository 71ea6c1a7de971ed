import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from "node:fs";
import { freemem } from "node:os";
import { join } from "node:path";

const shared = "/dev/shm";
const prefix = "miscord-tests-";
/** Several times what the files of a run's tests take at once. */
const enoughBytes = 8 * 2 ** 30;

/**
 * A new folder in memory for the files of tests, removed when this process ends; none where there is no memory for it. On a disk
 * that is slow at times, databases stand still for longer than servers and clients wait for them.
 */
export function memoryFolder(neededBytes = enoughBytes) {
  if (!existsSync(shared)) return undefined;
  removeAbandoned();
  const { bavail, bsize } = statfsSync(shared);
  const freeBytes = process.availableMemory?.() ?? freemem();
  if (Math.min(bavail * bsize, freeBytes) < neededBytes) return undefined;
  const folder = mkdtempSync(join(shared, `${prefix}${process.pid}-`));
  // PostgreSQL may run as another user.
  chmodSync(folder, 0o755);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Folders of runs that were killed. */
function removeAbandoned() {
  for (const name of readdirSync(shared)) {
    if (!name.startsWith(prefix)) continue;
    const [pid] = name.slice(prefix.length).split("-");
    if (!existsSync(join("/proc", pid))) rmSync(join(shared, name), { recursive: true, force: true });
  }
}
