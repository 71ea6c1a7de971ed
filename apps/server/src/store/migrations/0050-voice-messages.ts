import { sql, type Kysely } from "kysely";

/** `ATTACH_FILES` and `SEND_VOICE_MESSAGES`. */
const attachFiles = 2 ** 15;
const sendVoiceMessages = 2 ** 46;

/**
 * Length and wave form of voice messages; previews of a message show the length without reading its attachments. Whoever may
 * attach files may send them, until somebody changes it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("attachments").addColumn("duration_ms", "bigint").execute();
  await db.schema.alterTable("attachments").addColumn("waveform", "text").execute();
  await db.schema.alterTable("messages").addColumn("voice_ms", "bigint").execute();
  await extend(db, "roles", "permissions");
  await extend(db, "channel_overrides", "allow");
  await extend(db, "channel_overrides", "deny");
}

async function extend(db: Kysely<unknown>, table: string, column: string): Promise<void> {
  const [bits, voice, files] = [sql.ref(column), sql.lit(sendVoiceMessages), sql.lit(attachFiles)];
  await sql`update ${sql.table(table)} set ${bits} = ${bits} | ${voice} where (${bits} & ${files}) <> 0`.execute(db);
}
