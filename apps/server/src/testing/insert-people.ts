import type { Store } from "../store/contract.ts";
import { chunks } from "../chunks.ts";

const atOnce = 500;

/** Adds so many accounts by rows, as registering thousands takes minutes. Calls `then` with the ids of each few hundred. */
export async function insertPeople(
  { db }: Pick<Store, "db">,
  count: number,
  then: (ids: readonly number[]) => Promise<unknown>,
): Promise<number[]> {
  const added: number[] = [];
  const names = Array.from({ length: count }, (_, index) => `crowd${index}`);
  for (const some of chunks(names, atOnce)) {
    const rows = some.map((name) => ({
      username: name,
      username_key: name,
      username_skeleton: name,
      display_name: name,
      email: `${name}@example.org`,
      password_hash: "",
      avatar_color: "#336699",
      is_admin: 0,
      locale: null,
      theme: "system" as const,
      status: "online" as const,
      created_at: 1,
    }));
    const people = await db.insertInto("users").values(rows).returning("id").execute();
    const ids = people.map(({ id }) => id);
    await then(ids);
    added.push(...ids);
  }
  return added;
}
