import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isListed, publicServers } from "../queries/discovery.ts";
import * as queries from "../queries/onboarding.ts";
import { giveRole, insertRole } from "../queries/roles.ts";
import { changeServerRow } from "../queries/servers.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createWorld, type World } from "./world.ts";

export function describeOnboarding(open: OpenStore): void {
  describe("onboarding and discovery", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(() => fixture.cleanUp());

    const addRole = (world: World, name: string) => {
      const fields = { name, color: null, permissions: 0, hoist: false, mentionable: false };
      return insertRole(world.store.db, world.serverId, fields, 1);
    };

    test("[S10] a role stays marked as offered for as long as a member has it", async () => {
      const world = await createWorld(fixture.store);
      const { db } = world.store;
      const [kept, left] = [await addRole(world, "kept"), await addRole(world, "left")];
      const mark = (...ids: number[]) => queries.markOffered(db, world.serverId, ids);
      expect((await mark(kept.id, left.id)).toSorted((a, b) => a - b)).toEqual([kept.id, left.id]);
      expect(await mark(kept.id, left.id)).toEqual([]);
      await giveRole(db, world.serverId, world.ann, kept.id);
      expect(await mark()).toEqual([left.id]);
    });

    test("[S10] answers replace earlier ones, and end with the membership", async () => {
      const world = await createWorld(fixture.store);
      const { db } = world.store;
      const { serverId, ann: userId } = world;
      await queries.storeOnboarding(db, serverId, { welcome: "one", channel_ids: [], questions: [] });
      await queries.storeOnboarding(db, serverId, { welcome: "two", channel_ids: [7], questions: [] });
      expect(await queries.onboardingOf(db, serverId)).toEqual({ welcome: "two", channel_ids: [7], questions: [] });
      await queries.storeAnswers(db, { serverId, userId, answerIds: [1, 2], now: 5 });
      await queries.storeAnswers(db, { serverId, userId, answerIds: [3], now: 6 });
      expect(await queries.answersOf(db, serverId, userId)).toEqual([3]);
      expect(await queries.answersOf(db, serverId, world.bob)).toEqual([]);
      expect(await queries.answersOf(db, serverId, world.stranger)).toBeUndefined();
      const row = db.selectFrom("members").where("user_id", "=", userId).select("onboarded_at");
      expect(await row.execute()).toEqual([{ onboarded_at: 5 }]);
    });

    test("[S10] public servers come in pages, without those that ban the reader or are kept off", async () => {
      const worlds: World[] = [];
      for (const name of ["Alpha", "Beta", "Gamma", "Delta"]) {
        const world = await createWorld(fixture.store);
        worlds.push(world);
        await changeServerRow(world.store.db, world.serverId, { name, public_since: 50, description: `about ${name}` });
      }
      const [alpha, beta, gamma, delta] = worlds as [World, World, World, World];
      const { db } = alpha.store;
      const reader = alpha.stranger;
      const ban = { server_id: beta.serverId, user_id: reader, banned_by: beta.owner, created_at: 1, reason: null };
      await db
        .insertInto("bans")
        .values({ ...ban, expires_at: 100 })
        .execute();
      await changeServerRow(db, gamma.serverId, { unlisted: 1 });
      const find = (now: number, fields: { search?: string; before?: string; limit?: number } = {}) =>
        publicServers(db, reader, { search: "", limit: 10, ...fields, now });
      const names = async (now: number, fields = {}) => (await find(now, fields)).servers.map(({ name }) => name);
      expect(await names(99)).toEqual(["Delta", "Alpha"]);
      expect(await names(101)).toEqual(["Delta", "Beta", "Alpha"]);
      const first = await find(101, { limit: 2 });
      expect(await names(101, { limit: 2, before: first.next! })).toEqual(["Alpha"]);
      expect(await names(101, { search: "about d" })).toEqual(["Delta"]);
      expect(await names(101, { search: "%" })).toEqual([]);
      expect(await isListed(db, delta.serverId)).toBe(true);
      expect(await isListed(db, gamma.serverId)).toBe(false);
    });
  });
}
