import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FromWebhook } from "../contract.ts";
import { serverAccess, serverChannelAccess } from "../queries/access.ts";
import { renewVersion, insertAutomodRule } from "../queries/automod.ts";
import { blockBytes, uploadedBytes } from "../queries/attachments.ts";
import { insertBot } from "../queries/bots.ts";
import { isAccountEnabled, updateUser } from "../queries/users.ts";
import { channelViewers } from "../queries/visible-channels.ts";
import { insertWebhook } from "../queries/webhooks.ts";
import { programs, type WebhookRow } from "../webhook-tables.ts";
import { deleting, editing, sending } from "./commands.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createAttachment, createPerson, createWorld, leave, refusal, type World } from "./world.ts";

const rule = {
  name: "Rule",
  enabled: true,
  trigger: { kind: "words", words: ["слон"], allowed: [], forms: true },
  message: "Not here.",
  actions: { block: true, delete: false, alert_channel_id: null, timeout_s: 0 },
  checks_names: false,
  exempt_role_ids: [],
  exempt_channel_ids: [],
} as const;

/** What webhooks and bots may do: as much as the person behind them. */
export function describePrograms(open: OpenStore): void {
  describe("programs", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(() => fixture.cleanUp());

    const hook = ({ store, serverId, general }: World, createdBy: number): Promise<WebhookRow> =>
      store.db.transaction().execute((db) =>
        insertWebhook(db, {
          server_id: serverId,
          channel_id: general,
          created_by: createdBy,
          name: "CI",
          token_digest: "digest",
          created_at: 5,
        }),
      );
    const from = (createdBy: number, fields: Partial<FromWebhook> = {}): FromWebhook => ({
      createdBy,
      name: "CI",
      embeds: [],
      ...fields,
    });
    const giveRole = async ({ store, serverId }: World, userId: number, permissions: number) => {
      const fields = { server_id: serverId, name: "role", color: null, permissions, position: 1, created_at: 1 };
      const { id } = await store.db.insertInto("roles").values(fields).returning("id").executeTakeFirstOrThrow();
      await store.db.insertInto("member_roles").values({ server_id: serverId, user_id: userId, role_id: id }).execute();
      return id;
    };

    test("L21: a webhook writes under its names with embeds, while its creator may manage webhooks", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, ann, serverId } = world;
      const { id } = await hook(world, ann);
      const webhook = from(ann, { name: "Deploy\0\ud800", embeds: [{ title: "Build" }] });
      const command = sending(general, id, { content: "", webhook });
      expect(await refusal(store, command)).toBe("not_found");
      await giveRole(world, ann, bitsOf("manageWebhooks"));
      const { message } = await commit(store, command);
      expect(message).toMatchObject({
        author: { id, display_name: "Deploy��", is_webhook: true },
        embeds: [{ title: "Build" }],
      });
      expect(await store.log.message(message!.id)).toEqual(message);
      const reply = (await commit(store, sending(general, owner, { replyToId: message!.id }))).message!;
      expect(reply.reply_to).toMatchObject({ content: "Build", author: { display_name: "Deploy��" } });
      await leave(store, serverId, ann);
      expect(await refusal(store, command)).toBe("not_found");
      await commit(store, deleting(message!.id, owner));
      const { changes } = await store.log.changesSince(general, 0, 100);
      expect(changes!.find(({ id: of }) => of === message!.id)).not.toHaveProperty("embeds");
      expect(changes!.find(({ id: of }) => of === reply.id)!.reply_to).toMatchObject({
        is_deleted: true,
        author: { display_name: "Deploy��" },
      });
    });

    test("L21: AutoMod and mentions of everyone hold a webhook by its creator's rights, and only it edits what it wrote", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, ann, bob, names, serverId } = world;
      const [mine, other] = [await hook(world, owner), await hook(world, owner)];
      const text = { content: "@everyone", mentionsEveryone: true, mentionNames: [names.bob] };
      const sent = await commit(store, sending(general, mine.id, { ...text, webhook: from(owner) }));
      expect(sent.message).toMatchObject({ mentions: [bob], mentions_everyone: true });
      await giveRole(world, ann, bitsOf("manageWebhooks"));
      const anns = await commit(store, sending(general, mine.id, { ...text, webhook: from(ann) }));
      expect(anns.message).toMatchObject({ mentions_everyone: false });
      const edit = {
        ...editing(sent.message!.id, mine.id, "changed"),
        webhook: from(owner, { embeds: [{ url: "u" }] }),
      };
      expect((await commit(store, edit)).message).toMatchObject({ content: "changed", embeds: [{ url: "u" }] });
      expect(await refusal(store, { ...edit, actorId: other.id })).toBe("not_found");
      expect(await refusal(store, editing(sent.message!.id, owner, "mine"))).toBe("forbidden");
      await store.db.transaction().execute(async (db) => {
        await insertAutomodRule(db, serverId, { ...rule, exempt_role_ids: [], exempt_channel_ids: [] } as never, 1);
        await renewVersion(db, serverId);
      });
      const embeds = [{ description: "слоны" }];
      expect(await refusal(store, sending(general, mine.id, { webhook: from(owner, { embeds }) }))).toBe(
        "automod_blocked",
      );
    });

    test("a bot may do what both it and its owner may, at that moment", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, ann, bob, owner, serverId } = world;
      const bot = await createPerson(store, `bot${serverId}`);
      await store.db.updateTable("users").set({ program: programs.bot }).where("id", "=", bot).execute();
      await insertBot(store.db, {
        user_id: bot,
        owner_id: ann,
        token_digest: `d${bot}`,
        session_id: "s",
        created_at: 1,
      });
      await store.db.insertInto("members").values({ server_id: serverId, user_id: bot, joined_at: 1 }).execute();
      const { message } = await commit(store, sending(general, bot));
      expect(message!.author).toMatchObject({ id: bot, is_bot: true });
      const theirs = (await commit(store, sending(general, bob))).message!;
      await giveRole(world, bot, bitsOf("manageMessages", "kickMembers"));
      expect(await refusal(store, deleting(theirs.id, bot))).toBe("forbidden");
      expect((await serverAccess(store.db, bot, serverId, 1))!.position).toBe(0);
      const role = await giveRole(world, ann, bitsOf("manageMessages"));
      await commit(store, deleting(theirs.id, bot));
      const access = await serverChannelAccess(store.db, bot, general, 1);
      expect([access!.permissions & bitsOf("manageMessages"), access!.permissions & bitsOf("kickMembers")]).toEqual([
        bitsOf("manageMessages"),
        0,
      ]);
      // A channel that the owner does not see, and the bot by itself would.
      const view = bitsOf("viewChannel");
      await store.db.updateTable("channels").set({ restricted: 1 }).where("id", "=", general).execute();
      const denied = { channel_id: general, type: "role", target_id: role, allow: 0, deny: view };
      await store.db.insertInto("channel_overrides").values(denied).execute();
      expect((await channelViewers(store.db, general)).toSorted((a, b) => a - b)).toEqual(
        [owner, bob].toSorted((a, b) => a - b),
      );
      expect(await refusal(store, sending(general, bot))).toBe("not_found");
      await store.db.deleteFrom("channel_overrides").where("channel_id", "=", general).execute();
      await commit(store, sending(general, bot));
      await leave(store, serverId, ann);
      expect(await refusal(store, sending(general, bot))).toBe("not_found");
      expect(await serverAccess(store.db, bot, serverId, 1)).toMatchObject({ isMember: false, permissions: 0 });
    });

    test("what a bot keeps counts for its owner, and it is disabled with them", async () => {
      const { store, ann, bob, serverId } = await createWorld(fixture.store);
      const { db } = store;
      const bot = await createPerson(store, `bot${serverId}`);
      await insertBot(db, { user_id: bot, owner_id: ann, token_digest: `d${bot}`, session_id: "s", created_at: 1 });
      for (const id of [ann, bot, bob]) await createAttachment(store, id);
      const bytesOf = async (id: number) => (await uploadedBytes(db, id)).total / blockBytes;
      expect([await bytesOf(ann), await bytesOf(bot), await bytesOf(bob)]).toEqual([2, 2, 1]);
      const enabled = () => Promise.all([ann, bot, bob].map((id) => isAccountEnabled(db, id)));
      expect(await enabled()).toEqual([true, true, true]);
      await updateUser(db, ann, { disabled_at: 1 });
      expect(await enabled()).toEqual([false, false, true]);
    });
  });
}
