import { foldName } from "@miscord/text";
import type { Kysely } from "kysely";

interface Users {
  users: { id: number; display_name: string; display_name_key: string };
}

const atOnce = 1_000;

/** Names by which members are sorted and found, and nicknames of members in a server. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("users")
    .addColumn("display_name_key", "text", (c) => c.notNull().defaultTo(""))
    .execute();
  await db.schema.alterTable("members").addColumn("nickname", "text").execute();
  await db.schema.alterTable("members").addColumn("nickname_key", "text").execute();
  const users = (db as Kysely<Users>).selectFrom("users").select(["id", "display_name"]).orderBy("id").limit(atOnce);
  for (let after = 0; ;) {
    const page = await users.where("id", ">", after).execute();
    for (const { id, display_name: name } of page) {
      const key = { display_name_key: foldName(name) };
      await (db as Kysely<Users>).updateTable("users").set(key).where("id", "=", id).execute();
    }
    if (page.length < atOnce) return;
    after = page.at(-1)!.id;
  }
}
