import { type DiscoveryPage, type DiscoveryQuery } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import { addressOf } from "../picture-address.ts";
import type { Tables } from "../schema.ts";
import { containsText, patternOf } from "./contains-text.ts";

type Db = Kysely<Tables>;

function listed(db: Db) {
  return db.selectFrom("servers").where("public_since", "is not", null).where("unlisted", "=", 0);
}

/** Whether everybody on the instance may join the server without an invite. */
export async function isListed(db: Db, serverId: number): Promise<boolean> {
  return (await listed(db).where("id", "=", serverId).select("id").executeTakeFirst()) !== undefined;
}

/** PostgreSQL folds the case of all letters; SQLite has to find one of the spellings. */
const spelt = (search: string) => (column: "servers.name" | "servers.description") => [
  containsText(column, search),
  sql<boolean>`lower(${sql.ref(column)}) like ${patternOf(search.toLowerCase())} escape '\\'`,
];

/** Public servers as the user may find them: without those that have banned them. */
export async function publicServers(
  db: Db,
  userId: number,
  { search, before, limit, now }: DiscoveryQuery & { now: number },
): Promise<DiscoveryPage> {
  const [since = 0, id = 0] = before?.split(".").map(Number) ?? [];
  const rows = await listed(db)
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(public_since < ${since} or (public_since = ${since} and servers.id < ${id}))`),
    )
    .$if(search !== "", (query) =>
      query.where((is) => is.or((["servers.name", "servers.description"] as const).flatMap(spelt(search)))),
    )
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom("bans")
            .whereRef("bans.server_id", "=", "servers.id")
            .where("bans.user_id", "=", userId)
            .where((of) => of.or([of.eb("bans.expires_at", "is", null), of.eb("bans.expires_at", ">", now)]))
            .select("bans.user_id"),
        ),
      ),
    )
    .orderBy("public_since", "desc")
    .orderBy("servers.id", "desc")
    .limit(limit + 1)
    .select(["servers.id", "servers.name", "servers.description", "servers.public_since"])
    .select("servers.picture")
    .select((is) => [
      is
        .selectFrom("members")
        .whereRef("members.server_id", "=", "servers.id")
        .select((of) => of.fn.countAll<number | string>().as("count"))
        .as("members"),
      is
        .selectFrom("members as own")
        .whereRef("own.server_id", "=", "servers.id")
        .where("own.user_id", "=", userId)
        .select("own.user_id")
        .as("own"),
    ])
    .execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    servers: shown.map((row) => ({
      id: row.id,
      name: row.name,
      description: row.description,
      icon_url: addressOf(row.picture),
      members: roundedDown(Number(row.members)),
      is_member: row.own !== null,
    })),
    next: rows.length > limit && last ? `${last.public_since}.${last.id}` : null,
  };
}

/** The first digit counts, and below ten none: who comes and goes is not to be read from the number. */
export function roundedDown(count: number): number {
  if (count < 10) return 0;
  const unit = 10 ** Math.floor(Math.log10(count));
  return Math.floor(count / unit) * unit;
}
