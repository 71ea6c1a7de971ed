import type { Config } from "../config.ts";
import { lockDataFolder } from "../data-folder-lock.ts";
import { lockDatabase } from "./lock-database.ts";

/**
 * Keeps the server stopped while something is imported: what a node sends meanwhile would take positions, and it would not
 * tell of what is imported. Resolves with the function that lets it start. @throws StartupError while a node runs
 */
export async function lockInstance({ dataDir, databaseUrl }: Config): Promise<() => void | Promise<void>> {
  if (databaseUrl === undefined) return lockDataFolder(dataDir);
  const lock = await lockDatabase(databaseUrl);
  return () => lock.release();
}
