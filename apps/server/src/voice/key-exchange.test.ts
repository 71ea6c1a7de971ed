import type { KeyEvent } from "@miscord/protocol";
import { beforeEach, expect, test } from "vitest";
import { openKeyExchange } from "../testing/key-exchange.ts";
import { ManualClock } from "../testing/manual-clock.ts";

type Wanted = Extract<KeyEvent, { type: "keys_wanted" }>;

let clock: ManualClock;
let exchange: ReturnType<typeof openKeyExchange>;
let received: Map<number, KeyEvent[]>;
const [ann, bob, cid, dan] = [1, 2, 3, 4] as const;

beforeEach(() => {
  clock = new ManualClock();
  received = new Map([ann, bob, cid, dan].map((userId) => [userId, []]));
  exchange = openKeyExchange(clock, () => [...received.keys()].map(holder));
});

function holder(userId: number) {
  const receive = (event: KeyEvent) => void received.get(userId)?.push(event);
  return { userId, session: `call ${userId}`, isConnected: true, receive };
}

function join(userId: number, group: { group_id: string; epoch: number } | null = null): void {
  exchange.receive(holder(userId), { type: "keys_join", key_package: `AA0${userId}`, group });
}

const asked = (userId: number) =>
  (received.get(userId) ?? []).filter((event): event is Wanted => event.type === "keys_wanted");

/** Answers the latest question. */
function answer(userId: number, added: readonly number[], question = asked(userId).at(-1)!): void {
  const { group_id, epoch } = question;
  const welcome = added.length > 0 ? "DDDD" : null;
  exchange.receive(holder(userId), {
    type: "keys_commit",
    group_id,
    epoch,
    commit: "CCCC",
    welcome,
    added: [...added],
  });
}

function leave(userId: number): void {
  received.delete(userId);
  exchange.left(userId);
}

/** Ann has begun a group, and has added the others. */
function enterAll(): void {
  for (const userId of [ann, bob, cid, dan]) join(userId);
  answer(ann, [bob]);
  answer(ann, [cid, dan]);
}

test("nobody is asked again for a package that could not be used, until there is another one", () => {
  join(ann);
  join(bob);
  answer(ann, []);
  expect(asked(ann)).toHaveLength(1);
  join(bob);
  expect(asked(ann)).toHaveLength(2);
});

test("a late answer to a question of before leaves whoever has gone since to the next question", () => {
  enterAll();
  leave(dan);
  const first = asked(ann).at(-1)!;
  leave(cid);
  clock.advance(5_000);
  expect(asked(bob).at(-1)?.members).toHaveLength(2);
  answer(ann, [], first);
  const last = asked(bob).at(-1)!;
  expect(last).toMatchObject({ epoch: first.epoch + 1, members: [{ user_id: ann }, { user_id: bob }] });
});

test("a member whose answer was lost with its connection is asked once more", () => {
  enterAll();
  leave(dan);
  leave(cid);
  leave(bob);
  const { group_id, epoch } = asked(ann).at(-1)!;
  const questions = asked(ann).length;
  clock.advance(5_000);
  join(ann, { group_id, epoch });
  expect(asked(ann)).toHaveLength(questions + 1);
});

const groupOf = (userId: number) => {
  const { group_id, epoch } = asked(userId).at(-1)!;
  return { group_id, epoch };
};

test("who is asked and says only that they are there, again and again, is passed over", () => {
  enterAll();
  leave(dan);
  for (let times = 0; times < 3; times += 1) {
    join(ann, groupOf(ann));
    clock.advance(5_000);
  }
  expect(asked(bob)).toHaveLength(1);
});

test("who was not added by the member who was asked for it has a second chance with another one, and no third", () => {
  for (const userId of [ann, bob, cid]) join(userId);
  answer(ann, [bob]);
  answer(ann, [cid]);
  join(dan);
  answer(ann, []);
  expect(asked(bob).at(-1)?.joining).toMatchObject([{ user_id: dan }]);
  const questions = [ann, bob, cid].map((userId) => asked(userId).length);
  answer(bob, []);
  expect([ann, bob, cid].map((userId) => asked(userId).length)).toEqual(questions);
});

test("another member makes the next change after one that somebody could not follow", () => {
  enterAll();
  leave(dan);
  answer(ann, []);
  join(cid);
  expect(asked(bob).at(-1)?.joining).toMatchObject([{ user_id: cid }]);
});

test("those who cannot follow the only member left begin another group, in which others are asked before that member", () => {
  enterAll();
  leave(dan);
  answer(ann, []);
  for (const userId of [bob, cid]) join(userId);
  expect(received.get(bob)!.at(-2)).toMatchObject({ type: "keys_create" });
  expect(received.get(ann)!.at(-1)).toMatchObject({ type: "keys_lost" });
  answer(bob, [cid]);
  join(ann);
  expect(asked(bob).at(-1)?.joining).toMatchObject([{ user_id: ann }]);
});
