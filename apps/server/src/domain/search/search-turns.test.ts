import { searchQuery } from "@miscord/protocol/schemas";
import { afterEach, expect, test } from "vitest";
import { send } from "../../store/conformance/world.ts";
import { longestTurnOf } from "../../testing/longest-turn.ts";
import { openSearchWorld, type SearchWorld } from "../../testing/search-world.ts";
import { searchMessages } from "./search-messages.ts";

let opened: SearchWorld;
afterEach(() => opened.close());

test("a search for links among messages that take long to read holds nothing else up", async () => {
  opened = await openSearchWorld(null);
  const { store, world, indexer, context } = opened;
  const content = "https://example.org first and second ";
  for (let count = 0; count < 60; count += 1) await send(store, world.general, world.ann, { content });
  await indexer.run();
  // As they may have been sent; sending them takes as long.
  const slow = { content: content + "\u200d)www.".repeat(800) };
  await store.db.updateTable("messages").set(slow).execute();
  const search = (q: string) =>
    searchMessages(context, { userId: world.ann }, searchQuery.parse({ q, has: "link", channel_id: world.general }));
  // Loads what a search needs.
  expect((await search("nothing")).hits).toEqual([]);
  expect(await longestTurnOf(search("first"))).toBeLessThan(200);
  // None of them has these words side by side.
  const before = process.threadCpuUsage();
  expect((await search('"second first"')).hits).toEqual([]);
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(600);
});
