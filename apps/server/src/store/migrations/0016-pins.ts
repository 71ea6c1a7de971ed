import { sql, type Kysely } from "kysely";

/** `MANAGE_MESSAGES` and `PIN_MESSAGES`. */
const manageMessages = 2 ** 13;
const pinMessages = 2 ** 51;

/**
 * When a message was pinned. Like Discord when it split the permission, whoever may manage messages may pin from now on,
 * until somebody changes it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("messages").addColumn("pinned_at", "bigint").execute();
  await sql`create index messages_pinned on messages (channel_id, pinned_at) where pinned_at is not null`.execute(db);
  await split(db, "roles", "permissions");
  await split(db, "channel_overrides", "allow");
  await split(db, "channel_overrides", "deny");
}

async function split(db: Kysely<unknown>, table: string, column: string): Promise<void> {
  const [bits, pin, manage] = [sql.ref(column), sql.lit(pinMessages), sql.lit(manageMessages)];
  await sql`update ${sql.table(table)} set ${bits} = ${bits} | ${pin} where (${bits} & ${manage}) <> 0`.execute(db);
}
