import type { KyselyPlugin } from "kysely";
import { afterEach, expect, test } from "vitest";
import { userById } from "../../store/queries/users.ts";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import { exportFiles } from "./export-files.ts";

let world: RealtimeWorld;
afterEach(() => world.close());

test("messages with many earlier texts are written one by one, each with its own", async () => {
  world = await RealtimeWorld.open();
  const author = await world.person("author");
  const { channelId } = await world.server(author);
  const { store, storage } = world.context;
  const ids: number[] = [];
  for (let number = 0; number < 20; number += 1) {
    const outcome = await store.log.commit({
      kind: "send",
      authorId: author.id,
      channelId,
      content: `now ${number}`,
      nonce: null,
      replyToId: null,
      attachmentIds: [],
      mentionNames: [],
      mentionsEveryone: false,
      at: 1_000 + number,
    });
    ids.push(outcome.ok ? outcome.message!.id : 0);
  }
  for (const message_id of ids) {
    const earlier = Array.from({ length: 50 }, (_, count) => ({
      message_id,
      author_id: author.id,
      content: `${message_id} `.padEnd(5_000, "<"),
      written_at: count,
    }));
    await store.db.insertInto("earlier_texts").values(earlier).execute();
  }
  await store.db.updateTable("messages").set({ edited_at: 2_000 }).where("id", "in", ids).execute();
  const written: Record<string, string> = {};
  let longest = 0;
  const own = { emoji: "👍", user_id: author.id, position: 1, seq: 1 };
  await store.db
    .insertInto("reactions")
    .values(ids.map((message_id) => ({ message_id, ...own })))
    .execute();
  const asked: string[] = [];
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => (asked.push(JSON.stringify(node)), node),
    transformResult: async ({ result }) => result,
  };
  const source = { store: { ...store, db: store.db.withPlugin(plugin) }, storage, now: 5_000, goOn: () => {} };
  for await (const { name, input } of exportFiles(source, (await userById(store.db, author.id))!)) {
    let text = "";
    for await (const chunk of typeof input === "string" ? [input] : input) {
      longest = Math.max(longest, chunk.length);
      text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    }
    written[name] = text;
  }
  // Fifty texts, each character of which takes four.
  expect(longest).toBeLessThan(50 * 4 * 5_100);
  const messages = JSON.parse(written["messages/00001.json"]!) as {
    id: number;
    content: string;
    earlier_texts: { content: string }[];
  }[];
  expect(messages.map(({ id }) => id)).toEqual(ids);
  for (const { id, earlier_texts } of messages) {
    expect(earlier_texts.map(({ content }) => content.split(" ")[0])).toEqual(Array(50).fill(`${id}`));
  }
  const html = written["messages/00001.html"]!;
  expect(html.match(/<article>/g)).toHaveLength(20);
  expect(html.match(/<del>/g)).toHaveLength(1_000);
  expect(written["index.html"]).toContain("1970-01-01 00:00 UTC");
  // Rows of tables are put in order for each page: where nobody's other reads wait for that.
  expect((JSON.parse(written["data/reactions.json"]!) as unknown[]).length).toBe(20);
  expect(asked.some((query) => query.includes('"messages"'))).toBe(true);
  expect(asked.filter((query) => query.includes('"reactions"') || query.includes('"ballots"'))).toEqual([]);
});
