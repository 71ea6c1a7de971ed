import { can } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { limits } from "@miscord/protocol";
import { updateUser } from "../queries/users.ts";
import { countUse, insertInvite, usableInvites } from "../queries/invites.ts";
import { readableAttachment } from "../queries/attachments.ts";
import { channelAccess } from "../queries/access.ts";
import { inboxPage } from "../queries/notifications.ts";
import { mentionCounts, unreadIn } from "../queries/unread.ts";
import { serverStates } from "../queries/servers.ts";
import { channelViewers, countChannelsOf, visibleChannels } from "../queries/visible-channels.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createAttachment, createWorld, leave, send, type World } from "./world.ts";

export function describeAccess(open: OpenStore): void {
  describe("channels that a user may see", () => {
    let fixture: StoreUnderTest;
    let here: World;
    let elsewhere: World;
    beforeAll(async () => {
      fixture = await open();
      here = await createWorld(fixture.store);
      elsewhere = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    const usersOf = ({ owner, ann, bob, stranger, admin }: World) => [owner, ann, bob, stranger, admin];
    const channelsOf = ({ general, random, lounge }: World) => [general, random, lounge];

    test("are those in which the access policy gives viewChannel", async () => {
      const { db } = fixture.store;
      for (const userId of [...usersOf(here), ...usersOf(elsewhere)]) {
        const rows = await db
          .selectFrom(visibleChannels(db, [userId]))
          .select(["viewer_id", "id"])
          .execute();
        for (const channelId of [...channelsOf(here), ...channelsOf(elsewhere)]) {
          const facts = await channelAccess(db, userId, channelId, 1);
          const isVisible = rows.some(({ viewer_id: viewer, id }) => viewer === userId && id === channelId);
          expect(isVisible).toBe(facts !== undefined && can(facts, "viewChannel"));
          expect((await channelViewers(db, channelId)).includes(userId)).toBe(isVisible);
        }
      }
    });

    test("[S10] an invite is usable while its creator is a member, and for more than 30 days only of who manages", async () => {
      const { store, serverId, owner, ann } = await createWorld(fixture.store);
      const made = { server_id: serverId, created_at: 1, expires_at: null, max_uses: null };
      await insertInvite(store.db, { ...made, code: "of-owner", created_by: owner });
      await insertInvite(store.db, { ...made, code: "of-member", created_by: ann });
      const usable = async (now: number) => {
        const codes = (await usableInvites(store.db, serverId, now)).map((invite) => invite.code).toSorted();
        const uses = await Promise.all(["of-member", "of-owner"].map((code) => countUse(store.db, code, now)));
        expect(uses).toEqual([codes.includes("of-member"), codes.includes("of-owner")]);
        return codes;
      };
      const afterwards = limits.memberInviteSeconds * 1_000 + 1;
      expect(await usable(2)).toEqual(["of-member", "of-owner"]);
      expect(await usable(afterwards)).toEqual(["of-owner"]);
      await updateUser(store.db, ann, { disabled_at: 1 });
      expect(await usable(2)).toEqual(["of-owner"]);
      await updateUser(store.db, ann, { disabled_at: null });
      expect(await usable(2)).toEqual(["of-member", "of-owner"]);
      await leave(store, serverId, ann);
      expect(await usable(2)).toEqual(["of-owner"]);
    });

    test("bound what somebody who left reads of attachments, notifications, mentions and states", async () => {
      const { store, general, owner, bob, serverId, names } = here;
      const attachmentId = await createAttachment(store, owner);
      const mention = { attachmentIds: [attachmentId], mentionNames: [names.bob], content: `@${names.bob}` };
      await send(store, general, owner, mention);
      const read = async () => ({
        attachment: (await readableAttachment(store.db, attachmentId, bob)) !== undefined,
        notifications: (await inboxPage(store.db, bob, { before: undefined, limit: 10 })).notifications.length,
        mentions: (await mentionCounts(store.db, bob)).get(general) ?? 0,
        inServer: (await mentionCounts(store.db, bob, serverId)).get(general) ?? 0,
        elsewhere: (await mentionCounts(store.db, bob, elsewhere.serverId)).size,
        channels: await countChannelsOf(store.db, bob),
        announced: (await unreadIn(store.db, general, [bob]))[0]?.mentions ?? 0,
        servers: (await serverStates(store.db, bob, { now: 0 })).length,
      });
      const before = { attachment: true, notifications: 1, mentions: 1, announced: 1, servers: 1 };
      expect(await read()).toEqual({ ...before, inServer: 1, elsewhere: 0, channels: 3 });
      await leave(store, serverId, bob);
      const after = { attachment: false, notifications: 0, mentions: 0, announced: 0, servers: 0 };
      expect(await read()).toEqual({ ...after, inServer: 0, elsewhere: 0, channels: 0 });
    });
  });
}
