import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../testing/manual-clock.ts";
import type { VoiceMessage } from "./messages.ts";
import { NodeLinks, type NodeBatch } from "./node-links.ts";

const message = (userId: number): VoiceMessage => ({
  kind: "event",
  connections: [1],
  event: { kind: "left", userId },
});
const turn = () => new Promise((resolve) => void setImmediate(resolve));

let clock: ManualClock;
let sent: NodeBatch<VoiceMessage>[];
let log: (string | number)[];
let inUse: string[];
let sender: NodeLinks<VoiceMessage>;
let receiver: NodeLinks<VoiceMessage>;

beforeEach(() => {
  clock = new ManualClock();
  sent = [];
  log = [];
  inUse = [];
  const unused = { receive: () => {}, lost: () => {} };
  sender = new NodeLinks({ ...unused, nodeId: "a", clock, send: (_, batch) => sent.push(batch), inUse: () => inUse });
  receiver = new NodeLinks({
    nodeId: "b",
    clock,
    send: (_, batch) => sent.push(batch),
    receive: (_, one) => void (one.kind === "event" && one.event.kind === "left" && log.push(one.event.userId)),
    lost: (from) => void log.push(`lost from ${from}`),
    inUse: () => [],
  });
});

async function post(...userIds: number[]): Promise<void> {
  for (const userId of userIds) sender.post("b", message(userId));
  await turn();
}

test("messages of one turn are one batch", async () => {
  await post(1, 2, 3);
  expect(sent).toHaveLength(1);
  receiver.receive(sent[0]!);
  expect(log).toEqual([1, 2, 3]);
});

test("a lost batch is reported before the next one is handled, and one that comes late is dropped", async () => {
  for (const userId of [1, 2, 3]) await post(userId);
  for (const index of [0, 2, 1, 2]) receiver.receive(sent[index]!);
  expect(log).toEqual([1, "lost from a", 3]);
});

test("the loss of the first batch is reported", async () => {
  await post(1);
  await post(2);
  receiver.receive(sent[1]!);
  expect(log).toEqual(["lost from a", 2]);
});

test("the loss of the last batch is reported with the next ping of a link in use", async () => {
  inUse = ["b"];
  await post(1);
  await post(2);
  receiver.receive(sent[0]!);
  clock.advance(1_500);
  await turn();
  receiver.receive(sent[2]!);
  expect(log).toEqual([1, "lost from a"]);
  await turn();
  expect(sent[3]).toMatchObject({ from: "b", number: 1, messages: [{ kind: "pong" }] });
});

test("the link to a node that was gone and comes back starts anew without a loss", async () => {
  await post(1);
  receiver.receive(sent[0]!);
  sender.forget("b");
  await post(2);
  receiver.receive(sent[1]!);
  expect(log).toEqual([1, 2]);
});

test("a node without links to others sends no pings", async () => {
  clock.advance(60_000);
  await turn();
  expect([clock.pending, sent.length]).toEqual([0, 0]);
});
