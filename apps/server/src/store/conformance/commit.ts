import type { ChannelEvent } from "@miscord/protocol";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import type { LogOutcome } from "../contract.ts";
import { deleting, editing, reacting, sending } from "./commands.ts";
import { commit, createWorld, refusal, send, type World } from "./world.ts";

export function describeCommit(open: OpenStore): void {
  describe("group commit", () => {
    let fixture: StoreUnderTest;
    let world: World;
    let events: ChannelEvent[];
    beforeAll(async () => {
      fixture = await open();
      await fixture.poison();
    });
    beforeEach(async () => {
      world = await createWorld(fixture.store);
      events = [];
      fixture.store.log.onCommitted((outcome) => void (outcome.event && events.push(outcome.event)));
    });
    afterAll(() => fixture.cleanUp());

    test("[L1] positions have no gaps in any channel when many users send at once", async () => {
      const { store, general, random, ann, bob } = world;
      const outcomes = await Promise.all(
        Array.from({ length: 700 }, (_, index) => {
          const command = sending(index % 3 ? general : random, index % 2 ? ann : bob, { nonce: `n${index % 600}` });
          return store.log.commit(index % 7 ? command : { ...command, replyToId: 999_999_999 });
        }),
      );
      for (const channelId of [general, random]) {
        const seqs = events.filter((event) => event.channel_id === channelId).map((event) => event.seq);
        expect(seqs).toEqual(seqs.map((_, index) => index + 1));
        expect((await store.log.changesSince(channelId, 0, 10_000)).seq).toBe(seqs.length);
      }
      const sent = outcomes.filter((outcome) => outcome.ok && outcome.event);
      expect(sent).toHaveLength(events.length);
    });

    test("[L4] a refused command takes no position and does not affect other commands of its transaction", async () => {
      const { store, general, ann, stranger } = world;
      const outcomes = await Promise.all([
        store.log.commit(sending(general, ann, { content: "one" })),
        store.log.commit(sending(general, stranger)),
        store.log.commit(sending(general, ann, { content: " " })),
        store.log.commit(editing(999_999_999, ann, "what")),
        store.log.commit(sending(general, ann, { content: "two" })),
      ]);
      const results = outcomes.map((outcome) => (outcome.ok ? outcome.event?.seq : outcome.code));
      expect(results).toEqual([1, "not_found", "invalid_request", "not_found", 2]);
      const { messages } = await store.log.history(general, { limit: 10 });
      expect(messages.map((message) => message.content)).toEqual(["one", "two"]);
    });

    test("[L5] when the database fails, all commands of the transaction reject and none is stored", async () => {
      const { store, general, ann } = world;
      await send(store, general, ann, { content: "before" });
      events.length = 0;
      const settled = await Promise.allSettled(
        ["good", "poison", "also good"].map((content) =>
          store.log.commit(sending(general, ann, { content, nonce: content })),
        ),
      );
      expect(settled.map((result) => result.status)).toEqual(["rejected", "rejected", "rejected"]);
      expect(events).toEqual([]);

      const again = await send(store, general, ann, { content: "good", nonce: "good" });
      expect(again.seq).toBe(2);
      const { messages, seq } = await store.log.history(general, { limit: 10 });
      expect(messages.map((message) => message.content)).toEqual(["before", "good"]);
      expect(seq).toBe(2);
    });

    test("[L6] the listener sees each event once, in order, before the promise of its command resolves", async () => {
      const { store, general, ann } = world;
      const trace: string[] = [];
      store.log.onCommitted((outcome) => trace.push(`event ${outcome.event?.seq}`));
      await Promise.all(
        Array.from({ length: 40 }, async () => {
          const { seq } = await send(store, general, ann);
          expect(trace).toContain(`event ${seq}`);
          trace.push(`resolved ${seq}`);
        }),
      );
      const order = (kind: string) =>
        trace.filter((line) => line.startsWith(kind)).map((line) => Number(line.split(" ")[1]));
      const expected = Array.from({ length: 40 }, (_, index) => index + 1);
      expect(order("event")).toEqual(expected);
      expect(order("resolved")).toEqual(expected);
    });

    test("[L2] every change takes the next position, a command that changes nothing takes none", async () => {
      const { store, general, ann, bob } = world;
      const { id } = await send(store, general, ann, { content: "first" });
      const commands = [
        reacting(id, bob, "👍"),
        reacting(id, bob, "👍"),
        editing(id, ann, "second"),
        editing(id, ann, "second"),
        reacting(id, bob, "👍", false),
        reacting(id, bob, "👍", false),
        deleting(id, ann),
        deleting(id, ann),
      ];
      const outcomes: LogOutcome[] = [];
      for (const command of commands) outcomes.push(await store.log.commit(command));
      const seqs = outcomes.map((outcome) => (outcome.ok ? (outcome.event?.seq ?? null) : outcome.code));
      expect(seqs).toEqual([2, null, 3, null, 4, null, 5, null]);
      expect(events.map((event) => event.type)).toEqual([
        "new_message",
        "reaction_updated",
        "message_edited",
        "reaction_updated",
        "message_deleted",
      ]);
    });

    test("[L7] commands of one transaction see the effects of those before them", async () => {
      const { store, general, ann, bob } = world;
      const { id } = await send(store, general, ann, { content: "text" });
      const outcomes = await Promise.all(
        [
          reacting(id, ann, "🎉"),
          reacting(id, bob, "🎉"),
          editing(id, ann, "edited"),
          reacting(id, ann, "🎉", false),
          sending(general, bob, { replyToId: id, content: "a reply" }),
          deleting(id, ann),
          reacting(id, bob, "👍"),
          sending(general, bob, { replyToId: id, content: "too late" }),
        ].map((command) => store.log.commit(command)),
      );
      expect(outcomes.map((outcome) => (outcome.ok ? outcome.event?.seq : outcome.code))).toEqual([
        2,
        3,
        4,
        5,
        6,
        7,
        "not_found",
        "not_found",
      ]);
      const edited = outcomes[2]?.ok ? outcomes[2].message : null;
      expect(edited?.reactions).toEqual([{ emoji: "🎉", count: 2, user_ids: [ann, bob] }]);
      const reply = outcomes[4]?.ok ? outcomes[4].message : null;
      expect(reply?.reply_to).toMatchObject({ id, content: "edited", is_deleted: false });
      const { messages } = await store.log.history(general, { limit: 10 });
      expect(messages).toHaveLength(1);
      expect(messages[0]?.reply_to).toMatchObject({ id, content: "", is_deleted: true });
    });

    test("[L7] changes undone within one transaction leave no rows behind", async () => {
      const { store, general, ann, bob, names } = world;
      const { id } = await send(store, general, ann, { content: "text" });
      await commit(store, reacting(id, bob, "👍"));
      const changes = [
        reacting(id, ann, "🎉"),
        reacting(id, ann, "🎉", false),
        reacting(id, bob, "👍", false),
        reacting(id, bob, "👍"),
        reacting(id, bob, "👍", false),
        editing(id, ann, "with bob", [names.bob]),
        editing(id, ann, "without"),
      ];
      await Promise.all(changes.map((command) => commit(store, command)));
      expect(await store.log.message(id)).toMatchObject({
        content: "without",
        reactions: [],
        mentions: [],
        updated_seq: 9,
      });
      const notifications = await store.db
        .selectFrom("notifications")
        .select("id")
        .where("message_id", "=", id)
        .execute();
      expect(notifications).toEqual([]);
    });

    test("[L8] every command of a user who is not a member is refused with not_found", async () => {
      const { store, general, ann, stranger } = world;
      const { id } = await send(store, general, ann);
      const commands = [
        sending(general, stranger),
        editing(id, stranger, "x"),
        deleting(id, stranger),
        reacting(id, stranger, "👍"),
      ];
      for (const command of commands) expect(await refusal(store, command)).toBe("not_found");
    });
  });
}
