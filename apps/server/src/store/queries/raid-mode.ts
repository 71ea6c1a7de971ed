import type { Server } from "@miscord/protocol";
import type { Kysely } from "kysely";
import type { Tables } from "../schema.ts";
import { changeServerRow } from "./servers.ts";

type Db = Kysely<Tables>;

/** Sets the raid mode of the server; null ends it. Undefined when there is no such server. */
export async function setRaidMode(
  db: Db,
  serverId: number,
  mode: { since: number; until: number } | null,
): Promise<Server | undefined> {
  return changeServerRow(db, serverId, { raid_since: mode?.since ?? null, raid_until: mode?.until ?? null });
}

/** The raid mode that holds at this time, in milliseconds since 1970; null when there is none. */
export async function raidModeOf(
  db: Db,
  serverId: number,
  now: number,
): Promise<{ since: number; until: number } | null> {
  const row = await db
    .selectFrom("servers")
    .where("id", "=", serverId)
    .select(["raid_since", "raid_until"])
    .executeTakeFirst();
  if (!row || row.raid_since === null || row.raid_until === null || row.raid_until <= now) return null;
  return { since: row.raid_since, until: row.raid_until };
}
