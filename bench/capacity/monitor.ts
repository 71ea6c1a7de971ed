import { join } from "node:path";
import { openSqliteStore } from "../../apps/server/src/store/sqlite/open-sqlite-store.ts";
import type { Running } from "../contestant.ts";

/** Lets everybody in a data folder read the dashboard. */
export async function administer(dataDir: string): Promise<void> {
  const store = await openSqliteStore({ file: join(dataDir, "miscord.db") });
  await store.db.updateTable("users").set({ is_admin: 1 }).execute();
  await store.close();
}

/** A call of the dashboard. */
export async function askMonitor<Answer>({ ports, paths }: Running, call: string): Promise<Answer> {
  const token = new URL(paths[0]!, "http://127.0.0.1").searchParams.get("token");
  const response = await fetch(`http://127.0.0.1:${ports[0]}/api/monitor/${call}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`${call} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
