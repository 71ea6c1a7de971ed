import { limits } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../contract.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { deleting, editing, sending } from "./commands.ts";
import { commit, createAttachment, createWorld, leave, refusal, send, type World } from "./world.ts";

export function describeSends(open: OpenStore): void {
  describe("sending", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => void (fixture = await open()));
    beforeEach(async () => void (world = await createWorld(fixture.store)));
    afterAll(() => fixture.cleanUp());

    test("[L3] a nonce used twice by its author returns the first message", async () => {
      const { store, general, ann } = world;
      const attachmentIds = [await createAttachment(store, ann)];
      const command = sending(general, ann, { nonce: "once", attachmentIds });
      const first = await commit(store, command);
      const again = await commit(store, { ...command, at: command.at + 5_000 });
      expect(again).toEqual({ ...first, event: null, notified: [] });
      expect((await store.log.history(general, { limit: 10 })).messages).toEqual([first.message]);
    });

    test("[L3] a nonce used twice in one transaction makes one message, and is independent of other authors", async () => {
      const { store, general, ann, bob } = world;
      const command = sending(general, ann, { nonce: "once" });
      const outcomes = await Promise.all([
        commit(store, command),
        commit(store, command),
        store.log.commit({ ...command, content: "other" }),
        commit(store, { ...command, authorId: bob }),
      ]);
      const [first, second, conflict, ofAnother] = outcomes;
      expect(second.message).toEqual(first.message);
      expect([first.event?.seq, second.event, ofAnother.event?.seq]).toEqual([1, null, 2]);
      expect(conflict).toMatchObject({ ok: false, code: "nonce_conflict" });
    });

    test("[L3] a nonce used again with a different message is a conflict", async () => {
      const { store, general, random, ann } = world;
      const { id } = await send(store, general, ann, { nonce: "first" });
      const attachmentIds = [await createAttachment(store, ann)];
      const others = [{ content: "other" }, { channelId: random }, { replyToId: id }, { attachmentIds }];
      for (const fields of others) {
        expect(await refusal(store, sending(general, ann, { nonce: "first", ...fields }))).toBe("nonce_conflict");
      }
    });

    test("[L3] a repeated send of a deleted message returns its tombstone", async () => {
      const { store, general, ann } = world;
      const { id } = await send(store, general, ann, { nonce: "gone" });
      await commit(store, deleting(id, ann));
      expect(await send(store, general, ann, { nonce: "gone" })).toMatchObject({
        id,
        seq: 1,
        is_deleted: true,
        content: "",
      });
    });

    test("[L3] after an edit or a deletion a nonce is repeated without a digest of the text that was sent", async () => {
      const { store, general, random, ann } = world;
      const edited = await send(store, general, ann, { nonce: "edited", content: "yes" });
      const deleted = await send(store, general, ann, { nonce: "deleted", content: "yes" });
      await commit(store, editing(edited.id, ann, "no"));
      await commit(store, deleting(deleted.id, ann));
      const rows = store.db.selectFrom("messages").select("fingerprint").where("id", "in", [edited.id, deleted.id]);
      expect(await rows.execute()).toEqual([{ fingerprint: null }, { fingerprint: null }]);
      const repeat = (nonce: string) => send(store, general, ann, { nonce, content: "yes" });
      expect(await repeat("edited")).toMatchObject({ id: edited.id, content: "no" });
      expect(await repeat("deleted")).toMatchObject({ id: deleted.id, is_deleted: true });
      for (const nonce of ["edited", "deleted"]) {
        expect(await refusal(store, sending(random, ann, { nonce, content: "yes" }))).toBe("nonce_conflict");
      }
    });

    test("[L8] only members send, and only to text channels", async () => {
      const { store, serverId, general, lounge, ann, bob, stranger, admin } = world;
      expect(await refusal(store, sending(lounge, ann))).toBe("invalid_request");
      expect(await refusal(store, sending(999_999_999, ann))).toBe("not_found");
      expect(await refusal(store, sending(general, stranger))).toBe("not_found");
      expect(await refusal(store, sending(general, admin))).toBe("not_found");
      await leave(store, serverId, bob);
      expect(await refusal(store, sending(general, bob))).toBe("not_found");
    });

    test("[L10] a reply to a deleted message or a message of another channel is refused", async () => {
      const { store, general, random, ann, bob } = world;
      const { id } = await send(store, general, ann, { content: "x".repeat(limits.replyPreviewLength - 1) + "😀" });
      expect(await refusal(store, sending(random, bob, { replyToId: id }))).toBe("not_found");
      expect(await refusal(store, sending(general, bob, { replyToId: 999_999_999 }))).toBe("not_found");
      const reply = await send(store, general, bob, { replyToId: id });
      // The preview is cut before the emoji, not in the middle of its surrogate pair.
      expect(reply.reply_to).toMatchObject({
        id,
        content: "x".repeat(limits.replyPreviewLength - 1),
        is_deleted: false,
      });
      await commit(store, deleting(id, ann));
      expect(await refusal(store, sending(general, bob, { replyToId: id }))).toBe("not_found");
    });

    test("[L10] a message takes unused uploads of its author, in the given order and each once", async () => {
      const { store, general, ann, bob } = world;
      const [one, two, three] = [
        await createAttachment(store, ann, "a b.png"),
        await createAttachment(store, ann),
        await createAttachment(store, ann),
      ];
      const message = await send(store, general, ann, { content: "", attachmentIds: [two, one] });
      expect(message.attachments.map(({ id, file_url, width, height }) => ({ id, file_url, width, height }))).toEqual([
        { id: two, file_url: `/api/attachments/${two}/cat.png`, width: 3, height: 4 },
        { id: one, file_url: `/api/attachments/${one}/a%20b.png`, width: 3, height: 4 },
      ]);
      const foreign = await createAttachment(store, bob);
      const others: number[] = [];
      while (others.length < limits.attachmentsPerMessage) others.push(await createAttachment(store, ann));
      const impossible = [[one], [foreign], [999_999_999], [three, three], [three, foreign], [three, ...others]];
      for (const attachmentIds of impossible) {
        expect(await refusal(store, sending(general, ann, { attachmentIds }))).toBe("invalid_request");
      }
      const rivals = await Promise.all(
        [1, 2].map(() => store.log.commit(sending(general, ann, { attachmentIds: [three] }))),
      );
      expect(rivals.map((outcome) => outcome.ok)).toEqual([true, false]);
    });

    test("[L11] text that cannot be stored is replaced in the event, and refused in a nonce", async () => {
      const { store, general, ann } = world;
      const message = await send(store, general, ann, { content: "half \ud800 zero \0 end" });
      expect(message.content).toBe("half \ufffd zero \ufffd end");
      expect(await store.log.message(message.id)).toEqual(message);
      expect(await refusal(store, sending(general, ann, { nonce: "\0" }))).toBe("invalid_request");
    });

    test("[L12] names of members become mentions with one notification each", async () => {
      const { store, general, owner, ann, bob, names } = world;
      const { id } = await send(store, general, bob);
      const mentionNames = [names.bob, names.owner, names.ann, names.stranger, "nobody"];
      const { message, notified } = await commit(store, sending(general, ann, { mentionNames, replyToId: id }));
      expect(message?.mentions).toEqual([owner, bob]);
      expect(notified.map(({ userId, kind }) => ({ userId, kind }))).toEqual([
        { userId: bob, kind: "reply" },
        { userId: owner, kind: "mention" },
      ]);
      const rows = await store.db
        .selectFrom("notifications")
        .select(["id as notificationId", "user_id as userId", "kind"])
        .where("message_id", "=", message?.id ?? 0)
        .orderBy("id")
        .execute();
      expect(rows).toEqual(notified);
    });

    test("[L12] a reply to oneself or to a user who left notifies nobody", async () => {
      const { store, serverId, general, ann, bob } = world;
      const own = await send(store, general, ann);
      const gone = await send(store, general, bob);
      await leave(store, serverId, bob);
      for (const replyToId of [own.id, gone.id]) {
        const { message, notified } = await commit(store, sending(general, ann, { replyToId }));
        expect([message?.mentions, notified]).toEqual([[], []]);
      }
    });

    test("[L12] only the server's owner and administrators mention everyone", async () => {
      const { store, serverId, general, owner, ann, admin } = world;
      await store.db.insertInto("members").values({ server_id: serverId, user_id: admin, joined_at: 1 }).execute();
      for (const [author, granted] of [
        [owner, true],
        [admin, true],
        [ann, false],
      ] as const) {
        const { message, notified } = await commit(store, sending(general, author, { mentionsEveryone: true }));
        expect([message?.mentions_everyone, notified]).toEqual([granted, []]);
      }
    });

    test("a message to everyone notifies each member but its author once, and a name in it goes first", async () => {
      const { store, general, owner, ann, bob, names } = world;
      const command = sending(general, owner, { mentionNames: [names.ann], mentionsEveryone: true });
      const { message, notified, notifiedEveryone } = await commit(store, command);
      expect([notified.map(({ userId }) => userId), notifiedEveryone]).toEqual([[ann], true]);
      const kinds = await kindsOf(store, message?.id);
      expect(kinds.get(ann)).toEqual(["mention"]);
      expect(kinds.get(bob)).toEqual(["everyone"]);
      expect(kinds.has(owner)).toBe(false);
    });

    test("an edit that adds everyone notifies, one that drops it and a deletion take the notifications back", async () => {
      const { store, general, owner, bob } = world;
      const { id } = await send(store, general, owner);
      const edit = (content: string, mentionsEveryone: boolean) =>
        commit(store, { ...editing(id, owner, content), mentionsEveryone });
      expect((await edit("to all", true)).notifiedEveryone).toBe(true);
      expect((await edit("to all again", true)).notifiedEveryone).toBe(false);
      expect((await kindsOf(store, id)).get(bob)).toEqual(["everyone"]);
      expect((await edit("to nobody", false)).unmentionedEveryone).toBe(true);
      expect((await kindsOf(store, id)).size).toBe(0);
      await edit("to all once more", true);
      await commit(store, deleting(id, owner));
      expect((await kindsOf(store, id)).size).toBe(0);
    });
  });
}

/** The kinds of a message's notifications by the user who has them. */
async function kindsOf(store: Store, messageId = 0): Promise<Map<number, string[]>> {
  const rows = await store.db
    .selectFrom("notifications")
    .select(["user_id", "kind"])
    .where("message_id", "=", messageId)
    .execute();
  const byUser = Map.groupBy(rows, (row) => row.user_id);
  return new Map([...byUser].map(([userId, all]) => [userId, all.map(({ kind }) => kind)]));
}
