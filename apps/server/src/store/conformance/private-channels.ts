import { can } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channelAccess } from "../queries/access.ts";
import { readableAttachment } from "../queries/attachments.ts";
import { inboxPage } from "../queries/notifications.ts";
import * as privates from "../queries/private-channels.ts";
import { raiseReadStates } from "../queries/read-states.ts";
import * as relationships from "../queries/relationships.ts";
import { encryptedAgain, unencrypted } from "../present-message.ts";
import { unreadIn } from "../queries/unread.ts";
import { deleting, editing, reacting, sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createAttachment, createWorld, refusal, send, type World } from "./world.ts";

export function describePrivateChannels(open: OpenStore): void {
  describe("a private channel", () => {
    let fixture: StoreUnderTest;
    let world: World;
    let dm: number;
    beforeAll(async () => void (fixture = await open()));
    afterAll(() => fixture.cleanUp());

    async function openPair(one: number, other: number): Promise<number> {
      return fixture.store.db.transaction().execute((db) => privates.insertPair(db, one, other, 1));
    }
    async function fresh(): Promise<void> {
      world = await createWorld(fixture.store);
      dm = await openPair(world.ann, world.bob);
    }
    const block = (userId: number, blockedId: number) =>
      relationships.insertBlock(world.store.db, userId, blockedId, 1);
    const set = (userId: number, messages_from: string) =>
      world.store.db.updateTable("users").set({ messages_from }).where("id", "=", userId).execute();
    const mayWrite = async (userId: number) => {
      const access = await channelAccess(world.store.db, userId, dm, 1);
      return access !== undefined && can(access, "sendMessages");
    };

    test("[L8] is read and written by its people, and does not exist for others, administrators included", async () => {
      await fresh();
      const { store, ann, bob, owner, admin } = world;
      const attachmentId = await createAttachment(store, ann);
      const message = await send(store, dm, ann, { attachmentIds: [attachmentId] });
      expect(message).toMatchObject({ server_id: null, channel_id: dm, seq: 1 });
      await commit(store, reacting(message.id, bob, "👍"));
      for (const userId of [owner, admin]) {
        expect(await refusal(store, sending(dm, userId))).toBe("not_found");
        expect(await refusal(store, reacting(message.id, userId, "👍"))).toBe("not_found");
        expect(await refusal(store, deleting(message.id, userId))).toBe("not_found");
        expect(await refusal(store, editing(message.id, userId, "mine"))).toBe("not_found");
        const access = await channelAccess(store.db, userId, dm, 1);
        expect([can(access!, "viewChannel"), can(access!, "manageMessages")]).toEqual([false, false]);
        expect(await readableAttachment(store.db, attachmentId, userId)).toBeUndefined();
      }
      expect(await readableAttachment(store.db, attachmentId, bob)).toBeDefined();
      expect(await refusal(store, deleting(message.id, bob))).toBe("forbidden");
    });

    test("[S10] a stranger's is a request: neither counted nor pushed, without presence, until it is opened, and gone when ignored", async () => {
      await fresh();
      const { store, ann, bob, stranger, admin } = world;
      const request = await openPair(stranger, ann);
      const other = await openPair(admin, ann);
      await set(ann, "everyone");
      const sent = await commit(store, sending(request, stranger));
      await send(store, other, admin);
      await send(store, dm, bob);
      expect(sent.recipients).toContainEqual({ userId: ann, hidesAuthor: false, request: "waiting" });
      const shown = async () =>
        (await privates.dmStates(store.db, ann, () => ({ status: "online" })))
          .toSorted((a, b) => a.id - b.id)
          .map(({ id, is_request, mention_count, recipients }) => ({
            id,
            ...(is_request && { is_request }),
            mention_count,
            others: recipients.flatMap((user) => (user.id === ann ? [] : [user.status])),
          }));
      const waits = { is_request: true, mention_count: 0, others: ["offline"] };
      const usual = { mention_count: 1, others: ["online"] };
      expect(await shown()).toEqual([
        { id: dm, ...usual },
        { id: request, ...waits },
        { id: other, ...waits },
      ]);
      expect((await relationships.peersOf(store.db, [stranger, admin])).size).toBe(0);
      expect(await privates.setOpened(store.db, request, ann)).toBe(true);
      expect([
        await privates.ignoreRequest(store.db, other, ann),
        await privates.ignoreRequest(store.db, dm, ann),
      ]).toEqual([true, false]);
      await send(store, other, admin);
      expect(await shown()).toEqual([
        { id: dm, ...usual },
        { id: request, ...usual },
      ]);
      expect((await privates.dmStates(store.db, admin, null)).map(({ id }) => id)).toContain(other);
    });

    test("has encrypted calls until a line turns that off, which stays; the latest one holds, also of several at the same time", async () => {
      await fresh();
      const { store, ann, bob } = world;
      const known = async () => [
        (await privates.dmStates(store.db, bob, null)).find(({ id }) => id === dm)?.calls_encrypted,
        (await privates.dmById(store.db, dm))?.calls_encrypted,
        (await channelAccess(store.db, ann, dm, 1))?.isEncrypted,
      ];
      // It is shown to the other one from then on.
      await send(store, dm, ann);
      expect(await known()).toEqual([undefined, undefined, true]);
      const turn = (userId: number, callMs: number) => send(store, dm, userId, { content: "", callMs });
      const line = await turn(ann, unencrypted);
      expect(await known()).toEqual([false, false, false]);
      expect(line).toMatchObject({ call: { duration_s: 0, encryption: "off" } });
      expect(await refusal(store, deleting(line.id, ann))).toBe("forbidden");
      await turn(ann, encryptedAgain);
      expect(await known()).toEqual([undefined, undefined, true]);
      expect((await privates.dmStates(store.db, bob, null)).find(({ id }) => id === dm)?.mention_count).toBe(1);
      const both = [ann, bob].flatMap((userId) => [turn(userId, unencrypted), turn(userId, encryptedAgain)]);
      const lines = (await Promise.all(both)).toSorted((one, other) => one.seq - other.seq);
      expect((await channelAccess(store.db, ann, dm, 1))?.isEncrypted).toBe(lines.at(-1)?.call?.encryption === "on");
    });

    test("[L8] is not written in while one of the two hides the other; both still read it", async () => {
      await fresh();
      const { store, ann, bob } = world;
      const message = await send(store, dm, bob);
      await block(ann, bob);
      for (const userId of [ann, bob]) {
        expect(await refusal(store, sending(dm, userId))).toBe("forbidden");
        expect(await refusal(store, sending(dm, userId, { replyToId: message.id }))).toBe("forbidden");
        expect(await refusal(store, reacting(message.id, userId, "👍"))).toBe("forbidden");
        expect(await mayWrite(userId)).toBe(false);
        expect(can((await channelAccess(store.db, userId, dm, 1))!, "viewChannel")).toBe(true);
      }
      expect(await refusal(store, editing(message.id, bob, "changed"))).toBe("forbidden");
      await relationships.deleteBlock(store.db, ann, bob);
      await send(store, dm, bob);
    });

    test("[L8] accepts whom the receiver's choice accepts, and answers to whoever opened it", async () => {
      await fresh();
      const { store, ann, bob, serverId } = world;
      const answers: Record<string, boolean[]> = {};
      const ask = async (name: string) => (answers[name] = [await mayWrite(ann), await mayWrite(bob)]);
      for (const choice of ["everyone", "servers", "friends", "nobody"]) {
        await set(ann, choice);
        await set(bob, choice);
        await ask(choice);
      }
      await set(bob, "servers");
      await store.db.deleteFrom("members").where("server_id", "=", serverId).where("user_id", "=", bob).execute();
      await ask("no common server");
      await set(bob, "friends");
      await relationships.insertFriend(store.db, ann, bob, 1);
      await ask("request");
      await relationships.insertFriend(store.db, bob, ann, 1);
      await ask("friends of the other");
      // Ann opened it: Bob may answer whatever she chose.
      expect(answers).toEqual({
        everyone: [true, true],
        servers: [true, true],
        friends: [false, true],
        nobody: [false, true],
        "no common server": [false, true],
        request: [false, true],
        "friends of the other": [true, true],
      });
      const willing = await relationships.accepting(store.db, ann, [bob, world.owner, world.stranger]);
      expect(willing).toEqual(new Set([bob, world.owner]));
    });

    test("[S10] is listed with unread messages of others, for the second one from the first message on", async () => {
      await fresh();
      const { store, ann, bob } = world;
      const listed = async (userId: number) =>
        (await privates.dmStates(store.db, userId, null)).map((one) => [
          one.id,
          one.mention_count,
          one.last_message_seq,
        ]);
      expect([await listed(ann), await listed(bob)]).toEqual([[[dm, 0, 0]], []]);
      const first = await send(store, dm, ann);
      await send(store, dm, ann);
      await send(store, dm, bob);
      expect([await listed(ann), await listed(bob)]).toEqual([[[dm, 1, 3]], [[dm, 2, 3]]]);
      expect(await unreadIn(store.db, dm, [bob])).toMatchObject([{ userId: bob, mentions: 2, asOf: 3 }]);
      await commit(store, deleting(first.id, ann));
      expect(await listed(bob)).toEqual([[dm, 1, 3]]);
      await raiseReadStates(store.db, [{ userId: bob, channelId: dm, seq: 4 }]);
      expect(await unreadIn(store.db, dm, [bob])).toMatchObject([{ userId: bob, mentions: 0, readSeq: 4 }]);
    });

    test("[S10] of more people is left, and passes to whoever has been in it for longest", async () => {
      await fresh();
      const { store, owner, ann, bob } = world;
      const group = await store.db
        .transaction()
        .execute((db) => privates.insertGroup(db, { ownerId: ann, userIds: [bob], name: "", now: 1 }));
      await send(store, group, ann);
      await privates.addRecipient(store.db, group, { userId: owner, by: ann, now: 2 });
      expect(await unreadIn(store.db, group, [owner])).toMatchObject([{ mentions: 0, readSeq: 1 }]);
      const mention = await commit(
        store,
        sending(group, ann, { mentionNames: [world.names.bob, world.names.stranger] }),
      );
      expect(mention).toMatchObject({ message: { mentions: [bob] }, notified: [], unseeing: [] });
      expect(new Set(mention.recipients?.map(({ userId }) => userId))).toEqual(new Set([owner, ann, bob]));
      expect(await privates.removeRecipient(store.db, group, ann)).toBe(2);
      expect(await privates.groupOf(store.db, group)).toEqual({ owner_id: bob });
      expect(await refusal(store, sending(group, ann))).toBe("not_found");
      expect((await privates.dmStates(store.db, ann, null)).some((one) => one.id === group)).toBe(false);
    });

    test("[S10] nothing of a hidden user counts or is shown as a notification, in servers neither", async () => {
      await fresh();
      const { store, general, ann, bob, names } = world;
      const group = await store.db
        .transaction()
        .execute((db) => privates.insertGroup(db, { ownerId: ann, userIds: [bob], name: "", now: 1 }));
      await send(store, general, bob, { content: `@${names.ann}`, mentionNames: [names.ann] });
      await send(store, group, bob);
      const seen = async () => ({
        notifications: (await inboxPage(store.db, ann, { before: undefined, limit: 5 })).notifications.length,
        server: (await unreadIn(store.db, general, [ann]))[0]?.mentions,
        group: (await unreadIn(store.db, group, [ann]))[0]?.mentions,
      });
      expect(await seen()).toEqual({ notifications: 1, server: 1, group: 1 });
      await block(ann, bob);
      expect(await seen()).toEqual({ notifications: 0, server: 0, group: 0 });
      const { recipients } = await commit(store, sending(group, bob));
      expect(recipients?.toSorted((a, b) => a.userId - b.userId)).toEqual([
        { userId: ann, hidesAuthor: true },
        { userId: bob, hidesAuthor: false },
      ]);
      expect(await relationships.relationshipsOf(store.db, ann, null)).toMatchObject([
        { user: { id: bob }, kind: "blocked" },
      ]);
      expect(await relationships.relationshipsOf(store.db, bob, null)).toEqual([]);
    });
  });
}
