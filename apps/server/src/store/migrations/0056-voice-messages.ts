import type { Kysely } from "kysely";

/** Length and wave form of voice messages. Previews of a message show the length without reading its attachments. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("attachments").addColumn("duration_ms", "bigint").execute();
  await db.schema.alterTable("attachments").addColumn("waveform", "text").execute();
  await db.schema.alterTable("messages").addColumn("voice_ms", "bigint").execute();
}
