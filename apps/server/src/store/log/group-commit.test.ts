import { expect, test } from "vitest";
import { OverloadError } from "../../errors.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { sending } from "../conformance/commands.ts";
import type { LogCommand, LogOutcome } from "../contract.ts";
import { GroupCommit } from "./group-commit.ts";
import { committed } from "./outcome.ts";

const rights = {
  name: "general",
  everyone_role_id: 1,
  everyone: 0,
  overrides: null,
  restricted: 0,
  hidden_from_some: 0,
  raid_since: null,
  raid_until: null,
  verify_account_minutes: 0,
  verify_member_minutes: 0,
  has_rules: 0,
  slow_mode_s: 0,
  last_sends: null,
  automod_version: 0,
  parent_id: null,
  active_at: null,
  archive_after_s: null,
  archived: 0,
  locked: 0,
};
const channel = { id: 1, server_id: 1, owner_id: 1, type: "text", seq: 0, last_message_seq: 0, ...rights };

const data = { message_id: 1, channel_id: 1, text_channel_id: 1 };
const event = { type: "message_deleted", channel_id: 1, seq: 1, data } as const;

/** A database whose transactions end when the test calls `finish` or `fail`. */
class SlowDatabase {
  readonly transactions: { commands: readonly LogCommand[]; finish(): void; fail(error: Error): void }[] = [];

  readonly transact = (commands: readonly LogCommand[]) =>
    new Promise<LogOutcome[]>((resolve, reject) => {
      this.transactions.push({
        commands,
        finish: () => resolve(commands.map(() => committed(channel, { event }))),
        fail: reject,
      });
    });

  get sizes(): number[] {
    return this.transactions.map((transaction) => transaction.commands.length);
  }
}

const command = sending(1, 1);
/** Commits one command, as the first transaction never waits. */
async function commitFirst(log: GroupCommit, database: SlowDatabase): Promise<void> {
  const first = log.commit(command);
  await turn();
  database.transactions[0]?.finish();
  await first;
}

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));
const settings = (intervalMs = 0, clock = new ManualClock()) => ({
  perTransaction: 100,
  waitingAtMost: 100,
  onListenerError: () => {},
  clock,
  pace: { count: () => {}, intervalMs: () => intervalMs },
});

test("commands that arrive during a transaction share the next one, up to perTransaction", async () => {
  const database = new SlowDatabase();
  const log = new GroupCommit(database.transact, { ...settings(), perTransaction: 4 });
  const results = [log.commit(command), log.commit(command)];
  await turn();
  results.push(...Array.from({ length: 6 }, () => log.commit(command)));
  await turn();
  expect(database.sizes).toEqual([2]);
  database.transactions[0]?.finish();
  await turn();
  database.transactions[1]?.finish();
  await turn();
  database.transactions[2]?.finish();
  expect(await Promise.all(results)).toHaveLength(8);
  expect(database.sizes).toEqual([2, 4, 2]);
});

test("a command beyond waitingAtMost is refused at once, later ones are accepted when there is room", async () => {
  const database = new SlowDatabase();
  const log = new GroupCommit(database.transact, { ...settings(), perTransaction: 4, waitingAtMost: 3 });
  const running = log.commit(command);
  await turn();
  const waiting = [1, 2, 3].map(() => log.commit(command));
  // The circuit breaker counts other refusals of this kind, and would refuse everything.
  await expect(log.commit(command)).rejects.toBeInstanceOf(OverloadError);
  database.transactions[0]?.finish();
  await running;
  waiting.push(log.commit(command));
  database.transactions[1]?.finish();
  await turn();
  database.transactions[2]?.finish();
  expect(await Promise.all(waiting)).toHaveLength(4);
});

test("a failed transaction rejects its own commands only", async () => {
  const database = new SlowDatabase();
  const log = new GroupCommit(database.transact, { ...settings(), perTransaction: 2 });
  const results = Promise.allSettled([1, 2, 3].map(() => log.commit(command)));
  await turn();
  database.transactions[0]?.fail(new Error("disk full"));
  await turn();
  database.transactions[1]?.finish();
  expect((await results).map((result) => result.status)).toEqual(["rejected", "rejected", "fulfilled"]);
});

test("close waits for accepted commands and refuses later ones", async () => {
  const database = new SlowDatabase();
  const log = new GroupCommit(database.transact, { ...settings(), perTransaction: 2 });
  const accepted = log.commit(command);
  const closed = log.close();
  await expect(log.commit(command)).rejects.toMatchObject({ code: "unavailable" });
  await turn();
  database.transactions[0]?.finish();
  await closed;
  expect(await accepted).toMatchObject({ ok: true });
});

test("a listener that throws is reported and all commands resolve", async () => {
  const database = new SlowDatabase();
  const errors: unknown[] = [];
  const log = new GroupCommit(database.transact, {
    ...settings(),
    onListenerError: (error) => errors.push(error),
  });
  const seen: number[] = [];
  log.onCommitted(({ channelId }) => {
    seen.push(channelId);
    throw new Error("cannot publish");
  });
  const results = [log.commit(command), log.commit(command)];
  await turn();
  database.transactions[0]?.finish();
  expect(await Promise.all(results)).toHaveLength(2);
  expect(seen).toEqual([1, 1]);
  expect(errors).toHaveLength(2);
});

test("the first command after a pause starts at once, later ones share a transaction at the end of the interval", async () => {
  const clock = new ManualClock();
  const database = new SlowDatabase();
  const log = new GroupCommit(database.transact, settings(20, clock));
  const commit = (authorId: number) => log.commit(sending(1, authorId));
  await commitFirst(log, database);
  clock.advance(5);
  const later = [commit(2), commit(3)];
  clock.advance(19);
  later.push(commit(4));
  await turn();
  expect(database.sizes).toEqual([1]);
  clock.advance(1);
  await turn();
  expect(database.transactions[1]?.commands).toMatchObject([{ authorId: 2 }, { authorId: 3 }, { authorId: 4 }]);
  database.transactions[1]?.finish();
  await Promise.all(later);
  clock.advance(20);
  const lone = commit(5);
  await turn();
  database.transactions[2]?.finish();
  expect(await lone).toMatchObject({ ok: true });
  expect(clock.pending).toBe(0);
});

test("commands read late in one turn wait as if they had arrived evenly", async () => {
  const clock = new ManualClock();
  const database = new SlowDatabase();
  const log = new GroupCommit(database.transact, settings(20, clock));
  await commitFirst(log, database);
  clock.advance(15);
  const results = Array.from({ length: 11 }, () => log.commit(command));
  clock.advance(6);
  await turn();
  expect(database.sizes).toEqual([1]);
  clock.advance(1);
  await turn();
  database.transactions[1]?.finish();
  expect(await Promise.all(results)).toHaveLength(11);
  expect(clock.pending).toBe(0);
});

/** Transactions gather for 20 ms; the second command comes before the first one's transaction has ended. */
async function secondWhileFirstRuns() {
  const clock = new ManualClock();
  const database = new SlowDatabase();
  const log = new GroupCommit(database.transact, settings(20, clock));
  const results = [log.commit(command)];
  await turn();
  results.push(log.commit(command));
  return { clock, database, results };
}

test("a command that arrives during a transaction longer than the interval starts when that ends", async () => {
  const { clock, database, results } = await secondWhileFirstRuns();
  clock.advance(30);
  database.transactions[0]?.finish();
  await turn();
  database.transactions[1]?.finish();
  expect(await Promise.all(results)).toHaveLength(2);
});

test("a command that arrives during a transaction shorter than the interval waits for the interval", async () => {
  const { clock, database, results } = await secondWhileFirstRuns();
  database.transactions[0]?.finish();
  await turn();
  expect(database.sizes).toEqual([1]);
  clock.advance(20);
  await turn();
  database.transactions[1]?.finish();
  expect(await Promise.all(results)).toHaveLength(2);
});

test("a transaction already due starts although the interval grows in the same turn", async () => {
  const database = new SlowDatabase();
  let intervalMs = 0;
  const pace = { count: () => {}, intervalMs: () => intervalMs };
  const log = new GroupCommit(database.transact, { ...settings(), pace });
  await commitFirst(log, database);
  const second = log.commit(command);
  intervalMs = 20;
  const third = log.commit(command);
  await turn();
  database.transactions[1]?.finish();
  expect(await Promise.all([second, third])).toHaveLength(2);
});

test("a full group of commands starts before the interval ends", async () => {
  const database = new SlowDatabase();
  const log = new GroupCommit(database.transact, settings(20));
  await commitFirst(log, database);
  const results = Array.from({ length: 40 }, () => log.commit(command));
  await turn();
  database.transactions[1]?.finish();
  expect(await Promise.all(results)).toHaveLength(40);
  expect(database.sizes).toEqual([1, 40]);
});

test("close commits waiting commands before the interval ends", async () => {
  const clock = new ManualClock();
  const database = new SlowDatabase();
  const log = new GroupCommit(database.transact, settings(20, clock));
  await commitFirst(log, database);
  const gathering = log.commit(command);
  const closed = log.close();
  await turn();
  database.transactions[1]?.finish();
  await closed;
  expect(await gathering).toMatchObject({ ok: true });
  expect(clock.pending).toBe(0);
});
