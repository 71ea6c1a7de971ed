import type { MiscordClient } from "@miscord/client";
import { expectConverged } from "@miscord/client/testing";
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRunning } from "../../apps/server/src/testing/server-process.ts";
import { Dice } from "./dice.ts";
import { SendRecord, violationsOf, wholeHistory } from "./invariants.ts";
import { openChaosWorld, sleep, until, type ChaosWorld } from "./world.ts";

const workers = 4;
const people = 12;

/** One server with four workers for all tests of this file, which leave it running. */
let world: ChaosWorld;
beforeAll(async () => {
  world = await openChaosWorld(people, 2, { env: { WORKERS: String(workers) } });
}, 300_000);
afterAll(() => world.dispose());

const nodeOf = (client: MiscordClient) => client.store.getState().connection.node;

/** Clients of the users from `first` on, the channels open. */
async function enterAll(count: number): Promise<MiscordClient[]> {
  const clients = await Promise.all(Array.from({ length: count }, (_, user) => world.enter(user)));
  await until("all are connected", () => clients.every((client) => client.store.getState().connection.ready));
  await Promise.all(clients.flatMap((client) => world.channels.map((channelId) => client.openChannel(channelId))));
  return clients;
}

/** Two clients on different workers; the kernel chooses the worker of a connection. */
async function enterApart(): Promise<[MiscordClient, MiscordClient]> {
  const [first] = await enterAll(1);
  for (;;) {
    const second = await world.enter(1);
    await until("the second is connected", () => second.store.getState().connection.ready);
    if (nodeOf(first!) !== nodeOf(second)) {
      await Promise.all(world.channels.map((channelId) => second.openChannel(channelId)));
      return [first!, second];
    }
    second.close();
  }
}

function closeAll(clients: readonly MiscordClient[]): void {
  for (const client of clients) client.close();
}

const contentsOf = (client: MiscordClient, channelId: number) =>
  client.store.getState().timelines[channelId]?.messages.map(({ content }) => content) ?? [];

async function untilComplete(): Promise<number[]> {
  await until("all workers serve", () => world.server.workerPids().length === workers, {
    instead: () => world.server.output(),
  });
  return world.server.workerPids();
}

test("four workers answer on one port and know of each other, and the address is printed once at each start", async () => {
  expect(await untilComplete()).toHaveLength(workers);
  const metrics = await fetch(`${world.server.url}/metrics?format=prometheus`);
  expect((await metrics.text()).match(/^miscord_nodes\{worker="[1-4]"\} 4$/gm)).toHaveLength(workers);
  const lines = world.server.output().split("\n");
  expect(lines.filter((line) => line.includes("is running at"))).toHaveLength(2);
  const clients = await enterAll(people);
  expect(new Set(clients.map(nodeOf)).size).toBeGreaterThan(1);
  closeAll(clients);
});

test("people on two workers get each other's messages, edits and typing, each once and in order", async () => {
  const [ann, bob] = await enterApart();
  const channelId = world.channels[0]!;
  const records = [new SendRecord(ann), new SendRecord(bob)];
  for (let count = 1; count <= 100; count += 1) {
    for (const [index, record] of records.entries()) record.send(channelId, `apart: ${index} says ${count}`);
  }
  await until("all were sent", () => records.every(({ isSettled }) => isSettled));
  await Promise.all([ann, bob].map((client) => expectConverged(client)));
  expect(violationsOf(channelId, await wholeHistory(bob, channelId), records, new Set())).toEqual([]);
  const id = records[0]!.acked.get("apart: 0 says 100")!.id;
  await ann.editMessage(id, "apart: edited");
  await until("the other sees the edit", () => contentsOf(bob, channelId).includes("apart: edited"));
  closeAll([ann, bob]);
});

test("workers killed in the middle of sends lose and double nothing, and are replaced", async () => {
  const dice = new Dice(1);
  const clients = await enterAll(people);
  const records = clients.map((client) => new SendRecord(client));
  const acknowledged = () => records.reduce((sum, { acked }) => sum + acked.size, 0);
  const killed: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    const before = acknowledged();
    const each = 40;
    for (const [number, record] of records.entries()) {
      const channelId = world.channels[number % world.channels.length]!;
      for (let count = 1; count <= each; count += 1) record.send(channelId, `${number}: ${count} in round ${round}`);
    }
    await until("some were acknowledged", () => acknowledged() >= before + dice.between(1, (people * each) / 2));
    const victim = dice.pick(await untilComplete());
    killed.push(victim);
    process.kill(victim, "SIGKILL");
    await until("the worker is gone", () => !isRunning(victim));
    const pids = await untilComplete();
    expect(pids.filter((pid) => killed.includes(pid))).toEqual([]);
    await until("all were sent", () => records.every(({ isSettled }) => isSettled), {
      instead: () => records.map(({ faultState }) => faultState).join("\n"),
    });
  }
  await Promise.all(clients.map((client) => expectConverged(client, { timeoutMs: 60_000 })));
  for (const channelId of world.channels) {
    const history = await wholeHistory(clients[0]!, channelId);
    expect(violationsOf(channelId, history, records, new Set())).toEqual([]);
  }
  expect(records.flatMap(({ failed }) => failed)).toEqual([]);
  closeAll(clients);
});

test("a worker that stands still does not hold up the others, and is replaced", async () => {
  const [ann, bob] = await enterApart();
  const stopped: number[] = [];
  let isRunningFor = [true, true];
  // Which process a client is on shows by stopping one after the other.
  for (const pid of await untilComplete()) {
    if (isRunningFor.includes(false)) break;
    process.kill(pid, "SIGSTOP");
    stopped.push(pid);
    isRunningFor = await Promise.all([ann, bob].map((client) => answers(client)));
  }
  expect(isRunningFor.filter(Boolean)).toHaveLength(1);
  const record = new SendRecord(isRunningFor[0] ? ann : bob);
  let slowestMs = 0;
  for (let count = 1; count <= 20; count += 1) {
    const startedAt = performance.now();
    record.send(world.channels[0]!, `beside a stopped worker: ${count}`);
    await until("it was acknowledged", () => record.acked.size >= count);
    slowestMs = Math.max(slowestMs, performance.now() - startedAt);
  }
  expect(slowestMs).toBeLessThan(3_000);
  await until("the stopped workers are gone", () => !stopped.some(isRunning));
  await untilComplete();
  await until("both are connected", () => [ann, bob].every((client) => client.store.getState().connection.ready));
  await Promise.all([ann, bob].map((client) => expectConverged(client, { timeoutMs: 60_000 })));
  closeAll([ann, bob]);
});

/** Whether the worker that the client is connected to runs. */
async function answers(client: MiscordClient): Promise<boolean> {
  const sent = Promise.withResolvers<boolean>();
  const nonce = client.sendMessage(world.channels[1]!, { content: `are you there? ${randomBytes(6).toString("hex")}` });
  const off = client.on("message_acked", (ack) => ack.nonce === nonce && sent.resolve(true));
  const answer = await Promise.race([sent.promise, sleep(2_000).then(() => false)]);
  off();
  return answer;
}

test("garbage on sockets ends no process, and the primary has no socket of a client", async () => {
  const before = await untilComplete();
  const garbage = Array.from({ length: 40 }, async (_, index) => {
    const socket = connect({ port: world.server.port, host: "localhost" });
    socket.on("error", () => {});
    if (index % 2) socket.write(upgrade);
    for (let count = 0; count < 20; count += 1) {
      socket.write(randomBytes(2_000));
      await sleep(5);
    }
    socket.destroy();
  });
  await Promise.all(garbage);
  await sleep(500);
  expect(await untilComplete()).toEqual(before);
  expect((await fetch(`${world.server.url}/api/instance`)).status).toBe(200);
});

const upgrade =
  "GET /ws/main HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

test("a killed primary takes its workers with it within a second, and the next start has the same data", async () => {
  const [ann, bob] = await enterApart();
  const channelId = world.channels[0]!;
  const record = new SendRecord(ann);
  for (let count = 1; count <= 50; count += 1) record.send(channelId, `before the end: ${count}`);
  await until("some were acknowledged", () => record.acked.size >= 10);
  const pids = await untilComplete();
  await world.server.kill("SIGKILL");
  const killedAt = performance.now();
  await until("the workers have ended", () => !pids.some(isRunning));
  // Three times the promised second: the machine also runs other suites.
  expect(performance.now() - killedAt).toBeLessThan(3_000);
  await world.server.start();
  await until("all were sent", () => record.isSettled, { instead: () => record.faultState });
  await Promise.all([ann, bob].map((client) => expectConverged(client, { timeoutMs: 60_000 })));
  expect(violationsOf(channelId, await wholeHistory(ann, channelId), [record], new Set())).toEqual([]);
  closeAll([ann, bob]);
});

test("a terminated primary lets its workers finish and exits with code 0; a terminated worker is replaced", async () => {
  const [victim] = await untilComplete();
  process.kill(victim!, "SIGTERM");
  await until("the worker has ended", () => !isRunning(victim!));
  expect(await untilComplete()).not.toContain(victim);
  const clients = await enterAll(4);
  const pids = world.server.workerPids();
  expect(await world.server.stop()).toBe(0);
  expect(pids.filter(isRunning)).toEqual([]);
  await world.server.start();
  await until("all are back", () => clients.every((client) => client.store.getState().connection.ready));
  closeAll(clients);
});
