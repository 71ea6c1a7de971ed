import { noRetention } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setChannelRetention } from "../queries/channels.ts";
import { message } from "../queries/messages.ts";
import { countExpired } from "../queries/expired-counts.ts";
import { expiredFiles, expiredMessages, keptChannels, noteExpired } from "../queries/retention.ts";
import { setServerRetention } from "../queries/servers.ts";
import { deleting } from "./commands.ts";
import { fold } from "./fold.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createAttachment, commit, createWorld, send, type World } from "./world.ts";

const day = 86_400_000;
const megabyte = 1_048_576;
/** Of `sending`. */
const sentAt = 1_700_000_000_000;
const now = sentAt + 10 * day;

export function describeRetention(open: OpenStore): void {
  describe("retention", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    let files = 0;
    async function upload(size: number): Promise<number> {
      files += 1;
      const row = { uploader_id: world.ann, ordinal: 0, storage_key: `r${files}`, filename: `${files}`, size };
      const { id } = await world.store.db
        .insertInto("attachments")
        .values({ ...row, message_id: null, content_type: "text/plain", width: null, height: null, created_at: sentAt })
        .returning("id")
        .executeTakeFirstOrThrow();
      return id;
    }

    test("[L13] removed files leave their message with their number, as an event and a fetch say alike", async () => {
      const { store, general, ann } = world;
      const [large, small] = [await upload(2 * megabyte), await upload(10)];
      const { id } = await send(store, general, ann, { content: "look", attachmentIds: [large, small] });
      const start = await store.log.history(general, { limit: 100 });
      const command = { kind: "expire_files", actorId: ann, messageId: id, attachmentIds: [large], at: now } as const;
      const outcome = await commit(store, command);
      expect(outcome.removedFiles).toEqual(["r1"]);
      const history = await store.log.history(general, { limit: 100 });
      expect(fold(start.messages, outcome.event!)).toEqual(history.messages);
      const found = history.messages.find((one) => one.id === id)!;
      expect(found).toMatchObject({ content: "look", files_removed: 1, is_edited: false });
      expect(found.attachments.map((one) => one.id)).toEqual([small]);
      const listed = await store.db.selectFrom("removed_files").select("storage_key").execute();
      expect(listed).toContainEqual({ storage_key: "r1" });
      expect((await commit(store, command)).event).toBeNull();
      await commit(store, { ...command, attachmentIds: [small] });
      expect((await message(store.db, id))!.files_removed).toBe(2);
      await commit(store, deleting(id, ann));
      expect(await message(store.db, id)).not.toHaveProperty("files_removed");
    });

    test("[L9] replies to a voice message say its length until it is gone, as events and a fetch say alike", async () => {
      const { store, general, ann, bob } = world;
      const voice = { duration_ms: 1_500, waveform: "AP8A" };
      const attachmentIds = [await createAttachment(store, ann, "voice.webm", voice)];
      const original = await send(store, general, ann, { content: "", attachmentIds });
      expect(original.attachments).toMatchObject([voice]);
      const reply = await send(store, general, bob, { replyToId: original.id });
      expect(reply.reply_to).toMatchObject({ content: "", voice_ms: 1_500 });
      const start = await store.log.history(general, { limit: 100 });
      expect(start.messages.slice(-2)).toEqual([original, reply]);
      const command = { kind: "expire_files", actorId: ann, messageId: original.id, attachmentIds, at: now } as const;
      const { event } = await commit(store, command);
      const later = await store.log.history(general, { limit: 100 });
      expect(fold(start.messages, event!)).toEqual(later.messages);
      expect(later.messages.at(-1)!.reply_to).not.toHaveProperty("voice_ms");
      await commit(store, deleting(reply.id, bob));
      await commit(store, deleting(original.id, ann));
    });

    test("[L13] a deleted voice message leaves no length in replies to it", async () => {
      const { store, general, ann, bob } = world;
      const voice = { duration_ms: 1_500, waveform: "AP8A" };
      const attachmentIds = [await createAttachment(store, ann, "voice.webm", voice)];
      const original = await send(store, general, ann, { content: "", attachmentIds });
      await send(store, general, bob, { replyToId: original.id });
      const start = await store.log.history(general, { limit: 100 });
      const { event } = await commit(store, deleting(original.id, ann));
      const later = await store.log.history(general, { limit: 100 });
      expect(fold(start.messages, event!)).toEqual(later.messages);
      expect(later.messages.at(-1)!.reply_to).not.toHaveProperty("voice_ms");
    });

    test("[S10] old messages are found after those that are deleted already, tombstones included", async () => {
      const { store, random, ann, bob } = world;
      const [first, second] = [await send(store, random, ann), await send(store, random, bob)];
      const young = await send(store, random, ann, { at: sentAt + 5 * day });
      await commit(store, deleting(second.id, bob));
      const range = { before: sentAt + day, limit: 10 };
      const found = await expiredMessages(store.db, random, range);
      expect(found.map(({ id, isDeleted }) => [id, isDeleted])).toEqual([
        [first.id, false],
        [second.id, true],
      ]);
      await noteExpired(store.db, random, found.at(-1)!.seq);
      expect(await expiredMessages(store.db, random, range)).toEqual([]);
      const all = await keptChannels(store.db, { after: 0, limit: 100, everywhere: true });
      expect(all.channels.find(({ id }) => id === random)).toMatchObject({ oldest: sentAt + 5 * day });
      expect(young.id).toBeGreaterThan(first.id);
    });

    test("[S10] channels are found by the rule of their server or their own, threads by that of their parent", async () => {
      const { store, serverId, general, random, lounge, ann } = world;
      const { id: thread } = await store.db
        .insertInto("channels")
        .values({ server_id: serverId, name: "aside", type: "thread", position: 0, created_at: 1, parent_id: lounge })
        .returning("id")
        .executeTakeFirstOrThrow();
      await send(store, general, ann);
      await send(store, thread, ann);
      const kept = async () => {
        const { channels } = await keptChannels(store.db, { after: 0, limit: 1_000, everywhere: false });
        return channels.map(({ id, server_days, channel_days }) => [id, server_days, channel_days]);
      };
      expect(await kept()).toEqual([]);
      await setChannelRetention(store.db, lounge, { ...noRetention, message_days: 3 });
      expect(await kept()).toEqual([[thread, 0, 3]]);
      await setServerRetention(store.db, serverId, { ...noRetention, message_days: 60 });
      expect(await kept()).toEqual([
        [general, 60, 0],
        [random, 60, 0],
        [thread, 60, 3],
      ]);
      const page = await keptChannels(store.db, { after: 0, limit: 1, everywhere: false });
      expect([page.channels.map(({ id }) => id), page.last]).toEqual([[general], general]);
      await setChannelRetention(store.db, lounge, noRetention);
      await setServerRetention(store.db, serverId, noRetention);
    });

    test("[S10] files are found by size and age, and a preview counts what a rule removes", async () => {
      const { store, serverId, general, random, ann } = world;
      const sizes = [3 * megabyte, megabyte, 5];
      const ids = [await upload(sizes[0]!), await upload(sizes[1]!), await upload(sizes[2]!)];
      await send(store, general, ann, { content: "three", attachmentIds: ids });
      const expired = async (rule: { file_days: number; file_mb: number }) => {
        const found = await expiredFiles(store.db, { message_days: 0, ...rule }, { now, after: 0, limit: 100 });
        return found.files.map(({ id }) => id).filter((id) => ids.includes(id));
      };
      expect(await expired({ file_days: 0, file_mb: 0 })).toEqual([]);
      expect(await expired({ file_days: 9, file_mb: 0 })).toEqual(ids);
      expect(await expired({ file_days: 9, file_mb: 1 })).toEqual([ids[0]]);
      const one = { now, after: ids[0]! - 1, limit: 1 };
      const older = { message_days: 0, file_days: 300, file_mb: 0 };
      expect(await expiredFiles(store.db, older, one)).toEqual({ files: [], last: ids[0] });
      // Far beyond a 32-bit number of milliseconds.
      expect(await expired({ file_days: 300, file_mb: 1 })).toEqual([]);
      await setServerRetention(store.db, serverId, { message_days: 0, file_days: 9, file_mb: 2 });
      expect(await expired({ file_days: 0, file_mb: 0 })).toEqual([ids[0]]);
      await setServerRetention(store.db, serverId, noRetention);

      const goOn = () => undefined;
      const rule = { message_days: 0, file_days: 9, file_mb: 0 };
      const before = await countExpired(store.db, { channelId: general }, { rule, now, goOn });
      expect(before).toEqual({ messages: 0, files: 3, bytes: 4 * megabyte + 5 });
      const all = { ...noRetention, message_days: 9 };
      const inServer = await countExpired(store.db, { serverId }, { rule: all, now, goOn });
      const inChannel = await countExpired(store.db, { channelId: general }, { rule: all, now, goOn });
      expect(inServer.messages).toBeGreaterThan(inChannel.messages);
      expect(inChannel).toMatchObject({ files: 3, bytes: 4 * megabyte + 5 });
      const nothing = { messages: 0, files: 0, bytes: 0 };
      expect(await countExpired(store.db, { channelId: random }, { rule, now, goOn })).toEqual(nothing);
      expect((await countExpired(store.db, "instance", { rule: all, now, goOn })).messages).toBe(inServer.messages);
    });
  });
}
