import { Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { RealtimeWorld } from "../../testing/realtime-world.ts";
import type { DomainContext } from "../context.ts";
import { readPage } from "./read-page.ts";

let world: RealtimeWorld;
afterEach(() => world.close());

test("pictures of the pages that one author links to take up so much room, and no more", async () => {
  world = await RealtimeWorld.open();
  const [author, other] = [await world.person("author"), await world.person("other")];
  const encode = async () => ({ bytes: Buffer.alloc(3_000_000), width: 400, height: 300 });
  const storage = {
    freeBytes: async () => 1e12,
    receive: async () => {},
    keep: async () => {},
    remove: async () => {},
    read: async () => Readable.from([Buffer.alloc(21)]),
  };
  const settings = { ...world.context.settings, minFreeBytes: 0 };
  const context = { ...world.context, pictures: { encode }, storage, settings } as unknown as DomainContext;
  const facts = { title: "Page", description: "", site: "site.example", picture: Buffer.from("picture") };
  const reader = { read: async () => facts, readPicture: async () => null };
  let page = 0;
  const read = async (userId: number) => {
    world.clock.advance(6_000);
    return readPage(context, reader, `https://site.example/${(page += 1)}`, userId);
  };
  const kept = () => world.store.db.selectFrom("pictures").select("id").execute();
  let shown = 0;
  for (let time = 0; time < 25; time += 1) {
    const embed = await read(author.id);
    expect(embed?.title).toBe("Page");
    if (embed?.image) shown += 1;
  }
  expect(shown).toBe(16);
  expect(await kept()).toHaveLength(16);
  expect((await read(other.id))?.image).toBeDefined();
  const bot = await world.person("bot");
  const about = { session_id: bot.sessionId, token_digest: "digest", created_at: 0 };
  await world.store.db
    .insertInto("bots")
    .values({ user_id: bot.id, owner_id: author.id, ...about })
    .execute();
  expect(await read(bot.id)).not.toHaveProperty("image");
  world.clock.advance(3_600_000);
  expect((await read(author.id))?.image).toBeDefined();
  // One that was left out is read again before long.
  expect((await readPage(context, reader, "https://site.example/25", author.id))?.image).toBeDefined();
});
