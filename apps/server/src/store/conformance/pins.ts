import { limits } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PinCommand } from "../contract.ts";
import { auditEntries } from "../queries/audit-log.ts";
import { pinnedMessages } from "../queries/messages.ts";
import { putOverride, refreshRestricted } from "../queries/roles.ts";
import { deleting, editing } from "./commands.ts";
import { fold } from "./fold.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createWorld, refusal, send, type World } from "./world.ts";

export function describePins(open: OpenStore): void {
  describe("pins", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    const pinning = (messageId: number, fields: Partial<PinCommand> = {}): PinCommand => {
      return { kind: "pin", actorId: world.owner, channelId: world.general, messageId, on: true, at: 5_000, ...fields };
    };
    const pinned = async () => (await pinnedMessages(world.store.db, world.general)).messages.map(({ id }) => id);

    test("[L9] a pin is a change of the message, kept by an edit and ended by a deletion, which history shows", async () => {
      const { store, general, ann } = world;
      const [first, second] = [await send(store, general, ann), await send(store, general, ann)];
      const start = await store.log.history(general, { limit: 100 });
      const outcomes = [
        await commit(store, pinning(first.id)),
        await commit(store, pinning(second.id, { at: 6_000 })),
        await commit(store, editing(first.id, ann, "changed")),
      ];
      expect(await pinned()).toEqual([second.id, first.id]);
      outcomes.push(await commit(store, deleting(second.id, ann)));
      outcomes.push(await commit(store, pinning(first.id, { on: false })));
      const events = outcomes.flatMap(({ event, line }) => [event!, ...(line ? [line.event!] : [])]);
      const folded = events.reduce((messages, event) => fold(messages, event), start.messages);
      expect(folded).toEqual((await store.log.history(general, { limit: 100 })).messages);
      expect(await pinned()).toEqual([]);
      // What is so already takes no position.
      expect((await commit(store, pinning(first.id, { on: false }))).event).toBeNull();
      const page = { serverId: world.serverId, limit: 3, looksAt: 100, action: "message_pin" as const };
      const { entries } = await auditEntries(store.db, { userId: world.owner, seesAll: true }, page);
      expect(entries).toMatchObject([{ actor: { id: world.owner }, user: { id: ann }, channel_id: general }, {}]);
    });

    test("[L6] a pin leaves a line of who has pinned what, which nothing makes a message, and taking it away leaves none", async () => {
      const { store, general, ann, owner } = world;
      const { id } = await send(store, general, ann);
      const { line, event } = await commit(store, pinning(id));
      const shown = line!.message!;
      expect(line!.event).toMatchObject({ type: "new_message", seq: event!.seq + 1, data: shown });
      expect(shown).toMatchObject({
        notice: "pin",
        content: "",
        author: { id: owner },
        reply_to: { id },
        mentions: [],
      });
      expect([line!.notified, line!.recipients]).toEqual([[], null]);
      for (const command of [editing(shown.id, owner, "words"), pinning(shown.id)]) {
        expect(await refusal(store, command)).toBe("invalid_request");
      }
      expect((await commit(store, pinning(id))).line).toBeNull();
      expect((await commit(store, pinning(id, { on: false }))).line).toBeNull();
      await commit(store, deleting(shown.id, owner));
      const { messages } = await store.log.history(general, { limit: 100 });
      expect(messages.some((message) => message.id === shown.id)).toBe(false);
    });

    test("[L18] however many pins run at once, a channel takes 50, and one more for each that goes", async () => {
      const { store, general, ann } = world;
      const messages = await Promise.all(Array.from({ length: 60 }, () => send(store, general, ann)));
      const outcomes = await Promise.all(messages.map(({ id }) => store.log.commit(pinning(id))));
      expect(outcomes.filter(({ ok }) => ok)).toHaveLength(limits.pinsPerChannel);
      const spare = messages.find((_one, index) => !outcomes[index]!.ok)!.id;
      expect(await refusal(store, pinning(spare))).toBe("limit_reached");
      const [first] = await pinned();
      await Promise.all([store.log.commit(deleting(first!, ann)), store.log.commit(pinning(spare))]);
      expect(await pinned()).toHaveLength(limits.pinsPerChannel);
    });

    test("[L8] only who may pin in the channel pins, and only what is in it", async () => {
      const { store, serverId, random, ann, stranger, admin } = world;
      const { id } = await send(store, random, ann);
      expect(await refusal(store, pinning(id))).toBe("not_found");
      const inPlace = { channelId: random };
      for (const actorId of [stranger, admin]) {
        expect(await refusal(store, pinning(id, { ...inPlace, actorId }))).toBe("not_found");
      }
      expect(await refusal(store, pinning(id, { ...inPlace, actorId: ann }))).toBe("forbidden");
      const allow = (bits: number) =>
        store.db.transaction().execute(async (db) => {
          await putOverride(db, random, { type: "member", target_id: ann, allow: bits, deny: 0 });
          await refreshRestricted(db, serverId);
        });
      await allow(bitsOf("manageMessages"));
      expect(await refusal(store, pinning(id, { ...inPlace, actorId: ann }))).toBe("forbidden");
      await allow(bitsOf("pinMessages"));
      await commit(store, pinning(id, { ...inPlace, actorId: ann }));
      await commit(store, deleting(id, ann));
      expect(await refusal(store, pinning(id, inPlace))).toBe("not_found");
    });
  });
}
