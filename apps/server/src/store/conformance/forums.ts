import { permissionBits } from "@miscord/rights";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { channelsById, deleteChannel, insertChannel } from "../queries/channels.ts";
import * as posts from "../queries/posts.ts";
import { putOverride, refreshRestricted } from "../queries/roles.ts";
import { serverStates } from "../queries/servers.ts";
import * as threads from "../queries/threads.ts";
import { deleting, editing, sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createWorld, refusal, send, type World } from "./world.ts";

export function describeForums(open: OpenStore): void {
  describe("a forum", () => {
    let fixture: StoreUnderTest;
    let world: World;
    let forumId: number;
    beforeAll(async () => void (fixture = await open()));
    afterAll(() => fixture.cleanUp());
    beforeEach(async () => {
      world = await createWorld(fixture.store);
      const { store, serverId } = world;
      const forum = { serverId, name: "help", type: "forum" as const, position: 9, now: 1 };
      forumId = (await insertChannel(store.db, forum)).id;
    });

    async function insertPost(name = "broken"): Promise<number> {
      const { store, serverId, ann } = world;
      const place = { serverId, parentId: forumId, isPost: true, starterId: null };
      return threads.insertThread(store.db, { ...place, name, ownerId: ann, archiveAfterS: 600, now: 1 });
    }
    const opening = (postId: number, at = 1, content = "hello") =>
      sending(postId, world.ann, { opensPost: true, content, at });
    const page = (fields: Partial<posts.PostsPage> = {}) =>
      posts.listPosts(world.store.db, world.bob, forumId, { order: "activity", tags: [], limit: 2, now: 1, ...fields });
    const namesIn = (found: readonly { name: string }[]) => found.map(({ name }) => name);

    test("[L19] has posts that are there for others once their first message is sent", async () => {
      const { store, ann, bob } = world;
      const postId = await insertPost();
      expect(await refusal(store, sending(postId, bob))).toBe("not_found");
      expect((await page()).posts).toEqual([]);
      const told = await commit(store, opening(postId, 1, "**it** fails"));
      expect(told).toMatchObject({ forumId, following: [ann] });
      expect((await page()).posts).toMatchObject([{ id: postId, excerpt: "it fails", tags: [], revision: 0 }]);
      const reply = await send(store, postId, bob);
      expect(reply.channel_id).toBe(postId);
      await commit(store, editing(told.message!.id, ann, "it works"));
      expect((await page()).posts).toMatchObject([{ excerpt: "it works", last_message_seq: 2 }]);
      await commit(store, deleting(told.message!.id, ann));
      expect((await page()).posts).toMatchObject([{ excerpt: "" }]);
      expect((await posts.postsById(store.db, [postId, world.general], 1)).map(({ id }) => id)).toEqual([postId]);
    });

    test("[L8, L19] takes the right to write for a post, and the right to write in threads for what follows", async () => {
      const { store, serverId, ann } = world;
      const deny = async (bit: number) => {
        await store.db.transaction().execute(async (db) => {
          await putOverride(db, forumId, { type: "member", target_id: ann, allow: 0, deny: bit });
          await refreshRestricted(db, serverId);
        });
      };
      const postId = await insertPost();
      await deny(permissionBits.sendMessages);
      expect(await refusal(store, opening(postId))).toBe("forbidden");
      await deny(permissionBits.viewChannel);
      expect(await refusal(store, opening(postId))).toBe("not_found");
      await deny(permissionBits.sendMessagesInThreads);
      await commit(store, opening(postId));
      expect(await refusal(store, sending(postId, ann))).toBe("forbidden");
      expect(await refusal(store, sending(forumId, ann))).toBe("invalid_request");
    });

    test("lists posts by activity or age in pages, those with a tag, and pinned ones apart", async () => {
      const { store } = world;
      const ids: number[] = [];
      for (const [at, name] of ["one", "two", "three", "four"].entries()) {
        const id = await insertPost(name);
        ids.push(id);
        await commit(store, opening(id, at + 1));
      }
      await posts.setPostTags(store.db, ids[0]!, [1, 3, 1]);
      await posts.setPostTags(store.db, ids[2]!, [2]);
      const first = await page();
      expect(namesIn(first.posts)).toEqual(["four", "three"]);
      expect(first.cursor).toBe(`3-${ids[2]}`);
      expect(namesIn((await page({ cursor: first.cursor! })).posts)).toEqual(["two", "one"]);
      await commit(store, sending(ids[0]!, world.bob, { at: 9 }));
      expect(namesIn((await page()).posts)).toEqual(["one", "four"]);
      const byAge = await page({ order: "newest" });
      expect(namesIn(byAge.posts)).toEqual(["four", "three"]);
      expect(namesIn((await page({ order: "newest", cursor: byAge.cursor! })).posts)).toEqual(["two", "one"]);
      const tagged = await page({ tags: [2, 3] });
      expect(tagged.posts.map(({ name, tags }) => [name, tags])).toEqual([
        ["one", [1, 3]],
        ["three", [2]],
      ]);
      await threads.updateThread(store.db, ids[1]!, { pinned_at: 5 });
      const { pinned, posts: others } = await page({ limit: 9 });
      expect([namesIn(pinned), namesIn(others)]).toEqual([["two"], ["one", "four", "three"]]);
      expect(pinned[0]).toMatchObject({ pinned_at: new Date(5).toISOString(), revision: 1 });
      expect(await posts.countPinnedPosts(store.db, forumId)).toBe(1);
      await posts.removeTags(store.db, forumId, [3]);
      expect(await threads.threadById(store.db, ids[0]!, 1)).toMatchObject({ tags: [1] });
    });

    test("shows its settings with the channel, and a followed post with its tags", async () => {
      const { store, ann, serverId } = world;
      const postId = await insertPost();
      await commit(store, opening(postId));
      await posts.setPostTags(store.db, postId, [1]);
      const tags = [{ id: 1, name: "bug", emoji: "🐞", moderated: false }];
      const forum = { tags, requires_tag: true, order: "newest" as const };
      await posts.setForum(store.db, forumId, { ...forum, nextTagId: 2 });
      const [found] = await channelsById(store.db, [forumId]);
      expect(found?.channel).toMatchObject({ type: "forum", forum });
      const [state] = await serverStates(store.db, ann, { now: 2, only: serverId });
      expect(state?.channels.at(-1)).toMatchObject({ id: forumId, forum });
      expect(state?.threads).toMatchObject([{ id: postId, type: "thread", tags: [1] }]);
      expect(state?.channels[0]).not.toHaveProperty("forum");
    });

    test("is deleted with its posts and their tags", async () => {
      const { store } = world;
      const postId = await insertPost();
      await commit(store, opening(postId));
      await posts.setPostTags(store.db, postId, [1]);
      await deleteChannel(store.db, forumId);
      const left = await store.db.selectFrom("post_tags").where("channel_id", "=", postId).selectAll().execute();
      expect([left, await threads.threadById(store.db, postId, 2)]).toEqual([[], undefined]);
    });
  });
}
