import type { AutomodRuleFields } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as queries from "../queries/automod.ts";
import { insertThread } from "../queries/threads.ts";
import { editing, sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createWorld, refusal, send, type World } from "./world.ts";

const fields: AutomodRuleFields = {
  name: "Rule",
  enabled: true,
  trigger: { kind: "words", words: ["слон"], allowed: [], forms: true },
  message: "Not here.",
  actions: { block: true, delete: false, alert_channel_id: null, timeout_s: 0 },
  checks_names: false,
  exempt_role_ids: [],
  exempt_channel_ids: [],
};

/** AutoMod rules as the log applies them, and their queries. */
export function describeAutomod(open: OpenStore): void {
  describe("AutoMod", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(() => fixture.cleanUp());

    const change = (world: World, work: (db: World["store"]["db"]) => Promise<unknown>) =>
      world.store.db.transaction().execute(async (db) => {
        await work(db);
        await queries.renewVersion(db, world.serverId);
      });

    test("L20: a send and an edit that meet a rule are refused with its message, as the rules are at that moment", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, general, owner, ann } = world;
      const { id } = await send(store, general, ann, { content: "слон" });
      await change(world, (db) => queries.insertAutomodRule(db, serverId, fields, 1));
      const refused = await store.log.commit(sending(general, ann, { content: "слоном" }));
      expect(refused).toMatchObject({ ok: false, code: "automod_blocked", message: "Not here." });
      expect(await refusal(store, editing(id, ann, "слоны"))).toBe("automod_blocked");
      await send(store, general, owner, { content: "слон" });
      const [rule] = await queries.automodRules(store.db, serverId);
      await change(world, (db) => queries.updateAutomodRule(db, rule!.id, { ...fields, enabled: false }));
      await send(store, general, ann, { content: "слон" });
      await change(world, (db) => queries.updateAutomodRule(db, rule!.id, fields));
      expect(await refusal(store, sending(general, ann, { content: "слон" }))).toBe("automod_blocked");
      const trigger = { kind: "mentions", most: 1 } as const;
      await change(world, (db) => queries.updateAutomodRule(db, rule!.id, { ...fields, trigger }));
      const both = { content: "@bob @here", mentionNames: ["bob"], hereIds: [] };
      expect(await refusal(store, sending(general, ann, both))).toBe("automod_blocked");
      await change(world, (db) => queries.deleteAutomodRule(db, rule!.id));
      await send(store, general, ann, { content: "слон" });
    });

    test("L20: repeats are counted over channels and transactions", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, general, random, ann, bob } = world;
      const trigger = { kind: "repeats", times: 3, window_s: 60, in_message: 50 } as const;
      await change(world, (db) => queries.insertAutomodRule(db, serverId, { ...fields, trigger }, 1));
      await send(store, general, ann, { content: "buy", at: 1_000 });
      await send(store, random, ann, { content: "Buy!", at: 2_000 });
      await send(store, random, bob, { content: "buy", at: 2_000 });
      expect(await refusal(store, sending(general, ann, { content: "buy", at: 3_000 }))).toBe("automod_blocked");
      await send(store, general, ann, { content: "buy", at: 61_001 });
    });

    test("L20: a match in a thread is as hidden as the channel of the thread", async () => {
      const world = await createWorld(fixture.store);
      const { store, serverId, general: parentId, ann } = world;
      const thread = {
        serverId,
        parentId,
        name: "aside",
        ownerId: ann,
        starterId: null,
        archiveAfterS: 86_400,
        now: 1,
      };
      const threadId = await insertThread(store.db, thread);
      await change(world, (db) => queries.insertAutomodRule(db, serverId, fields, 1));
      const match = async () => {
        const outcome = await store.log.commit(sending(threadId, ann, { content: "слон" }));
        return outcome.ok ? undefined : outcome.automod?.[0]?.channel;
      };
      expect(await match()).toEqual({ id: threadId, name: "aside", isRestricted: false });
      await store.db.updateTable("channels").set({ restricted: 1 }).where("id", "=", parentId).execute();
      expect(await match()).toMatchObject({ isRestricted: true });
    });

    test("S10: managers are the owner and those with a role that manages the server; past messages come newest first", async () => {
      const { store, serverId, general, owner, ann } = await createWorld(fixture.store);
      expect(await queries.managersOf(store.db, serverId, 10)).toEqual([owner]);
      for (const at of [1, 2, 3, 4]) await send(store, general, ann, { content: `${at}`, at });
      const page = { below: 4, limit: 2 };
      const past = await queries.pastMessages(store.db, general, page);
      expect(past.map(({ content }) => content)).toEqual(["3", "2"]);
    });
  });
}
