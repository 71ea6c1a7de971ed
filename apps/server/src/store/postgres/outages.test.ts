import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../errors.ts";
import { ManualClock } from "../../testing/manual-clock.ts";
import { startPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { TestClient } from "../../testing/test-client.ts";
import { startTestServer } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { sending } from "../conformance/commands.ts";
import { createWorld, send } from "../conformance/world.ts";
import type { Store } from "../contract.ts";
import { openPostgresStore } from "./open-postgres-store.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.dispose());

const cutConnections = () =>
  postgres.run("select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'miscord'");

/** Sends until the database has taken it; the nonce makes repetitions safe. */
async function sendUntilTaken(store: Store, channelId: number, authorId: number, nonce: string) {
  for (;;) {
    try {
      return await send(store, channelId, authorId, { nonce });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "unavailable") throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

test("a store whose connections are cut under load comes back by itself, with every message once and no gap", async () => {
  const store = await openPostgresStore({ url: postgres.createDatabase() });
  const { general, ann } = await createWorld(store);
  const seqs: number[] = [];
  store.log.onCommitted((outcome) => seqs.push(outcome.event!.seq));
  const sends = Array.from({ length: 20 }, async (_, sender) => {
    for (let index = 0; index < 20; index += 1) await sendUntilTaken(store, general, ann, `${sender} ${index}`);
  });
  const cuts = (async () => {
    for (let cut = 0; cut < 3; cut += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      cutConnections();
    }
  })();
  await Promise.all([...sends, cuts]);
  const { changes, seq } = await store.log.changesSince(general, 0, 1_000);
  expect(changes!.map((message) => message.seq)).toEqual(Array.from({ length: 400 }, (_, index) => index + 1));
  expect(seq).toBe(400);
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  await store.close();
});

test("when the log's connection is lost, the pool's are replaced too, since they may lead to a former primary", async () => {
  const store = await openPostgresStore({ url: postgres.createDatabase(), poolSize: 1 });
  const pid = async () => {
    const { rows } = await sql<{ pid: number; database: string }>`
      select pg_backend_pid() as pid, current_database()::text as database`.execute(store.db);
    return rows[0]!;
  };
  const before = await pid();
  expect(await pid()).toEqual(before);
  const others = `datname = '${before.database}' and pid <> ${before.pid}`;
  postgres.run(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);
  await expect.poll(async () => (await pid()).pid).not.toBe(before.pid);
  await store.close();
});

test("a store whose connections were cut says so once the database answers again, and only then", async () => {
  const store = await openPostgresStore({ url: postgres.createDatabase() });
  let interruptions = 0;
  store.onInterrupted(() => (interruptions += 1));
  const ask = () => sql`select 1`.execute(store.db);
  await ask();
  await expect(sql`select no_such_column`.execute(store.db)).rejects.toThrow(/no_such_column/);
  const asleep = sql`select pg_sleep(60)`.execute(store.db).catch((error: unknown) => error);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(interruptions).toBe(0);
  cutConnections();
  expect(await asleep).toMatchObject({ code: "unavailable" });
  await expect.poll(ask).toBeDefined();
  await expect.poll(() => interruptions).toBe(1);
  await store.close();
});

test("a transaction that its node leaves open is ended by the database, and what waited for it goes on", async () => {
  const url = postgres.createDatabase();
  const store = await openPostgresStore({ url });
  const { general, ann } = await createWorld(store);
  // By its own clock the transaction is never too long.
  const stuck = await openPostgresStore({ url, clock: new ManualClock() });
  const begun = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const holder = stuck.db.transaction().execute(async (trx) => {
    await trx.updateTable("channels").set({ name: "held" }).where("id", "=", general).execute();
    // Only for the wait that follows: the machine may be slow between the statements before it, too.
    await sql`set local idle_in_transaction_session_timeout = 300`.execute(trx);
    begun.resolve();
    await over.promise;
    return trx.selectFrom("channels").select("name").execute();
  });
  await begun.promise;
  const sending = send(store, general, ann).finally(over.resolve);
  const [sent, held] = await Promise.allSettled([sending, holder]);
  expect(sent).toMatchObject({ value: { seq: 1 } });
  expect(held).toMatchObject({ reason: { code: "unavailable" } });
  expect(await stuck.db.selectFrom("channels").select("id").where("name", "=", "held").execute()).toEqual([]);
  await Promise.all([store.close(), stuck.close()]);
});

test("migrations that take longer than any other transaction may are not cut off", async () => {
  const url = postgres.createDatabase();
  const clock = new ManualClock();
  const holder = new Client(url);
  await holder.connect();
  await holder.query("begin");
  // A table of that name is waited for.
  await holder.query("create table users (id int)");
  const opening = openPostgresStore({ url, clock });
  const blocked = "select count(*) from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0";
  await expect.poll(() => postgres.run(blocked)).toBe("1");
  clock.advance(60_000);
  await holder.query("rollback");
  await holder.end();
  await (await opening).close();
});

test("queries wait for each other as long as the database answers, and give up when it does not", async () => {
  const clock = new ManualClock();
  const store = await openPostgresStore({ url: postgres.createDatabase(), poolSize: 1, clock });
  const sleep = (seconds: number) => sql`select pg_sleep(${seconds})`.execute(store.db);
  await Promise.all(Array.from({ length: 7 }, () => sleep(0.01).then(() => clock.advance(1_000))));

  const silent = sleep(60);
  const late = sleep(0);
  await expect.poll(() => store.stats().pool).toMatchObject({ inUse: 1, waiting: 1 });
  clock.advance(5_000);
  await expect(late).rejects.toMatchObject({ code: "unavailable" });
  // What was given up waits no longer, although the connection is still taken.
  expect(store.stats().pool).toMatchObject({ inUse: 1, waiting: 0 });
  postgres.run("select pg_cancel_backend(pid) from pg_stat_activity where query like 'select pg_sleep%'");
  await expect(silent).rejects.toThrow("canceling statement");
  await sleep(0);
  await store.close();
});

test("a statement that waits longer than the limit fails alone", async () => {
  const url = postgres.createDatabase();
  const holding = await openPostgresStore({ url });
  const { general, ann } = await createWorld(holding);
  const store = await openPostgresStore({ url: `${url}?statement_timeout=2000` });
  await holding.db.transaction().execute(async (trx) => {
    await trx.updateTable("channels").set({ name: "held" }).where("id", "=", general).execute();
    await expect(store.log.commit(sending(general, ann))).rejects.toThrow("statement timeout");
  });
  expect((await send(store, general, ann)).seq).toBe(1);
  await Promise.all([store.close(), holding.close()]);
});

test("while PostgreSQL is down the server says so and keeps its sockets, and goes on by itself afterwards", async () => {
  const server = await startTestServer({ databaseUrl: postgres.createDatabase(), recoveryTimeoutMs: 600_000 });
  try {
    const ann = await TestClient.register(server.url, "ann");
    const channelId = (await ann.createServer()).channels[0]!.id;
    const socket = new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${ann.token}`);
    await socket.next("connection_established");
    await socket.join(channelId);
    const say = (nonce: string) => socket.send({ type: "chat_message", channel_id: channelId, content: nonce, nonce });
    const health = async () => (await (await fetch(`${server.url}/health`)).json()) as { checks: object };

    postgres.stop("fast");
    for (let index = 0; index < 10; index += 1) say(`lost ${index}`);
    await socket.count("error", 10);
    expect(new Set(socket.all("error").map(({ code }) => code))).toEqual(new Set(["unavailable"]));
    await expect.poll(health).toMatchObject({
      status: "unhealthy",
      checks: { database: "failing", bus: "ok", circuit_breaker: "open" },
    });
    postgres.start();
    await expect.poll(health).toMatchObject({ status: "healthy" });
    say("lost 3");
    const ack = await socket.next("message_ack", ({ nonce }) => nonce === "lost 3");
    expect(ack).toMatchObject({ seq: 1 });
    await socket.close();
  } finally {
    await server.cleanup();
  }
});

/** The cluster starts again as a standby of nobody, and is promoted: a new timeline begins. */
function promote(): void {
  postgres.stop("fast");
  const signal = join(postgres.folder, "data", "standby.signal");
  writeFileSync(signal, "");
  chmodSync(signal, 0o666);
  postgres.start();
  postgres.promote();
}

test("after a promotion all nodes get the same new epoch, their clients reconnect, and a restart keeps it", async () => {
  const url = postgres.createDatabase();
  const other = await openPostgresStore({ url });
  const before = other.epoch;
  const server = await startTestServer({ databaseUrl: url, redisUrl: undefined });
  try {
    const ann = await TestClient.register(server.url, "ann");
    const connect = () => new TestSocket(`${server.url.replace("http", "ws")}/ws/main?token=${ann.token}`);
    const socket = connect();
    expect(await socket.next("connection_established")).toMatchObject({ epoch: before });
    const changed = new Promise<void>((resolve) => other.onEpochChanged(resolve));
    promote();
    await changed;
    expect(other.epoch).not.toBe(before);
    expect(await socket.closed).toMatchObject({ code: 1012 });
    const again = connect();
    expect(await again.next("connection_established")).toMatchObject({ epoch: other.epoch });
    await again.close();
    await server.restart();
    const later = connect();
    expect(await later.next("connection_established")).toMatchObject({ epoch: other.epoch });
    await later.close();
  } finally {
    await server.cleanup();
    await other.close();
  }
});
