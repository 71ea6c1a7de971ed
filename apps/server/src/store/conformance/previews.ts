import type { Embed } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PreviewCommand } from "../contract.ts";
import { message } from "../queries/messages.ts";
import {
  deletePreviews,
  expiredPreviews,
  keepPictures,
  putPreview,
  readPreview,
  serverShowsPreviews,
} from "../queries/link-previews.ts";
import { changeServerRow } from "../queries/servers.ts";
import { deleting, editing } from "./commands.ts";
import { fold } from "./fold.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createWorld, refusal, send, type World } from "./world.ts";

const [first, second] = ["https://a.example/", "https://b.example/"];
const content = `${first} ${second}`;
const of = (url: string, picture: string): Embed => ({
  kind: "link",
  url,
  title: "T",
  image: { url: `/api/pictures/${picture}`, width: 4, height: 3 },
});

export function describePreviews(open: OpenStore): void {
  describe("link previews", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    const showing = (messageId: number, previews: readonly Embed[], text = content): PreviewCommand => ({
      kind: "preview",
      actorId: world.ann,
      messageId,
      content: text,
      previews,
      at: 5,
    });
    const removing = (messageId: number, actorId: number) =>
      ({ kind: "remove_previews", actorId, messageId, at: 6 }) as const;
    const picturesOf = async (messageId: number) => {
      const { db } = world.store;
      const rows = await db.selectFrom("preview_pictures").where("message_id", "=", messageId).selectAll().execute();
      return rows.map(({ picture }) => picture).toSorted();
    };

    test("[L24] are an event as a fetch has them, once, and do not edit the message", async () => {
      const { store, general, ann } = world;
      const { id } = await send(store, general, ann, { content });
      const start = await store.log.history(general, { limit: 100 });
      const previews = [of(first, "one"), of(second, "two")];
      const { event } = await commit(store, showing(id, previews));
      const fresh = await store.log.history(general, { limit: 100 });
      expect(fold(start.messages, event!)).toEqual(fresh.messages);
      const { changes } = await store.log.changesSince(general, start.seq, 10);
      expect(changes).toEqual([await message(store.db, id)]);
      expect(fresh.messages.at(-1)).toMatchObject({ content, embeds: previews, is_edited: false, edited_at: null });
      expect(await picturesOf(id)).toEqual(["one", "two"]);
      expect((await commit(store, showing(id, previews))).event).toBeNull();
      expect((await commit(store, showing(id, []))).event).toBeNull();
    });

    test("[L24] are not shown with a text that they were not made for; an edit keeps those of links that stay", async () => {
      const { store, general, ann } = world;
      const { id } = await send(store, general, ann, { content });
      expect((await commit(store, showing(id, [of(first, "one")], "another text"))).event).toBeNull();
      await commit(store, showing(id, [of(first, "one"), of(second, "two")]));
      const edited = await commit(store, editing(id, ann, `only ${second}`));
      expect(edited.message?.embeds).toEqual([of(second, "two")]);
      expect(await picturesOf(id)).toEqual(["two"]);
      expect((await commit(store, editing(id, ann, "none"))).message).not.toHaveProperty("embeds");
      expect(await picturesOf(id)).toEqual([]);
    });

    test("[L24] removed by the author or who may delete, do not come back, also after an edit", async () => {
      const { store, general, ann, bob, owner, stranger } = world;
      const { id } = await send(store, general, ann, { content });
      await commit(store, showing(id, [of(first, "one")]));
      expect(await refusal(store, removing(id, bob))).toBe("forbidden");
      expect(await refusal(store, removing(id, stranger))).toBe("not_found");
      const removed = await commit(store, removing(id, owner));
      expect(removed.event?.type).toBe("message_edited");
      expect(removed.message).toMatchObject({ content, is_edited: false });
      expect(removed.message).not.toHaveProperty("embeds");
      expect(await picturesOf(id)).toEqual([]);
      expect((await commit(store, removing(id, ann))).event).toBeNull();
      expect((await commit(store, showing(id, [of(first, "one")]))).event).toBeNull();
      await commit(store, editing(id, ann, first));
      expect((await commit(store, showing(id, [of(first, "one")], first))).event).toBeNull();
    });

    test("[L13] go with a deleted message, in the same transaction too", async () => {
      const { store, general, ann } = world;
      const [one, two] = [await send(store, general, ann, { content }), await send(store, general, ann, { content })];
      await commit(store, showing(one.id, [of(first, "one")]));
      await commit(store, deleting(one.id, ann));
      await Promise.all([
        store.log.commit(showing(two.id, [of(first, "one")])),
        store.log.commit(deleting(two.id, ann)),
      ]);
      expect([await picturesOf(one.id), await picturesOf(two.id)]).toEqual([[], []]);
      expect(await message(store.db, one.id)).not.toHaveProperty("embeds");
      expect(await refusal(store, showing(one.id, [of(first, "one")]))).toBe("not_found");
      expect(await refusal(store, removing(one.id, ann))).toBe("not_found");
    });

    test("[S10] what was read is found until it expires, and swept once no message shows its picture", async () => {
      const { store, general, ann } = world;
      const { db } = store;
      const { id } = await send(store, general, ann, { content });
      await commit(store, showing(id, [of(first, "shown")]));
      await putPreview(db, { digest: "a", embed: "old", picture: "shown", expires_at: 100 });
      await putPreview(db, { digest: "a", embed: "new", picture: "unshown", expires_at: 200 });
      await putPreview(db, { digest: "b", embed: null, picture: null, expires_at: 100 });
      const read = (digest: string, now: number) => readPreview(db, digest, now);
      expect([await read("a", 50), await read("a", 150), await read("b", 50)]).toEqual([
        { embed: "new" },
        { embed: "new" },
        { embed: null },
      ]);
      expect([await read("a", 200), await read("c", 50)]).toEqual([undefined, undefined]);
      const expired = async (before: number) =>
        new Map((await expiredPreviews(db, { before, limit: 10 })).map(({ picture, isShown }) => [picture, isShown]));
      expect(await expired(150)).toEqual(
        new Map<unknown, boolean>([
          [null, false],
          ["shown", true],
        ]),
      );
      const kept = await expiredPreviews(db, { before: 150, limit: 10 });
      await keepPictures(
        db,
        kept.filter(({ isShown }) => isShown).map((row) => row.id),
        400,
      );
      expect([await expired(150), await read("", 50)]).toEqual([new Map([[null, false]]), { embed: null }]);
      await commit(store, deleting(id, ann));
      expect((await expired(500)).get("shown")).toBe(false);
      const rows = await expiredPreviews(db, { before: 500, limit: 10 });
      await deletePreviews(
        db,
        rows.map((row) => row.id),
      );
      expect([rows.length, await read("a", 50)]).toEqual([3, undefined]);
    });

    test("[S10] a server shows them until it says otherwise", async () => {
      const { store, serverId } = world;
      expect(await serverShowsPreviews(store.db, serverId)).toBe(true);
      expect((await changeServerRow(store.db, serverId, { link_previews: 0 }))?.link_previews).toBe(false);
      expect(await serverShowsPreviews(store.db, serverId)).toBe(false);
    });
  });
}
