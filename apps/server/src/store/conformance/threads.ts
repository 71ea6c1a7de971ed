import { permissionBits } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { channelAccess } from "../queries/access.ts";
import { readableAttachment } from "../queries/attachments.ts";
import { deleteChannel } from "../queries/channels.ts";
import { concernedBy } from "../queries/concerned-by-thread.ts";
import { inboxPage } from "../queries/notifications.ts";
import * as relationships from "../queries/relationships.ts";
import { putOverride, refreshRestricted } from "../queries/roles.ts";
import { serverStates } from "../queries/servers.ts";
import * as threads from "../queries/threads.ts";
import { sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createAttachment, createWorld, refusal, send, type World } from "./world.ts";

const day = 86_400_000;

export function describeThreads(open: OpenStore): void {
  describe("a thread", () => {
    let fixture: StoreUnderTest;
    let world: World;
    let starterId: number;
    let threadId: number;
    beforeAll(async () => void (fixture = await open()));
    afterAll(() => fixture.cleanUp());
    beforeEach(async () => {
      world = await createWorld(fixture.store);
      const { store, general, ann } = world;
      starterId = (await send(store, general, ann)).id;
      threadId = await startThread({ starterId });
    });

    async function startThread(fields: { starterId?: number; now?: number } = {}): Promise<number> {
      const { store, serverId, general, ann } = world;
      const id = await threads.insertThread(store.db, {
        serverId,
        parentId: general,
        name: "aside",
        ownerId: ann,
        starterId: fields.starterId ?? null,
        archiveAfterS: day / 1_000,
        now: fields.now ?? 1,
      });
      await threads.follow(store.db, id, ann);
      return id;
    }
    const listed = async (userId: number, now = 2) => {
      const servers = await serverStates(world.store.db, userId, { now });
      return servers.flatMap((server) => server.threads ?? []);
    };
    const deny = async (bit: number) => {
      const { store, serverId, general, bob } = world;
      await store.db.transaction().execute(async (db) => {
        await putOverride(db, general, { type: "member", target_id: bob, allow: 0, deny: bit });
        await refreshRestricted(db, serverId);
      });
    };

    test("[L8, L19] concerns those who follow it or are notified of it, and none who may not see it", async () => {
      const { store, ann, bob, owner, names } = world;
      await send(store, threadId, ann, { mentionNames: [names.owner, names.bob] });
      await threads.unfollow(store.db, threadId, owner);
      const concerned = async () => (await concernedBy(store.db, threadId)).toSorted((a, b) => a - b);
      expect(await concerned()).toEqual([ann, bob, owner].toSorted((a, b) => a - b));
      await deny(permissionBits.viewChannel);
      expect(await concerned()).toEqual([ann, owner].toSorted((a, b) => a - b));
    });

    test("[L9] is shown with the message that it was started from, in the event, in history and in a resume", async () => {
      const { store, general, ann } = world;
      const { event, message } = await commit(store, { kind: "touch", actorId: ann, messageId: starterId, at: 1 });
      expect(message).toMatchObject({ id: starterId, thread: { id: threadId, name: "aside" }, updated_seq: 2 });
      expect(event).toMatchObject({ type: "message_edited", seq: 2, data: message });
      expect((await store.log.history(general, { limit: 9 })).messages).toEqual([message]);
      expect((await store.log.changesSince(general, 1, 9)).changes).toEqual([message]);
      await expect(startThread({ starterId })).rejects.toThrow(/unique/i);
    });

    test("[L8, L19] has the rights of its parent, with the right to write in threads in place of that to write", async () => {
      const { store, bob, stranger } = world;
      expect(await refusal(store, sending(threadId, stranger))).toBe("not_found");
      await deny(permissionBits.sendMessages);
      await send(store, threadId, bob);
      await deny(permissionBits.sendMessagesInThreads);
      expect(await refusal(store, sending(threadId, bob))).toBe("forbidden");
      await deny(permissionBits.viewChannel);
      expect(await refusal(store, sending(threadId, bob))).toBe("not_found");
      expect((await channelAccess(store.db, bob, threadId, 1))?.permissions).toBe(0);
      expect(await listed(bob)).toEqual([]);
    });

    test("[L19] that is locked is written in by those who manage threads", async () => {
      const { store, owner, ann } = world;
      await threads.updateThread(store.db, threadId, { locked: 1 });
      expect(await refusal(store, sending(threadId, ann))).toBe("forbidden");
      await send(store, threadId, owner);
    });

    test("[L19] is followed by those who write in it or are mentioned, and costs nobody else anything", async () => {
      const { store, ann, bob, owner, names } = world;
      expect((await listed(ann)).map(({ id }) => id)).toEqual([threadId]);
      expect([await listed(bob), await listed(owner)]).toEqual([[], []]);
      const told = await commit(store, sending(threadId, bob, { mentionNames: [names.owner], at: 2 }));
      expect(told).toMatchObject({ isRestricted: true, following: [bob, owner], isRevived: false });
      expect(await listed(owner)).toMatchObject([{ id: threadId, last_message_seq: 1, read_seq: 0, mention_count: 1 }]);
      expect(await listed(bob)).toMatchObject([{ id: threadId, mention_count: 0 }]);
      await threads.unfollow(store.db, threadId, owner);
      expect(await listed(owner)).toEqual([]);
    });

    test("[L19] is not followed by whoever hides the one who mentions them", async () => {
      const { store, ann, bob, names } = world;
      await relationships.insertBlock(store.db, bob, ann, 1);
      await send(store, threadId, ann, { mentionNames: [names.bob] });
      expect(await listed(bob)).toEqual([]);
      const page = { archived: false, limit: 9, now: 2, settings: new Map<string, never>() };
      expect((await threads.listThreads(store.db, bob, world.general, page)).threads).toEqual([]);
    });

    test("[L12, L19] addresses with @everyone those who follow it", async () => {
      const { store, owner, ann, bob } = world;
      await threads.follow(store.db, threadId, bob);
      await send(store, threadId, owner, { mentionsEveryone: true });
      const unread = async (userId: number) =>
        (await inboxPage(store.db, userId, { before: undefined, limit: 9 })).unread;
      expect([await unread(ann), await unread(bob)]).toEqual([1, 1]);
      await threads.unfollow(store.db, threadId, bob);
      await send(store, threadId, owner, { mentionsEveryone: true });
      expect([await unread(ann), await unread(bob)]).toEqual([2, 1]);
    });

    test("[L19] is archived without activity or by hand, and a message takes it out of the archive", async () => {
      const { store, general, ann } = world;
      const page = { limit: 1, settings: new Map<string, never>() };
      const list = (archived: boolean, now: number, cursor?: string) =>
        threads.listThreads(store.db, ann, general, { ...page, archived, now, cursor });
      expect(await listed(ann, day)).toHaveLength(1);
      expect(await listed(ann, day + 1)).toEqual([]);
      expect((await list(true, day + 1)).threads).toMatchObject([{ id: threadId, archived: true, message_count: 0 }]);
      expect(await commit(store, sending(threadId, ann, { at: day + 1 }))).toMatchObject({ isRevived: true });
      expect((await list(false, day + 2)).threads).toMatchObject([{ id: threadId, message_count: 1 }]);
      expect(await commit(store, sending(threadId, ann, { at: day + 2 }))).toMatchObject({ isRevived: false });
      await threads.updateThread(store.db, threadId, { archived: 1 });
      expect(await listed(ann, day + 3)).toEqual([]);
      const later = await startThread({ now: day + 3 });
      const before = await startThread({ now: day + 2 });
      const first = await list(false, day + 3);
      expect(first.threads.map(({ id }) => id)).toEqual([later]);
      const second = await list(false, day + 3, first.cursor!);
      expect([second.threads.map(({ id }) => id), second.cursor]).toEqual([[before], null]);
    });

    test("[L13] is deleted with its parent, and its files with it", async () => {
      const { store, general, ann } = world;
      const attachmentId = await createAttachment(store, ann);
      await send(store, threadId, ann, { attachmentIds: [attachmentId] });
      expect(await readableAttachment(store.db, attachmentId, ann)).toBeDefined();
      await deleteChannel(store.db, general);
      expect(await threads.threadById(store.db, threadId, 2)).toBeUndefined();
      expect(await readableAttachment(store.db, attachmentId, ann)).toBeUndefined();
      expect(await store.db.selectFrom("removed_files").select("storage_key").execute()).toEqual([
        { storage_key: "key" },
      ]);
      await store.db.deleteFrom("removed_files").execute();
    });
  });
}
