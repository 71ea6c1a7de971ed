import type { Store } from "../../store/contract.ts";
import type { Coincidence } from "./incident-log.ts";
import type { Load } from "./loads.ts";

/**
 * Accounts by their name, and channels by their id and that of their server, since an administrator of the instance need
 * not be a member of it. What is gone meanwhile is left out.
 */
export async function describedLoads(
  { db }: Pick<Store, "db">,
  at: string,
  loads: readonly Load[],
): Promise<Coincidence[]> {
  const described = await Promise.all(
    loads.map(async ({ kind, id }) => {
      const detail = kind === "account" ? await accountName(db, id) : await channelName(db, id);
      return detail === undefined ? [] : [{ kind, at, detail }];
    }),
  );
  return described.flat();
}

async function accountName(db: Store["db"], id: number): Promise<string | undefined> {
  return (await db.selectFrom("users").where("id", "=", id).select("username").executeTakeFirst())?.username;
}

async function channelName(db: Store["db"], id: number): Promise<string | undefined> {
  const row = await db.selectFrom("channels").where("id", "=", id).select("server_id").executeTakeFirst();
  // That people talk in private is nobody else's business.
  return row && row.server_id !== null ? `${id}, server ${row.server_id}` : undefined;
}
