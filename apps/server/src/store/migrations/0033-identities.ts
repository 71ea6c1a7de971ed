import type { Kysely } from "kysely";

/** Logins at providers that are linked to accounts, and visits to a provider that are under way. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("identities")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("issuer", "text", (c) => c.notNull())
    .addColumn("subject", "text", (c) => c.notNull())
    .addColumn("label", "text", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("last_used_at", "bigint", (c) => c.notNull())
    .addUniqueConstraint("identities_subject", ["issuer", "subject"])
    .addUniqueConstraint("identities_user", ["user_id", "issuer"])
    .execute();
  await db.schema
    .createTable("provider_visits")
    .addColumn("digest", "text", (c) => c.primaryKey())
    .addColumn("kind", "text", (c) => c.notNull())
    .addColumn("user_id", "bigint", (c) => c.references("users.id").onDelete("cascade"))
    .addColumn("data", "text", (c) => c.notNull())
    .addColumn("expires_at", "bigint", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("provider_visits_user").on("provider_visits").column("user_id").execute();
  await db.schema.createIndex("provider_visits_expiry").on("provider_visits").column("expires_at").execute();
}
