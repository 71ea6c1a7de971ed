import type { Kysely } from "kysely";
import type { EarlierTextRow, ForwardRow } from "../message-tables.ts";
import type { Tables } from "../schema.ts";

/** The first one first. */
export function earlierTextsOf(db: Kysely<Tables>, messageId: number): Promise<EarlierTextRow[]> {
  return db.selectFrom("earlier_texts").where("message_id", "=", messageId).orderBy("id").selectAll().execute();
}

export function forwardOf(db: Kysely<Tables>, messageId: number): Promise<ForwardRow | undefined> {
  return db.selectFrom("forwards").where("message_id", "=", messageId).selectAll().executeTakeFirst();
}
