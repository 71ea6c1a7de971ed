import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { impersonalTables } from "../impersonal-tables.ts";
import { personalColumns } from "../personal-columns.ts";
import { dueDeletions, makeNameless, noteDeletion } from "../queries/deletions.ts";
import { deletePersonalRows, personalRows } from "../queries/personal-rows.ts";
import { schemaOf } from "./schema-of.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createWorld, type World } from "./world.ts";

/** Names of columns that hold the id of a user, whether or not a foreign key says so. */
const naming = /^(?:user|author|actor|reporter|owner|uploader|recipient|friend|blocked|member|target|creator)_id$|_by$/;

/** Compares what `personal-columns.ts` declares with the tables that there are. */
export function describePersonalData(open: OpenStore): void {
  describe("personal data", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    test("of every table it is declared in personal-columns.ts whether it is about people", async () => {
      const tables = [...(await schemaOf(fixture.store)).keys()].filter((table) => !table.startsWith("search_index_"));
      const declared = new Set([...personalColumns.map(({ table }) => table), ...impersonalTables]);
      expect(tables.filter((table) => !declared.has(table))).toEqual([]);
    });

    test("every column that names a person is declared in personal-columns.ts, and no other", async () => {
      const schema = await schemaOf(fixture.store);
      const declared = new Set(personalColumns.map(({ table, column }) => `${table}.${column}`));
      const present = new Set<string>();
      const forgotten: string[] = [];
      for (const [table, columns] of schema) {
        for (const { name, leadsTo } of columns) {
          present.add(`${table}.${name}`);
          const isPersonal = leadsTo === "users" || naming.test(name);
          if (isPersonal && !declared.has(`${table}.${name}`)) forgotten.push(`${table}.${name}`);
        }
      }
      expect(forgotten).toEqual([]);
      expect([...declared].filter((column) => !present.has(column))).toEqual([]);
    });

    test("of every table that an export takes along each column is declared as shown or hidden", async () => {
      const schema = await schemaOf(fixture.store);
      for (const { table, export: exported } of personalColumns) {
        if (!exported) continue;
        const present = new Set(schema.get(table)!.map(({ name }) => name));
        const declared = new Set([...exported.shown, ...(exported.hidden ?? [])]);
        expect([table, present.symmetricDifference(declared)]).toEqual([table, new Set()]);
      }
    });

    test("accounts that wait after they have lost their names keep no others from their turn", async () => {
      const { db } = fixture.store;
      const { ann, bob, stranger } = await createWorld(fixture.store);
      for (const [index, id] of [ann, bob, stranger].entries())
        await noteDeletion(db, id, { at: 1 + index, messages: "keep" });
      for (const id of [ann, bob]) await makeNameless(db, id, 10);
      const due = async (settledBefore: number) =>
        (await dueDeletions(db, 10, { limit: 2, except: [], settledBefore })).map(({ id }) => id);
      expect(await due(9)).toEqual([stranger]);
      expect(await due(10)).toEqual([ann, bob]);
    });

    test("the rows of a person are read in pages in the order of their keys, and deleted", async () => {
      const { db } = fixture.store;
      const { ann, bob, general, random } = world;
      const ids = [general, random];
      for (const user_id of [ann, bob])
        for (const channel_id of ids)
          await db.insertInto("read_states").values({ user_id, channel_id, seq: 0 }).execute();
      const place = { table: "read_states", column: "user_id", by: ["channel_id"] } as const;
      const [first] = await personalRows(db, place, { userId: ann, after: undefined, limit: 1 });
      const rest = await personalRows(db, place, { userId: ann, after: first, limit: 5 });
      expect([first, ...rest].map((row) => [row!["user_id"], row!["channel_id"]])).toEqual(ids.map((id) => [ann, id]));
      await deletePersonalRows(db, place, ann);
      const left = await db.selectFrom("read_states").select("user_id").execute();
      expect(left).toEqual([{ user_id: bob }, { user_id: bob }]);
    });

    test("every table that an export takes along can be read in pages", async () => {
      const isText = /^(?:code|scope|emoji|discord_id)$/;
      for (const { table, column, export: exported } of personalColumns) {
        if (!exported) continue;
        const hasTextId = table === "sessions" || table === "exports";
        const after = Object.fromEntries(
          exported.by.map((name) => [name, isText.test(name) || (hasTextId && name === "id") ? "" : 0]),
        );
        const page = { userId: world.stranger, after, limit: 2 };
        expect(await personalRows(fixture.store.db, { table, column, by: exported.by }, page)).toBeInstanceOf(Array);
      }
    });
  });
}
