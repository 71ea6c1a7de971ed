import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertRings } from "../queries/calls.ts";
import { momentsQuery, nextMoments, type DueKind } from "../queries/due-work.ts";
import { insertExport } from "../queries/exports.ts";
import { insertImport } from "../queries/imports.ts";
import { putSaved } from "../queries/saved-messages.ts";
import { insertScheduled } from "../queries/scheduled-messages.ts";
import { updateUser } from "../queries/users.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { createWorld, send, type World } from "./world.ts";

const kinds: readonly DueKind[] = [
  "deletion",
  "export",
  "expired_export",
  "import",
  "mail",
  "push",
  "reminder",
  "ring",
  "scheduled_message",
];

export function describeDueWork(open: OpenStore): void {
  describe("due work", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    const moments = () => nextMoments(fixture.store.db, momentsQuery(fixture.store.db, kinds));

    test("[S10] the next moment of each kind is that of its earliest row that still waits, null where none does", async () => {
      const { general, ann, bob, owner } = world;
      const { db } = fixture.store;
      const first = await send(world.store, general, owner);
      const second = await send(world.store, general, owner);
      const none = Object.fromEntries(kinds.map((kind) => [kind, null]));
      expect(await moments()).toEqual(none);

      const waiting = { state: "ring", user_id: ann, subscription_id: 1, created_at: 1 } as const;
      await db
        .insertInto("pushes")
        .values([
          { ...waiting, due_at: null },
          { ...waiting, due_at: 12 },
        ])
        .execute();
      await db
        .insertInto("mails")
        .values({ user_id: ann, address: "a@x.org", kind: "digest", created_at: 1, due_at: 13 })
        .execute();
      await insertExport(db, { id: "waits", userId: ann, now: 14 });
      await db
        .insertInto("exports")
        .values({ id: "old", user_id: bob, status: "ready", created_at: 1, finished_at: 2, expires_at: 15 })
        .execute();
      await insertScheduled(
        db,
        {
          user_id: ann,
          channel_id: general,
          content: "later",
          reply_to_id: null,
          poll: null,
          send_at: 16,
          due_at: 16,
          created_at: 1,
        },
        50,
      );
      await putSaved(db, { userId: ann, messageId: first.id, remindAt: 17 }, 1);
      await putSaved(db, { userId: ann, messageId: second.id, remindAt: 3 }, 1);
      await db.updateTable("saved_messages").set({ reminded_at: 4 }).where("message_id", "=", second.id).execute();
      const ring = { channel_id: general, caller_id: ann, token: "t", is_silent: 0 };
      await insertRings(db, [
        { ...ring, user_id: bob, ends_at: 19 },
        { ...ring, user_id: owner, ends_at: 18 },
      ]);
      // Whoever owns a server keeps the account until somebody else does.
      await updateUser(db, owner, { deletion_at: 5 });
      await updateUser(db, bob, { deletion_at: 20 });
      const waits = { user_id: ann, created_at: 1, expires_at: null };
      await insertImport(db, { ...waits, id: "first", due_at: 21 });
      await db.updateTable("imports").set({ finished_at: 2 }).execute();
      await insertImport(db, { ...waits, id: "second", due_at: 22 });
      const found = await moments();
      expect(found).toEqual({
        push: 12,
        mail: 13,
        export: 14,
        expired_export: 15,
        scheduled_message: 16,
        reminder: 17,
        ring: 18,
        deletion: 20,
        import: 21,
      });
    });
  });
}
