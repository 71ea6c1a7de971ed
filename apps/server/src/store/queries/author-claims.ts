import { importLimits, type PendingAuthorClaim } from "@miscord/protocol";
import { sql, type Kysely } from "kysely";
import type { AuthorClaimRow } from "../claim-tables.ts";
import { isEnabled } from "../rights-sql.ts";
import type { Tables } from "../schema.ts";
import { programs } from "../webhook-tables.ts";
import { usersById } from "./users.ts";

type Db = Kysely<Tables>;

/** The latest first. Without those that the user has withdrawn. */
export function claimsOf(db: Db, userId: number): Promise<AuthorClaimRow[]> {
  return db
    .selectFrom("author_claims")
    .where("user_id", "=", userId)
    .where("status", "!=", "withdrawn")
    .orderBy("id", "desc")
    .limit(importLimits.claimsPerUser)
    .selectAll()
    .execute();
}

/** All of the user that somebody has not accepted. */
export function unacceptedClaims(db: Db, userId: number): Promise<AuthorClaimRow[]> {
  return db
    .selectFrom("author_claims")
    .where("user_id", "=", userId)
    .where("status", "!=", "accepted")
    .selectAll()
    .execute();
}

/** Asks, or asks again. */
export function putClaim(
  db: Db,
  claim: Pick<AuthorClaimRow, "user_id" | "placeholder_id" | "server_id" | "created_at">,
): Promise<AuthorClaimRow> {
  const { server_id, created_at } = claim;
  return db
    .insertInto("author_claims")
    .values({ ...claim, status: "pending", attempts: 1 })
    .onConflict((conflict) =>
      conflict.columns(["user_id", "placeholder_id"]).doUpdateSet((is) => ({
        server_id,
        created_at,
        status: "pending",
        decided_at: null,
        attempts: is("author_claims.attempts", "+", 1),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Ends a claim that is pending, if it is that of the user or `userId` is left out. Returns it. */
export function endClaim(
  db: Db,
  id: number,
  { status, at, userId }: { status: "accepted" | "declined" | "withdrawn"; at: number; userId?: number },
): Promise<AuthorClaimRow | undefined> {
  return db
    .updateTable("author_claims")
    .set({ status, decided_at: at })
    .where("id", "=", id)
    .where("status", "=", "pending")
    .$if(userId !== undefined, (query) => query.where("user_id", "=", userId!))
    .returningAll()
    .executeTakeFirst();
}

/** The placeholder's messages are the user's now: that claim is accepted, all others are declined. Returns who had asked. */
export async function settleClaims(
  db: Db,
  { placeholderId, userId, at }: { placeholderId: number; userId: number; at: number },
): Promise<{ user_id: number; status: string }[]> {
  return db
    .updateTable("author_claims")
    .set((is) => ({
      status: is.case().when("user_id", "=", userId).then("accepted").else("declined").end(),
      decided_at: at,
    }))
    .where("placeholder_id", "=", placeholderId)
    .where("status", "=", "pending")
    .returning(["user_id", "status"])
    .execute();
}

/** Undefined when there is none that is pending, of somebody who still may ask. */
export function openClaim(db: Db, id: number): Promise<AuthorClaimRow | undefined> {
  return openClaims(db).where("author_claims.id", "=", id).selectAll("author_claims").executeTakeFirst();
}

/** Pending ones of those who are still in the server where they met the author, and whose account nobody has disabled. */
function openClaims(db: Db) {
  return db
    .selectFrom("author_claims")
    .innerJoin("users", "users.id", "author_claims.user_id")
    .innerJoin("members", (join) =>
      join
        .onRef("members.server_id", "=", "author_claims.server_id")
        .onRef("members.user_id", "=", "author_claims.user_id"),
    )
    .where("author_claims.status", "=", "pending")
    .where("users.deleted_at", "is", null)
    .where("users.program", "=", programs.none)
    .where(sql<boolean>`${sql.raw(isEnabled("author_claims.user_id"))}`);
}

/** The first that came first, with ids above `after`. */
export async function pendingClaims(db: Db, after: number, limit: number): Promise<PendingAuthorClaim[]> {
  const rows = await openClaims(db)
    .innerJoin("servers", "servers.id", "author_claims.server_id")
    .where("author_claims.id", ">", after)
    .orderBy("author_claims.id")
    .limit(limit)
    .selectAll("author_claims")
    .select(["servers.name as server_name", "members.joined_at"])
    .execute();
  if (rows.length === 0) return [];
  const ids = new Set(rows.flatMap((row) => [row.user_id, row.placeholder_id]));
  const users = new Map((await usersById(db, [...ids])).map((user) => [user.id, user]));
  const names = await namesInDiscord(db, rows);
  const claims: PendingAuthorClaim[] = [];
  for (const row of rows) {
    claims.push({
      id: row.id,
      author: users.get(row.placeholder_id)!,
      discord_name: names.get(row.placeholder_id) ?? "",
      messages: await messagesOf(db, row.placeholder_id),
      user: users.get(row.user_id)!,
      server: { id: row.server_id, name: row.server_name },
      joined_at: new Date(row.joined_at).toISOString(),
      created_at: new Date(row.created_at).toISOString(),
      attempts: row.attempts,
    });
  }
  return claims;
}

async function namesInDiscord(db: Db, rows: readonly AuthorClaimRow[]): Promise<Map<number, string>> {
  const ids = rows.map((row) => row.placeholder_id);
  const found = await db
    .selectFrom("discord_authors")
    .where("user_id", "in", ids)
    .select(["user_id", "name"])
    .execute();
  return new Map(found.map(({ user_id, name }) => [user_id, name]));
}

/** Up to `importLimits.claimMessages`. */
async function messagesOf(db: Db, authorId: number): Promise<number> {
  const { count } = await db
    .selectFrom(
      db
        .selectFrom("messages")
        .where("author_id", "=", authorId)
        .where("deleted_at", "is", null)
        .select("id")
        .limit(importLimits.claimMessages)
        .as("own"),
    )
    .select(({ fn }) => fn.countAll<number | string>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
}
