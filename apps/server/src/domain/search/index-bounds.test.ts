import type { SearchResult } from "@miscord/protocol";
import { searchQuery } from "@miscord/protocol/schemas";
import { permissionBits } from "@miscord/rights";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stemsOf } from "../../search/words.ts";
import { createChannel, send } from "../../store/conformance/world.ts";
import * as privates from "../../store/queries/private-channels.ts";
import { searchIndex } from "../../store/search/open-index.ts";
import { channelsWithSymbols } from "../../store/search/term-symbol.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { openSearchWorld, type SearchWorld } from "../../testing/search-world.ts";
import { readCursor } from "./cursor.ts";
import { searchMessages } from "./search-messages.ts";
import { createManyChannels } from "./testing/many-channels.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.dispose());

describe.each(["sqlite", "postgres"] as const)("the index of %s", (dialect) => {
  let opened: SearchWorld;
  beforeAll(async () => {
    opened = await openSearchWorld(dialect === "sqlite" ? null : postgres.createDatabase());
  });
  afterAll(() => opened.close());

  const say = async (content: string) => {
    const { store, world, indexer } = opened;
    const message = await send(store, world.general, world.ann, { content });
    await indexer.run();
    return message;
  };
  const search = (q: string, query: Record<string, unknown> = {}, userId = opened.world.ann): Promise<SearchResult> =>
    searchMessages(opened.context, { userId }, searchQuery.parse({ q, ...query }));
  const texts = async (...args: Parameters<typeof search>) =>
    (await search(...args)).hits.map(({ message }) => message.content);
  const index = (id: number, terms: readonly string[]) =>
    searchIndex(opened.store.search, dialect).write({ documents: [{ id, terms }], removed: [], positions: [] });

  test("a cursor names no message that the reader does not see, whatever the index finds", async () => {
    const { store, world } = opened;
    const { ann, stranger } = world;
    const group = await privates.insertGroup(store.db, { ownerId: ann, userIds: [stranger], name: "", now: 1 });
    for (let count = 0; count < 3; count += 1) await send(store, group, ann, { content: "тайник" });
    const hidden = await say("чужой тайник");
    await index(hidden.id, [...stemsOf("чужой тайник"), `:c${group}`]);
    const { hits, cursor } = await search("тайник", { sort: "relevance", limit: 2 }, stranger);
    expect(hits).toHaveLength(2);
    expect(readCursor(cursor!).before).toBe(Math.max(...hits.map(({ message }) => message.id)) + 1);
  });

  test("words of letters that are two UTF-16 units long stop nothing, and are found by their beginning", async () => {
    await say("αβ𐀀 αβ𒀀 𐀀𐀁𐀂");
    const rest = await say("после редких букв");
    expect((await search("редкие")).hits).toMatchObject([{ message: { id: rest.id } }]);
    for (const query of ["αβ𐀀", "αβ𒀀", "𐀀𐀁"]) expect([query, (await texts(query)).length]).toEqual([query, 1]);
  });

  if (dialect === "sqlite") return;

  test("words with the same beginning take a bounded room in their list", async () => {
    const { search: db } = opened.store;
    const { id } = await say("список слов");
    const listAfter = async (batch: number) => {
      await index(
        id,
        Array.from({ length: 1_100 }, (_, count) => `ъъъ${"ъ".repeat(80)}${batch}x${count}`),
      );
      const row = db.selectFrom("search_words").where("beginning", "=", "ъъъ").select("words");
      const { words } = await row.executeTakeFirstOrThrow();
      return { bytes: Buffer.byteLength(words), count: words.split(" ").length };
    };
    expect(await listAfter(0)).toMatchObject({ count: 1_000 });
    await listAfter(1);
    const full = await listAfter(2);
    expect(full.bytes).toBeLessThan(500_000);
    expect(await listAfter(3)).toEqual(full);
  });

  test("new words take no long time beside tens of thousands with the same beginning", async () => {
    const { search: db } = opened.store;
    const { id } = await say("много слов");
    const words = Array.from({ length: 35_000 }, (_, count) => `yyy${count.toString(36).padStart(3, "0")}`);
    await db
      .insertInto("search_words")
      .values({ beginning: "yyy", words: words.join(" ") })
      .execute();
    const startedAt = performance.now();
    await index(
      id,
      Array.from({ length: 1_000 }, (_, count) => `yyyy${count.toString(36)}`),
    );
    // It took seconds, in which nobody's messages were indexed.
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    const row = db.selectFrom("search_words").where("beginning", "=", "yyy").select("words");
    expect((await row.executeTakeFirstOrThrow()).words.split(" ")).toHaveLength(36_000);
  });

  test("a hidden channel beyond those with symbols of their own hides nothing of another", async () => {
    const { store, world, indexer } = opened;
    const { readerId, channels, hidden } = await createManyChannels(store, world.owner, "twin reader");
    const shown = channels[0]!;
    await store.db.updateTable("channels").set({ restricted: 0 }).where("id", "in", hidden.slice(0, 4)).execute();
    const place = store.db.selectFrom("channels").where("id", "=", shown).select("server_id");
    const { server_id: serverId } = await place.executeTakeFirstOrThrow();
    const twin = shown + channelsWithSymbols;
    await sql`alter table channels alter column id restart with ${sql.lit(twin)}`.execute(store.db);
    expect(await createChannel(store, serverId!, "text")).toBe(twin);
    const deny = { type: "member", target_id: readerId, allow: 0, deny: permissionBits.viewChannel };
    await store.db
      .insertInto("channel_overrides")
      .values({ channel_id: twin, ...deny })
      .execute();
    await store.db.updateTable("channels").set({ restricted: 1 }).where("id", "=", twin).execute();
    await send(store, shown, world.owner, { content: "двойник" });
    await indexer.run();
    expect(await texts("двойник", {}, readerId)).toEqual(["двойник"]);
  });
});
