import { expect, test } from "vitest";
import { createPerson } from "../conformance/world.ts";
import { openSqliteStore } from "../sqlite/open-sqlite-store.ts";
import { temporaryFile } from "../sqlite/testing/temporary-file.ts";

test("of usernames that look alike already the oldest keeps the skeleton and nobody loses the account", async () => {
  const file = temporaryFile();
  const store = await openSqliteStore({ file });
  const names = ["alice", "аlice", "bob", "aIice"];
  for (const name of names) await createPerson(store, name);
  await store.db.schema.dropIndex("users_skeleton").execute();
  await store.db.schema.alterTable("users").dropColumn("username_skeleton").execute();
  await store.db.deleteFrom("migrations").where("name", "=", "0003-username-skeletons").execute();
  await store.close();

  const reopened = await openSqliteStore({ file });
  const rows = await reopened.db
    .selectFrom("users")
    .select(["id", "username", "username_skeleton"])
    .orderBy("id")
    .execute();
  expect(rows.map((row) => row.username)).toEqual(names);
  expect(rows.map((row) => row.username_skeleton)).toEqual(
    ["alice", `alice#${rows[1]!.id}`, "bob", `alice#${rows[3]!.id}`].map((name) => name.replaceAll("i", "l")),
  );
  await expect(
    createPerson(reopened, "bоb").then(() =>
      reopened.db.updateTable("users").set({ username_skeleton: "bob" }).where("username", "=", "bоb").execute(),
    ),
  ).rejects.toThrow(/unique/i);
  await reopened.close();
});
