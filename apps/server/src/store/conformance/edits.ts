import { limits } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import type { Store } from "../contract.ts";
import { removedFiles } from "../queries/attachments.ts";
import { deleting, editing, reacting, sending } from "./commands.ts";
import { commit, createAttachment, createWorld, leave, refusal, send, type World } from "./world.ts";

export function describeEdits(open: OpenStore): void {
  describe("edits, deletions and reactions", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => void (fixture = await open()));
    beforeEach(async () => void (world = await createWorld(fixture.store)));
    afterAll(() => fixture.cleanUp());

    test("[L8] only the author edits a message, and only while a member", async () => {
      const { store, serverId, general, owner, ann, admin } = world;
      const { id } = await send(store, general, ann);
      expect(await refusal(store, editing(id, owner, "x"))).toBe("forbidden");
      expect(await refusal(store, editing(id, admin, "x"))).toBe("not_found");
      const { message } = await commit(store, editing(id, ann, "better"));
      expect(message).toMatchObject({ id, seq: 1, updated_seq: 2, content: "better", is_edited: true });
      expect(await store.log.message(id)).toEqual(message);
      await leave(store, serverId, ann);
      expect(await refusal(store, editing(id, ann, "y"))).toBe("not_found");
      expect(await refusal(store, deleting(id, ann))).toBe("not_found");
    });

    test("[L10] an edit to empty text is refused unless the message has attachments", async () => {
      const { store, general, ann } = world;
      const bare = await send(store, general, ann);
      expect(await refusal(store, editing(bare.id, ann, " "))).toBe("invalid_request");
      const pictured = await send(store, general, ann, { attachmentIds: [await createAttachment(store, ann)] });
      expect((await commit(store, editing(pictured.id, ann, ""))).message?.content).toBe("");
    });

    test("[L12] an edit notifies newly mentioned members and deletes notifications of removed mentions", async () => {
      const { store, general, owner, ann, bob, names } = world;
      const asked = await send(store, general, owner);
      const mentionNames = [names.bob, names.owner];
      const { id } = await send(store, general, ann, { mentionNames, replyToId: asked.id });
      const dropped = await commit(store, editing(id, ann, "nobody"));
      expect(dropped).toMatchObject({ unmentioned: [bob], notified: [], message: { mentions: [owner] } });
      expect(await notificationsOf(store, id)).toEqual([{ user_id: owner, kind: "reply" }]);
      const added = await commit(store, editing(id, ann, "bob again", [names.bob]));
      expect(added).toMatchObject({ unmentioned: [], notified: [{ userId: bob, kind: "mention" }] });
      expect(added.message?.mentions).toEqual([owner, bob]);
      const kept = await commit(store, editing(id, ann, "still bob", [names.bob]));
      expect(kept).toMatchObject({ unmentioned: [], notified: [] });
      expect(await notificationsOf(store, id)).toHaveLength(2);
    });

    test("[L12] an edit tells below which id notifications were taken back, also when one follows in the same batch", async () => {
      const { store, general, owner, ann, names } = world;
      const first = await send(store, general, ann, { mentionNames: [names.bob] });
      const untouched = await commit(store, editing(first.id, ann, "still bob", [names.bob]));
      expect(untouched.retractedBefore).toBeNull();
      const [before] = await notificationIdsOf(store, first.id);
      const [dropped, again] = await Promise.all([
        commit(store, editing(first.id, ann, "nobody")),
        commit(store, editing(first.id, ann, "bob again", [names.bob])),
      ]);
      expect(dropped.retractedBefore).toBeGreaterThan(before!);
      expect(again.retractedBefore).toBeNull();
      expect(again.notified[0]!.notificationId).toBeGreaterThanOrEqual(dropped.retractedBefore!);
      expect(await notificationIdsOf(store, first.id)).toEqual([again.notified[0]!.notificationId]);

      const { id } = await send(store, general, owner, { mentionsEveryone: true });
      const all = await notificationIdsOf(store, id);
      const withdrawn = await commit(store, editing(id, owner, "nobody"));
      const repeated = await commit(store, { ...editing(id, owner, "everyone"), mentionsEveryone: true });
      expect(withdrawn).toMatchObject({ unmentionedEveryone: true });
      expect(withdrawn.retractedBefore).toBeGreaterThan(all.at(-1)!);
      expect(repeated.notifiedEveryone).toBe(true);
      expect((await notificationIdsOf(store, id))[0]).toBeGreaterThanOrEqual(withdrawn.retractedBefore!);
    });

    test("[L8] the author, the server's owner and administrators delete a message, other members do not", async () => {
      const { store, general, owner, ann, bob, admin } = world;
      for (const actor of [ann, owner, admin]) {
        const { id } = await send(store, general, ann);
        expect(await refusal(store, deleting(id, bob))).toBe("forbidden");
        expect((await commit(store, deleting(id, actor))).event?.type).toBe("message_deleted");
      }
    });

    test("[L13] a deletion leaves an empty tombstone, deletes notifications and lists its files for removal", async () => {
      const { store, general, ann, bob, names } = world;
      const attachmentIds = [await createAttachment(store, ann)];
      const { id } = await send(store, general, ann, { nonce: "t", attachmentIds, mentionNames: [names.bob] });
      const reply = await send(store, general, bob, { replyToId: id });
      await commit(store, reacting(id, bob, "👍"));
      const deleted = await commit(store, deleting(id, ann));
      expect(deleted).toMatchObject({ unmentioned: [bob], removedFiles: ["key"] });

      const tombstone = await store.log.message(id);
      expect(tombstone).toMatchObject({ is_deleted: true, content: "", attachments: [], reactions: [], mentions: [] });
      const { messages } = await store.log.history(general, { limit: 10 });
      expect(messages.map((message) => message.id)).toEqual([reply.id]);
      expect(messages[0]?.reply_to).toMatchObject({ id, content: "", is_deleted: true, author: { id: ann } });
      expect(await notificationsOf(store, id)).toEqual([]);
      expect(await store.db.selectFrom("attachments").where("id", "in", attachmentIds).selectAll().execute()).toEqual(
        [],
      );
      expect(await removedFiles(store.db, Date.now(), 10)).toEqual(["key"]);
      expect(await refusal(store, sending(general, ann, { attachmentIds }))).toBe("invalid_request");
      for (const command of [editing(id, ann, "x"), reacting(id, bob, "👍")]) {
        expect(await refusal(store, command)).toBe("not_found");
      }
    });

    test("[L14] reactions are ordered by first use, users by the time of their reaction", async () => {
      const { store, general, owner, ann, bob } = world;
      const { id } = await send(store, general, ann);
      const { event } = await commit(store, reacting(id, bob, "🎉"));
      expect(event).toMatchObject({
        type: "reaction_updated",
        data: { was_removed: false, reaction: { emoji: "🎉", count: 1, user_ids: [bob] }, user: { id: bob } },
      });
      await commit(store, reacting(id, owner, "👍"));
      await commit(store, reacting(id, ann, "🎉"));
      const reactions = async () => (await store.log.message(id))?.reactions;
      expect(await reactions()).toEqual([
        { emoji: "🎉", count: 2, user_ids: [bob, ann] },
        { emoji: "👍", count: 1, user_ids: [owner] },
      ]);
      // A reaction that was removed by all users and added again comes last.
      await commit(store, reacting(id, bob, "🎉", false));
      const last = await commit(store, reacting(id, ann, "🎉", false));
      expect(last.event).toMatchObject({
        data: { was_removed: true, reaction: { emoji: "🎉", count: 0, user_ids: [] } },
      });
      await commit(store, reacting(id, bob, "🎉"));
      expect((await reactions())?.map((reaction) => reaction.emoji)).toEqual(["👍", "🎉"]);
    });

    test("[L14] a message takes a limited number of different reactions, from any number of users", async () => {
      const { store, general, ann, bob } = world;
      const { id } = await send(store, general, ann);
      const emojis = Array.from({ length: limits.reactionsPerMessage }, (_, index) => `emoji-${index}`);
      await Promise.all(emojis.map((emoji) => commit(store, reacting(id, ann, emoji))));
      expect(await refusal(store, reacting(id, bob, "one more"))).toBe("limit_reached");
      await commit(store, reacting(id, bob, "emoji-0"));
    });
  });
}

function notificationsOf(store: Store, messageId: number): Promise<{ user_id: number; kind: string }[]> {
  return store.db
    .selectFrom("notifications")
    .select(["user_id", "kind"])
    .where("message_id", "=", messageId)
    .orderBy("id")
    .execute();
}

async function notificationIdsOf(store: Store, messageId: number): Promise<number[]> {
  const rows = await store.db
    .selectFrom("notifications")
    .select("id")
    .where("message_id", "=", messageId)
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}
