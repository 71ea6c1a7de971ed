import type { Kysely } from "kysely";

interface Users {
  users: { id: number; username: string; username_skeleton: string };
}

/** Usernames become unique by how they look. Of those that look alike already, the oldest gets the skeleton itself. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("users")
    .addColumn("username_skeleton", "text", (c) => c.notNull().defaultTo(""))
    .execute();
  const users = db as Kysely<Users>;
  const taken = new Set<string>();
  for (const { id, username } of await users.selectFrom("users").select(["id", "username"]).orderBy("id").execute()) {
    // A new database has nobody, and needs no table of look-alikes.
    const { skeletonOf } = await import("@miscord/text/skeleton");
    const skeleton = skeletonOf(username);
    // No name holds a `#`, so this one is in nobody's way.
    const unique = taken.has(skeleton) ? `${skeleton}#${id}` : skeleton;
    taken.add(unique);
    await users.updateTable("users").set({ username_skeleton: unique }).where("id", "=", id).execute();
  }
  await db.schema.createIndex("users_skeleton").unique().on("users").column("username_skeleton").execute();
}
