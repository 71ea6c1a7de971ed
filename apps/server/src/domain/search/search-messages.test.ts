import type { SearchResult } from "@miscord/protocol";
import { searchQuery } from "@miscord/protocol/schemas";
import { permissionBits } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deleting, editing, reacting } from "../../store/conformance/commands.ts";
import { commit, createAttachment, createChannel, send, type World } from "../../store/conformance/world.ts";
import type { Store } from "../../store/contract.ts";
import { deleteChannel } from "../../store/queries/channels.ts";
import * as privates from "../../store/queries/private-channels.ts";
import { insertThread } from "../../store/queries/threads.ts";
import { searchIndex } from "../../store/search/open-index.ts";
import { readState, requestRebuild } from "../../store/search/state.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import type { DomainContext } from "../context.ts";
import type { Indexer } from "./indexer.ts";
import { searchMessages } from "./search-messages.ts";
import { createManyChannels } from "./testing/many-channels.ts";
import { openSearchWorld } from "../../testing/search-world.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.dispose());

describe.each(["sqlite", "postgres"] as const)("search in %s", (dialect) => {
  let close: () => Promise<void>;
  let store: Store;
  let world: World;
  let context: DomainContext;
  let indexer: Indexer;
  beforeAll(async () => {
    const opened = await openSearchWorld(dialect === "sqlite" ? null : postgres.createDatabase());
    ({ store, world, context, indexer, close } = opened);
  });
  afterAll(() => close());

  const say = async (content: string, fields = {}) => {
    const message = await send(store, world.general, world.ann, { content, ...fields });
    await indexer.run();
    return message;
  };
  const search = (q: string, query: Record<string, unknown> = {}, userId = world.ann): Promise<SearchResult> =>
    searchMessages(context, { userId }, searchQuery.parse({ q, ...query }));
  const texts = async (...args: Parameters<typeof search>) =>
    (await search(...args)).hits.map(({ message }) => message.content);

  test.each([
    ["суббота", "Встретимся в субботу"],
    ["елка", "Наряжаем Ёлки"],
    ["канал", "много каналов тут"],
    ["каналов", "это канал связи"],
    ["сообщ", "длинное сообщение"],
    ["running deploy", "we run deploys, с релизом"],
    ["РЕЛИЗ deploy", "we run deploys, с релизом"],
    ["knight", "привет от dark_knight"],
    ["rider", "привет от NightRider7"],
    ["кусок", "два куска пирога"],
    ["замок", "старый за́мок"],
  ])("“%s” finds “%s”", async (query, text) => {
    await say(text);
    expect(await texts(query)).toContain(text);
  });

  test("a phrase in quotes is found word for word only, and its place is told", async () => {
    await say("белый медведь спит");
    await say("медведь белый, спит");
    const { hits } = await search('"белый медведь"');
    expect(hits.map(({ message, highlights }) => [message.content, highlights])).toEqual([
      ["белый медведь спит", [{ start: 0, end: 13 }]],
    ]);
  });

  test("what is said in a thread is found there, in its channel and in the server, and with no channel beside it", async () => {
    const { general, random, serverId, ann } = world;
    const fields = { serverId, parentId: general, name: "aside", ownerId: ann, starterId: null };
    const threadId = await insertThread(store.db, { ...fields, archiveAfterS: 60, now: 1 });
    await send(store, threadId, ann, { content: "заповедник выдр" });
    await indexer.run();
    for (const place of [{ channel_id: threadId }, { channel_id: general }, { server_id: serverId }, {}]) {
      expect(await texts("заповедники", place)).toEqual(["заповедник выдр"]);
    }
    expect(await texts("заповедники", { channel_id: random })).toEqual([]);
    expect(await texts("заповедники", {}, world.stranger)).toEqual([]);
  });

  test("a query in the other keyboard layout finds what was meant, and says so", async () => {
    await say("всем пылесосик");
    expect(await search("gsktcjcbr")).toMatchObject({
      corrected: "пылесосик",
      hits: [{ highlights: [{ start: 5, end: 14 }] }],
    });
    await say("gsktcjcbr буквально");
    expect(await search("gsktcjcbr")).toMatchObject({
      corrected: null,
      hits: [{ highlights: [{ start: 0, end: 9 }] }],
    });
  });

  test("filters by author, mention, attachment, link, channel, server and time narrow the result", async () => {
    const attachmentIds = [await createAttachment(store, world.bob, "отчёт-квартал.png")];
    await send(store, world.random, world.bob, {
      content: "фильтр с файлом",
      attachmentIds,
      at: Date.parse("2024-05-06T10:00Z"),
    });
    await send(store, world.general, world.ann, {
      content: "фильтр https://example.org",
      at: Date.parse("2024-05-07T10:00Z"),
    });
    await say("фильтр и упоминание", { mentionNames: [world.names.bob], at: Date.parse("2024-05-08T10:00Z") });
    const expectations: [Record<string, unknown>, string[]][] = [
      [{ author_id: world.bob }, ["фильтр с файлом"]],
      [{ mentions: world.bob }, ["фильтр и упоминание"]],
      [{ has: "image" }, ["фильтр с файлом"]],
      [{ has: "file,link" }, []],
      [{ has: "link" }, ["фильтр https://example.org"]],
      [{ channel_id: world.random }, ["фильтр с файлом"]],
      [{ server_id: world.serverId, has: "file" }, ["фильтр с файлом"]],
      [{ before: "2024-05-07" }, ["фильтр с файлом"]],
      [{ after: "2024-05-08" }, ["фильтр и упоминание"]],
      [{ after: "2024-05-07", before: "2024-05-08" }, ["фильтр https://example.org"]],
    ];
    for (const [filter, found] of expectations)
      expect([filter, await texts("фильтр", filter)]).toEqual([filter, found]);
    expect(await texts("", { author_id: world.bob })).toContain("фильтр с файлом");
    expect(await texts("квартал")).toEqual(["фильтр с файлом"]);
    await expect(search("")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(search("x", { cursor: "1; drop" })).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("what a message forwards, and the answers of a poll, find it", async () => {
    const forwarded = { sourceId: 1, content: "смотрите: паровоз https://example.org", writtenAt: 1 };
    const forward = await say("", { forwarded });
    const poll = { answers: ["на байдарке", "пешком"], multiple: false, anonymous: false, durationMs: null };
    await say("Как добираемся?", { poll });
    const place = { highlights: [], forwarded_highlights: [{ start: 10, end: 17 }] };
    expect((await search("паровозы")).hits).toMatchObject([{ message: { id: forward.id }, ...place }]);
    expect((await search('"паровоз https"', { has: "link" })).hits).toHaveLength(1);
    expect(await texts("байдарка добираемся")).toEqual(["Как добираемся?"]);
    expect(await texts("паровозы", {}, world.stranger)).toEqual([]);
    await commit(store, deleting(forward.id, world.ann));
    expect(await texts("паровоз")).toEqual([]);
  });

  test("pinned messages are found by words, by other filters and alone, from the pin to its end, where one sees them", async () => {
    const [mine, other] = [await say("маяк на берегу"), await say("маяк без огня")];
    const pin = (id: number, on: boolean) =>
      commit(store, { kind: "pin", actorId: world.owner, channelId: world.general, messageId: id, on, at: 5 });
    const pinned = (q: string, query = {}, userId = world.ann) => texts(q, { pinned: "true", ...query }, userId);
    expect(await pinned("маяки")).toEqual([]);
    for (const { id } of [mine, other]) await pin(id, true).then(() => indexer.run());
    expect(await pinned("маяки")).toEqual([other.content, mine.content]);
    expect(await pinned("берег", { sort: "relevance" })).toEqual([mine.content]);
    expect(await pinned("", { server_id: world.serverId })).toEqual([other.content, mine.content]);
    expect([await pinned("", { author_id: world.bob }), await texts("", { author_id: world.owner })]).toEqual([[], []]);
    expect([await pinned("", {}, world.stranger), await pinned("", { channel_id: world.random })]).toEqual([[], []]);
    await pin(other.id, false);
    expect(await pinned("маяк")).toEqual([mine.content]);
  });

  test("an edit is found by its new text, a deletion by nothing, and a deleted channel neither", async () => {
    const message = await say("черновик документа");
    await commit(store, editing(message.id, world.ann, "чистовик документа"));
    await indexer.run();
    expect([await texts("черновик"), await texts("чистовик")]).toEqual([[], ["чистовик документа"]]);
    await commit(store, deleting(message.id, world.ann));
    expect(await texts("чистовик")).toEqual([]);
    const extra = await createChannel(store, world.serverId, "text");
    await send(store, extra, world.ann, { content: "исчезающий канал" });
    await indexer.run();
    expect(await texts("исчезающий")).toHaveLength(1);
    await deleteChannel(store.db, extra);
    await indexer.run();
    expect(await texts("исчезающий")).toEqual([]);
  });

  test("only what one may see is found, from the moment a right is taken away", async () => {
    const hidden = await createChannel(store, world.serverId, "text");
    await send(store, hidden, world.ann, { content: "сокровище в саду" });
    await indexer.run();
    expect(await texts("сокровище", {}, world.bob)).toHaveLength(1);
    const deny = {
      channel_id: hidden,
      type: "member",
      target_id: world.bob,
      allow: 0,
      deny: permissionBits.viewChannel,
    };
    await store.db.insertInto("channel_overrides").values(deny).execute();
    await store.db.updateTable("channels").set({ restricted: 1 }).where("id", "=", hidden).execute();
    expect(await texts("сокровище", {}, world.bob)).toEqual([]);
    await expect(search("сокровище", { channel_id: hidden }, world.bob)).rejects.toMatchObject({ code: "not_found" });
    expect(await search("сокровище", {}, world.stranger)).toMatchObject({ hits: [], cursor: null });
    await expect(search("x", { server_id: world.serverId }, world.stranger)).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await texts("сокровище")).toHaveLength(1);
  });

  test("pages hold each message once, newest first or best first", async () => {
    for (let count = 0; count < 12; count += 1)
      await send(store, world.general, world.ann, {
        content: count === 3 ? "страница" : `страничный ${count} страницы`,
      });
    await indexer.run();
    const lists: number[][] = [];
    for (const sort of ["newest", "relevance"]) {
      const ids: number[] = [];
      let cursor: string | null = null;
      do {
        const found: SearchResult = await search("страница", { sort, limit: 5, ...(cursor !== null && { cursor }) });
        ids.push(...found.hits.map(({ message }) => message.id));
        cursor = found.cursor;
      } while (cursor !== null);
      expect([sort, ids.length, new Set(ids).size]).toEqual([sort, 12, 12]);
      lists.push(ids);
    }
    expect(lists[0]).toEqual(lists[0]?.toSorted((a, b) => b - a));
    expect((await texts("страница", { sort: "relevance" }))[0]).toBe("страница");
  });

  describe("pages while others write and delete", () => {
    let reader: number;
    let originals: number[];
    beforeAll(async () => {
      const { readerId, channels, hidden } = await createManyChannels(store, world.owner, `reader ${dialect}`);
      reader = readerId;
      originals = [];
      for (const [index, channel] of channels.slice(0, 24).entries()) {
        const content = index % 3 === 0 ? "закладка" : `закладки ${index} внизу`;
        const { id } = await send(store, channel, world.owner, { content });
        if (!hidden.includes(channel)) originals.push(id);
      }
      await indexer.run();
    });

    test.each(["newest", "relevance"])("hold each message once, by %s", async (sort) => {
      for (const userId of [reader, world.owner]) {
        const expected = new Set((await search("закладка", { limit: 50 }, userId)).hits.map((hit) => hit.message.id));
        expect(expected).toEqual(userId === reader ? new Set(originals) : expected);
        const seen: number[] = [];
        let cursor: string | null = null;
        do {
          const page: SearchResult = await search("закладка", { sort, limit: 4, ...(cursor && { cursor }) }, userId);
          seen.push(...page.hits.map(({ message }) => message.id));
          cursor = page.cursor;
          // One that was shown goes, a better one comes.
          const [shown] = page.hits;
          if (shown) await commit(store, deleting(shown.message.id, world.owner));
          originals = originals.filter((id) => id !== shown?.message.id);
          await say("закладка");
        } while (cursor !== null);
        expect([userId, seen.toSorted((a, b) => a - b)]).toEqual([userId, [...expected].toSorted((a, b) => a - b)]);
      }
    });
  });

  test("private messages are found by their people only, until they leave", async () => {
    const { ann, bob, owner, admin } = world;
    const pair = await privates.insertPair(store.db, ann, bob, 1);
    const group = await privates.insertGroup(store.db, { ownerId: ann, userIds: [bob, owner], name: "", now: 1 });
    await send(store, pair, ann, { content: "шёпот вдвоём" });
    await send(store, group, bob, { content: "шёпот втроём" });
    await say("шёпот при всех");
    const all = ["шёпот при всех", "шёпот втроём", "шёпот вдвоём"];
    expect([await texts("шёпот"), await texts("шёпот", {}, bob)]).toEqual([all, all]);
    expect(await texts("шёпот", {}, owner)).toEqual(all.slice(0, 2));
    expect(await texts("шёпот", {}, admin)).toEqual([]);
    expect(await texts("шёпот", { server_id: world.serverId })).toEqual(all.slice(0, 1));
    expect(await texts("шёпот", { channel_id: pair })).toEqual(all.slice(2));
    await expect(search("шёпот", { channel_id: pair }, owner)).rejects.toMatchObject({ code: "not_found" });
    await privates.removeRecipient(store.db, group, bob);
    expect(await texts("шёпот", {}, bob)).toEqual(["шёпот при всех", "шёпот вдвоём"]);
  });

  test("what the index says of author, mention and attachment is compared with the message", async () => {
    const { id } = await say("подделка");
    const { bob, general } = world;
    const terms = ["поддел", "подделк", "подделка", `:c${general}`, ":himage", `:a${bob}`, `:m${bob}`];
    await searchIndex(store.search, dialect).write({ documents: [{ id, terms }], removed: [], positions: [] });
    expect(await texts("подделка")).toEqual(["подделка"]);
    for (const filter of [{ author_id: bob }, { mentions: bob }, { has: "image" }])
      expect([filter, await texts("подделка", filter)]).toEqual([filter, []]);
  });

  test("a message that is reacted to before its turn is indexed, and an edited one not again at each reaction", async () => {
    const early = await send(store, world.random, world.ann, { content: "очередь на индекс" });
    await Promise.all(Array.from({ length: 260 }, () => send(store, world.random, world.ann)));
    await commit(store, reacting(early.id, world.bob, "👍"));
    await indexer.run();
    expect(await texts("очередь")).toEqual(["очередь на индекс"]);
    await commit(store, editing(early.id, world.ann, "очередь на обед"));
    await indexer.run();
    await searchIndex(store.search, dialect).compact();
    await commit(store, reacting(early.id, world.bob, "🎉"));
    await indexer.run();
    expect((await readState(store.search, "")).remains).toBeNull();
    await commit(store, { ...editing(early.id, world.ann, "очередь на ужин"), at: 1_700_000_009_000 });
    await indexer.run();
    expect([await texts("обед"), await texts("ужин")]).toEqual([[], ["очередь на ужин"]]);
  });

  test("a rebuild finds everything again, and what is sent or deleted meanwhile", async () => {
    const old = await say("древность один");
    const gone = await say("древность два");
    await requestRebuild(store.search);
    expect((await search("древность")).indexing).toBe(true);
    await commit(store, deleting(gone.id, world.ann));
    const rebuilding = indexer.run();
    await send(store, world.general, world.ann, { content: "древность три" });
    await rebuilding;
    await indexer.run();
    expect(await search("древность")).toMatchObject({
      indexing: false,
      hits: [{ message: { content: "древность три" } }, { message: { id: old.id } }],
    });
    expect(await texts("ёлка")).toEqual(["Наряжаем Ёлки"]);
  });
});
