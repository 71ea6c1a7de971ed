import { sql, type Kysely } from "kysely";
import { autoId, type SqlDialect } from "../sql-dialect.ts";

/** `SEND_MESSAGES`, `SEND_MESSAGES_IN_THREADS` and `SEND_POLLS`. */
const sendMessages = 2 ** 11;
const sendMessagesInThreads = 2 ** 38;
const sendPolls = 2 ** 49;

/**
 * Who says that an imported author is them. And whoever may write may send polls, which needed nothing else before, until somebody
 * changes it: what denied polls without any effect is taken away.
 */
export async function up(db: Kysely<unknown>, dialect: SqlDialect): Promise<void> {
  await db.schema
    .createTable("author_claims")
    .addColumn("id", ...autoId(dialect))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("placeholder_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("server_id", "bigint", (c) => c.notNull().references("servers.id").onDelete("cascade"))
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("created_at", "bigint", (c) => c.notNull())
    .addColumn("decided_at", "bigint")
    .execute();
  const keys = ["user_id", "placeholder_id"];
  await db.schema.createIndex("author_claims_key").unique().on("author_claims").columns(keys).execute();
  await db.schema.createIndex("author_claims_placeholder").on("author_claims").column("placeholder_id").execute();
  await db.schema.createIndex("author_claims_server").on("author_claims").column("server_id").execute();
  await sql`create index author_claims_pending on author_claims (id) where status = 'pending'`.execute(db);

  await grant(db, "roles", "permissions");
  await grant(db, "channel_overrides", "allow");
  const [deny, polls] = [sql.ref("deny"), sql.lit(sendPolls)];
  await sql`update channel_overrides set deny = ${deny} - ${polls} where (${deny} & ${polls}) <> 0`.execute(db);
}

async function grant(db: Kysely<unknown>, table: string, column: string): Promise<void> {
  const [bits, polls, writing] = [sql.ref(column), sql.lit(sendPolls), sql.lit(sendMessages + sendMessagesInThreads)];
  await sql`update ${sql.table(table)} set ${bits} = ${bits} | ${polls} where (${bits} & ${writing}) <> 0`.execute(db);
}
