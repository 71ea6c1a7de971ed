import type { Poll } from "@miscord/protocol";
import { bitsOf } from "@miscord/rights";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogCommand, PollFields, VoteCommand } from "../contract.ts";
import { pollOf, voteOf, votersOf } from "../queries/polls.ts";
import { putOverride, refreshRestricted } from "../queries/roles.ts";
import { deleting, editing, reacting, sending } from "./commands.ts";
import { fold } from "./fold.ts";
import type { OpenStore, StoreUnderTest } from "./store-under-test.ts";
import { commit, createPerson, createWorld, refusal, send, type World } from "./world.ts";

const at = 1_700_000_000_000;
const lunch: PollFields = { answers: ["soup", "salad", "cake"], multiple: false, anonymous: false, durationMs: 60_000 };

export function describePolls(open: OpenStore): void {
  describe("polls", () => {
    let fixture: StoreUnderTest;
    let world: World;
    beforeAll(async () => {
      fixture = await open();
      world = await createWorld(fixture.store);
    });
    afterAll(() => fixture.cleanUp());

    const ask = (fields: Partial<PollFields> = {}) => {
      return send(world.store, world.general, world.ann, { content: "Lunch?", poll: { ...lunch, ...fields } });
    };
    const voting = (messageId: number, actorId: number, answers: number[], fields: Partial<VoteCommand> = {}) => {
      return { kind: "vote", actorId, messageId, answers, at: at + 1, ...fields } satisfies VoteCommand;
    };
    const closing = (messageId: number, actorId: number): LogCommand => {
      return { kind: "closePoll", actorId, messageId, at: at + 10 };
    };
    const result = async (messageId: number): Promise<Poll> => (await world.store.log.message(messageId))!.poll!;
    const votes = ({ answers, voters }: Poll) => [...answers.map((answer) => answer.votes), voters];

    test("[L9] a vote is a change of the message, which history shows; who chose what is apart from it", async () => {
      const { store, general, ann, bob, owner } = world;
      const start = await store.log.history(general, { limit: 100 });
      const asked = await commit(
        store,
        sending(general, ann, { content: "Lunch?", poll: { ...lunch, multiple: true } }),
      );
      const { id } = asked.message!;
      const outcomes = [
        asked,
        await commit(store, voting(id, bob, [0, 2])),
        await commit(store, voting(id, ann, [2])),
        await commit(store, reacting(id, bob, "👍")),
        await commit(store, voting(id, bob, [1])),
        await commit(store, voting(id, owner, [0])),
        await commit(store, voting(id, owner, [])),
        await commit(store, closing(id, ann)),
      ];
      const folded = outcomes.reduce((messages, { event }) => fold(messages, event!), start.messages);
      expect(folded).toEqual((await store.log.history(general, { limit: 100 })).messages);
      expect(await result(id)).toEqual({
        answers: [
          { text: "soup", votes: 0 },
          { text: "salad", votes: 1 },
          { text: "cake", votes: 1 },
        ],
        multiple: true,
        anonymous: false,
        ends_at: new Date(at + 10).toISOString(),
        voters: 2,
      });
      expect(await voteOf(store.db, id, bob)).toEqual({ answers: [1], seq: outcomes[4]!.event!.seq });
      expect(await voteOf(store.db, id, owner)).toMatchObject({ answers: [] });
      expect((await votersOf(store.db, { messageId: id, answer: 1, after: 0 }, 10)).users).toMatchObject([{ id: bob }]);
      // The same choice takes no position.
      expect((await commit(store, voting(id, bob, [1], { isPart: true }))).event).toBeNull();
      await commit(store, deleting(id, ann));
      expect(await pollOf(store.db, id)).toBeUndefined();
      expect(await voteOf(store.db, id, bob)).toEqual({ answers: [], seq: 0 });
    });

    test("[L21] a thousand people who vote at once, twice each, are counted exactly, in far fewer events", async () => {
      const { store, serverId } = world;
      const { id, channel_id: channelId } = await ask();
      const people = await crowd(world, serverId, 1_000);
      const start = await store.log.history(channelId, { limit: 100 });
      const events: number[] = [];
      const cast = people.flatMap((person, index) => [
        store.log.commit(voting(id, person, [index % 2])),
        store.log.commit(voting(id, person, [index % 3])),
      ]);
      for (const outcome of await Promise.all(cast)) {
        if (!outcome.ok) throw new Error(`A vote was refused: ${outcome.message}`);
        if (outcome.event) events.push(outcome.event.seq);
      }
      expect(votes(await result(id))).toEqual([334, 333, 333, 1_000]);
      const ballots = await store.db.selectFrom("ballots").where("message_id", "=", id).select("answers").execute();
      expect(ballots).toHaveLength(1_000);
      expect(["0", "1", "2"].map((place) => ballots.filter(({ answers }) => answers === place).length)).toEqual([
        334, 333, 333,
      ]);
      expect(events.length).toBeLessThan(200);
      // Positions without gaps, the last of them that of the message.
      expect(events).toEqual(events.map((_seq, index) => start.seq + 1 + index));
      expect(await store.log.message(id)).toMatchObject({ updated_seq: events.at(-1) });
    });

    test("[L21] votes of one transaction share an event with the result of all, unless the message changes in between", async () => {
      const { store, general, ann, bob, owner } = world;
      const { id } = await ask();
      const start = await store.log.history(general, { limit: 100 });
      const outcomes = await Promise.all([
        commit(store, voting(id, bob, [0])),
        commit(store, voting(id, ann, [0])),
        commit(store, reacting(id, bob, "👍")),
        commit(store, voting(id, owner, [1])),
      ]);
      const folded = outcomes.reduce(
        (messages, { event }) => (event ? fold(messages, event) : messages),
        start.messages,
      );
      expect(folded).toEqual((await store.log.history(general, { limit: 100 })).messages);
      expect(votes(await result(id))).toEqual([2, 1, 0, 3]);
    });

    test("[L8, L21] only who may react or write votes, for answers that there are, until the end", async () => {
      const { store, serverId, general, ann, bob, stranger, admin } = world;
      const { id } = await ask();
      for (const actorId of [stranger, admin]) {
        expect(await refusal(store, voting(id, actorId, [0]))).toBe("not_found");
      }
      expect(await refusal(store, closing(id, stranger))).toBe("not_found");
      expect(await refusal(store, voting(id, bob, [3]))).toBe("invalid_request");
      expect(await refusal(store, voting(id, bob, [0, 1]))).toBe("invalid_request");
      expect(await refusal(store, closing(id, bob))).toBe("forbidden");
      expect(await refusal(store, voting(id, bob, [0], { at: at + 60_000 }))).toBe("conflict");
      const deny = (bits: number) =>
        store.db.transaction().execute(async (db) => {
          await putOverride(db, general, { type: "member", target_id: bob, allow: 0, deny: bits });
          await refreshRestricted(db, serverId);
        });
      await deny(bitsOf("sendMessages"));
      await commit(store, voting(id, bob, [0]));
      expect(await refusal(store, sending(general, bob, { poll: lunch }))).toBe("forbidden");
      await deny(bitsOf("sendMessages", "addReactions"));
      expect(await refusal(store, voting(id, bob, [1]))).toBe("forbidden");
      await deny(0);
      await commit(store, closing(id, ann));
      expect(await refusal(store, voting(id, bob, [1], { at: at + 11 }))).toBe("conflict");
      expect(await refusal(store, editing(id, ann, "Dinner?"))).toBe("invalid_request");
      const plain = await send(store, general, ann);
      expect(await refusal(store, voting(plain.id, bob, [0]))).toBe("not_found");
      expect(await refusal(store, sending(general, ann, { content: " ", poll: lunch }))).toBe("invalid_request");
    });

    test("[L22] an edit keeps the former text until the message is deleted", async () => {
      const { store, general, ann } = world;
      const { id } = await send(store, general, ann, { content: "one" });
      for (const text of ["two", "three"]) await commit(store, editing(id, ann, text));
      const texts = () => store.db.selectFrom("earlier_texts").where("message_id", "=", id).select("content").execute();
      expect((await texts()).map(({ content }) => content)).toEqual(["one", "two"]);
      for (let index = 0; index < 60; index += 1) await commit(store, editing(id, ann, `edit ${index}`));
      expect((await texts()).map(({ content }) => content)).toEqual(
        Array.from({ length: 50 }, (_, index) => `edit ${index + 9}`),
      );
      await commit(store, deleting(id, ann));
      expect(await texts()).toEqual([]);
    });
  });
}

/** Members of the server, made with few statements. */
async function crowd({ store }: World, serverId: number, count: number): Promise<number[]> {
  const first = await createPerson(store, `voter-${serverId}`);
  const row = await store.db.selectFrom("users").where("id", "=", first).selectAll().executeTakeFirstOrThrow();
  const { id: _id, ...fields } = row;
  const ids: number[] = [];
  for (let start = 0; start < count; start += 25) {
    const rows = Array.from({ length: Math.min(25, count - start) }, (_, index) => {
      const name = `voter-${serverId}-${start + index}`;
      return { ...fields, username: name, username_key: name, username_skeleton: name, email: `${name}@example.org` };
    });
    const made = await store.db.insertInto("users").values(rows).returning("id").execute();
    const members = made.map(({ id }) => ({ server_id: serverId, user_id: id, joined_at: 1 }));
    await store.db.insertInto("members").values(members).execute();
    ids.push(...made.map(({ id }) => id));
  }
  return ids;
}
