import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EmojiRow } from "../emoji-tables.ts";
import {
  deleteEmoji,
  emojiById,
  emojisOfMember,
  emojisOfServers,
  expressionBytes,
  insertEmoji,
  updateEmoji,
} from "../queries/emojis.ts";
import { removedFiles, noteUnfinishedFile } from "../queries/attachments.ts";
import { deleteSound, insertSound, soundOfMember, soundsOfServers, updateSound } from "../queries/sounds.ts";
import type { SoundRow } from "../sound-tables.ts";
import { isUniqueViolation } from "../sql-dialect.ts";
import { deleteServer, serverStates } from "../queries/servers.ts";
import { deleting, editing, reacting, sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createPerson, createServer, createWorld, refusal, send, type World } from "./world.ts";

let ids = 0;

export function describeEmojis(open: OpenStore): void {
  describe("emoji of servers", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(() => fixture.cleanUp());

    const rowOf = ({ serverId }: World, name: string): EmojiRow => {
      // Ids have fifteen digits at most.
      const id = 900_000_000_000_000 + ids++;
      return { id, server_id: serverId, name, picture_id: `p${id}`, animated: 1, aliases: '["кот"]', created_at: 5 };
    };

    test("have names of their own in their server, are in its state, and go with it", async () => {
      const world = await createWorld(fixture.store);
      const { db } = fixture.store;
      const [cat, dog] = [rowOf(world, "cat"), rowOf(world, "dog")];
      expect(await insertEmoji(db, "emojis", cat)).toBe(true);
      expect(await insertEmoji(db, "emojis", { ...dog, name: "cat" })).toBe(false);
      expect(await insertEmoji(db, "emojis", { ...dog, id: cat.id })).toBe(false);
      expect(await insertEmoji(db, "emojis", dog)).toBe(true);
      await updateEmoji(db, "emojis", { id: dog.id, name: "hound", aliases: "[]" });
      const [state] = await serverStates(db, world.ann, { now: 1, only: world.serverId });
      expect(state!.emojis).toEqual([
        { id: cat.id, name: "cat", animated: true, aliases: ["кот"] },
        { id: dog.id, name: "hound", animated: true, aliases: [] },
      ]);
      expect(await deleteEmoji(db, "emojis", dog.id)).toBe(true);
      expect(await deleteEmoji(db, "emojis", dog.id)).toBe(false);
      await deleteServer(db, world.serverId);
      expect(await emojiById(db, "emojis", cat.id)).toBeUndefined();
      expect(await emojisOfServers(db, "emojis", [world.serverId])).toEqual([]);
    });

    test("their pictures count together for the owner of all their servers", async () => {
      const [one, other] = [await createWorld(fixture.store), await createWorld(fixture.store)];
      const { db } = fixture.store;
      const second = await createServer(fixture.store, one.owner, []);
      const [cat, sticker, foreign] = [rowOf(one, "a"), { ...rowOf(one, "b"), server_id: second }, rowOf(other, "c")];
      for (const [{ picture_id: id }, bytes] of [
        [cat, 10],
        [sticker, 200],
        [foreign, 3_000],
      ] as const) {
        await db.insertInto("pictures").values({ id, bytes, width: 1, height: 1, created_at: 1 }).execute();
      }
      await insertEmoji(db, "emojis", cat);
      await insertEmoji(db, "stickers", sticker);
      await insertEmoji(db, "emojis", foreign);
      expect([await expressionBytes(db, one.serverId), await expressionBytes(db, second)]).toEqual([210, 210]);
    });

    test("stickers are beside them, and messages that are one stay as they were sent", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, ann, bob } = world;
      const [cat, sticker] = [rowOf(world, "cat"), rowOf(world, "Cat")];
      expect(await insertEmoji(store.db, "emojis", cat)).toBe(true);
      expect(await insertEmoji(store.db, "stickers", sticker)).toBe(true);
      const [state] = await serverStates(store.db, ann, { now: 1, only: world.serverId });
      expect([state!.emojis, state!.stickers]).toMatchObject([[{ name: "cat" }], [{ name: "Cat" }]]);
      const shown = { id: sticker.id, name: "Cat", animated: true };
      const sent = sending(general, ann, { nonce: "s", content: ":Cat:", sticker: { id: sticker.id, shown } });
      const { message, event } = await commit(store, sent);
      expect(message).toMatchObject({ content: ":Cat:", sticker: shown });
      expect(event).toMatchObject({ data: message });
      const gone = { ...sent, content: "", sticker: { id: sticker.id, shown: null } };
      expect((await commit(store, gone)).message).toEqual(message);
      expect(await refusal(store, { ...gone, nonce: null })).toBe("not_found");
      expect(await refusal(store, { ...sent, sticker: { ...sent.sticker!, id: 5 } })).toBe("nonce_conflict");
      expect(await refusal(store, { ...sent, nonce: null, attachmentIds: [1] })).toBe("invalid_request");
      expect(await refusal(store, editing(message!.id, ann, "else"))).toBe("invalid_request");
      await commit(store, reacting(message!.id, bob, "👍"));
      expect(await store.log.message(message!.id)).toMatchObject({ sticker: shown, reactions: [{ count: 1 }] });
      await commit(store, deleting(message!.id, ann));
      expect(await store.log.message(message!.id)).not.toHaveProperty("sticker");
    });

    test("sounds are beside them, for members, and their files are given up with them and with the server", async () => {
      const world = await createWorld(fixture.store);
      const { db } = fixture.store;
      const files = [`a${world.serverId}`, `b${world.serverId}`] as const;
      const row = { name: "Drum", emoji: null, volume: 80, content_type: "audio/wav", bytes: 9, duration_ms: 300 };
      const [first, second] = files.map((file_id, at) => {
        const id = 800_000_000_000_000 + ids++;
        return { ...row, id, server_id: world.serverId, name: `Drum ${at}`, file_id, created_at: 5 };
      }) as [SoundRow, SoundRow];
      const insert = (sound: SoundRow) => db.transaction().execute((trx) => insertSound(trx, sound));
      expect(await insert(first)).toBe(false);
      for (const { file_id } of [first, second]) await noteUnfinishedFile(db, file_id, 9);
      expect([await insert(first), await insert(second)]).toEqual([true, true]);
      await updateSound(db, { id: second.id, name: "Gong", emoji: "🥁", volume: 5 });
      const [state] = await serverStates(db, world.ann, { now: 1, only: world.serverId });
      expect(state!.sounds).toEqual([
        { id: first.id, name: "Drum 0", emoji: null, volume: 80, duration_ms: 300 },
        { id: second.id, name: "Gong", emoji: "🥁", volume: 5, duration_ms: 300 },
      ]);
      // The same name by another way than the first one's: of two at once, the database refuses one.
      await noteUnfinishedFile(db, "taken", 9);
      const again = insert({ ...first, id: first.id + 1_000_000, file_id: "taken" });
      expect(isUniqueViolation(await again.catch((error: unknown) => error))).toBe(true);
      const rename = updateSound(db, { id: second.id, name: first.name, emoji: null, volume: 5 });
      expect(isUniqueViolation(await rename.catch((error: unknown) => error))).toBe(true);
      const stranger = await createPerson(fixture.store, "deaf");
      expect(await soundOfMember(db, world.ann, first.id)).toEqual(first);
      expect(await soundOfMember(db, stranger, first.id)).toBeUndefined();
      const del = () => db.transaction().execute((trx) => deleteSound(trx, first.id));
      expect([await del(), await del()]).toEqual([true, false]);
      await db.transaction().execute((trx) => deleteServer(trx, world.serverId));
      expect(await soundsOfServers(db, [world.serverId])).toEqual([]);
      expect(await removedFiles(db, 1, 1_000)).toEqual(expect.arrayContaining([...files]));
    });

    test("are a user's own while they are a member", async () => {
      const world = await createWorld(fixture.store);
      const { db } = fixture.store;
      const cat = rowOf(world, "cat");
      await insertEmoji(db, "emojis", cat);
      const stranger = await createPerson(fixture.store, "stranger");
      expect(await emojisOfMember(db, "emojis", { userId: world.ann, ids: [cat.id, cat.id + 1] })).toEqual([cat]);
      expect(await emojisOfMember(db, "emojis", { userId: stranger, ids: [cat.id] })).toEqual([]);
    });

    test("[L8] a foreign emoji only joins in a reaction that is there", async () => {
      const { store, general, owner, ann } = await createWorld(fixture.store);
      const { id } = await send(store, general, owner);
      const emoji = "<:cat:900000000000000>";
      const foreign = { ...reacting(id, ann, emoji, true), isForeign: true };
      expect(await refusal(store, foreign)).toBe("not_found");
      await commit(store, reacting(id, owner, emoji, true));
      await commit(store, foreign);
      await commit(store, reacting(id, owner, emoji, false));
      await commit(store, reacting(id, ann, emoji, false));
      expect(await refusal(store, foreign)).toBe("not_found");
    });

    test("a send is repeated although the emoji in it is gone meanwhile, and holds its name only", async () => {
      const { store, general, ann } = await createWorld(fixture.store);
      const first = sending(general, ann, { nonce: "emoji", content: "<:cat:900000000000000>" });
      const { message } = (await commit(store, first)) as { message?: { id: number } };
      const again = (await commit(store, { ...first, content: ":cat:" })) as { message?: { id: number } };
      expect(again.message?.id).toBe(message?.id);
    });
  });
}
