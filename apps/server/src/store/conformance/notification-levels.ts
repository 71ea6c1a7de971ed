import { resolveNotifications, type NotificationLevel, type NotificationScope } from "@miscord/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeNotificationLevel, notificationSettings, type LevelChange } from "../queries/notification-levels.ts";
import { mentionCounts, unreadIn } from "../queries/unread.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createWorld, send, type World } from "./world.ts";

const at = 1_700_000_000_000;
const levels: (NotificationLevel | null)[] = [null, "all", "mentions", "nothing"];
const mutes = [null, at - 1, at, at + 1];
const choices = [null, 0, 1];

/** The setting with this number, of all that there are. */
function choiceOf(number: number): Required<LevelChange> {
  return {
    level: levels[number % 4]!,
    muted_until: mutes[Math.floor(number / 4) % 4]!,
    suppress_everyone: choices[Math.floor(number / 16) % 3]!,
    suppress_roles: choices[Math.floor(number / 8) % 3]!,
  };
}

export function describeNotificationLevels(open: OpenStore): void {
  describe("notification levels", () => {
    let fixture: StoreUnderTest;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(() => fixture.cleanUp());

    const scopesOf = ({ serverId, general }: World): readonly NotificationScope[] => [
      { kind: "account" },
      { kind: "server", id: serverId },
      { kind: "channel", id: general },
    ];

    async function storedOf({ store }: World, messageId: number, userId: number) {
      return store.db
        .selectFrom("notifications")
        .where("message_id", "=", messageId)
        .where("user_id", "=", userId)
        .select(["kind", "read_at"])
        .executeTakeFirst();
    }

    test("[S10] what is stored for a mention and for @everyone follows the setting that inheritance gives", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, bob, ann, names } = world;
      // Steps that share no factor with the number of settings meet every one in every scope, in ever new company.
      for (let step = 0; step < 48; step += 1) {
        const chosen = [step * 5, step * 7 + 3, step * 11 + 1].map(choiceOf);
        for (const [index, scope] of scopesOf(world).entries()) {
          await changeNotificationLevel(store.db, bob, scope, chosen[index]!);
        }
        const settings = await notificationSettings(store.db, bob);
        const chain = ["account", `server:${world.serverId}`, `channel:${general}`].map((scope) => settings.get(scope));
        const { isSilenced, suppressesEveryone } = resolveNotifications(chain, at);
        const named = await send(store, general, owner, { mentionNames: [names.bob], at });
        const everyone = await send(store, general, owner, { mentionsEveryone: true, at });
        const read_at = isSilenced ? at : null;
        const label = JSON.stringify(chosen);
        expect(await storedOf(world, named.id, bob), label).toEqual({ kind: "mention", read_at });
        expect(await storedOf(world, everyone.id, bob), label).toEqual(
          suppressesEveryone ? undefined : { kind: "everyone", read_at },
        );
        // Nobody else's notifications are touched.
        expect(await storedOf(world, everyone.id, ann)).toEqual({ kind: "everyone", read_at: null });
      }
    });

    test("[S10] mentions of everyone count as unread mentions unless they are suppressed, mutes notwithstanding", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, owner, bob, names } = world;
      await send(store, general, owner, { mentionNames: [names.bob], at });
      await send(store, general, owner, { mentionsEveryone: true, at });
      const counts = async () => [
        (await mentionCounts(store.db, bob)).get(general),
        (await unreadIn(store.db, general, [bob]))[0]!.mentions,
      ];
      const [account, server, channel] = scopesOf(world);
      await changeNotificationLevel(store.db, bob, server!, { level: "nothing", muted_until: at * 2 });
      expect(await counts()).toEqual([2, 2]);
      await changeNotificationLevel(store.db, bob, account!, { suppress_everyone: 1 });
      expect(await counts()).toEqual([1, 1]);
      await changeNotificationLevel(store.db, bob, channel!, { suppress_everyone: 0 });
      expect(await counts()).toEqual([2, 2]);
    });

    test("[S10] a change sets its own fields only, and the rows of a channel go with it", async () => {
      const world = await createWorld(fixture.store);
      const { store, general, bob } = world;
      const scope = { kind: "channel", id: general } as const;
      await changeNotificationLevel(store.db, bob, scope, { level: "all", suppress_everyone: 1 });
      const changed = await changeNotificationLevel(store.db, bob, scope, { level: null, muted_until: at });
      const muted_until = new Date(at).toISOString();
      expect(changed).toEqual({ level: null, muted_until, suppress_everyone: true, suppress_roles: null });
      await store.db.deleteFrom("channels").where("id", "=", general).execute();
      expect([...(await notificationSettings(store.db, bob)).keys()]).toEqual([]);
    });
  });
}
