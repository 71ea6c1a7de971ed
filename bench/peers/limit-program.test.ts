import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { Community, Running } from "../contestant.ts";
import { Fleet } from "../load/fleet.ts";
import { Ledger } from "../load/ledger.ts";
import { fleetPlan } from "../measure.ts";
import { peers } from "./peer.ts";

const limit = peers.find(({ name }) => name === "limit")!;
const community: Community = { people: 5, channels: 2, channelOf: (person) => person % 2 };

async function withLimit(body: (running: Running) => Promise<void>): Promise<void> {
  const running = await limit.start(community);
  try {
    await body(running);
  } finally {
    await running.stop();
  }
}

test("the limit writes each message to each reader of its channel, once", async () => {
  await withLimit(async (running) => {
    const fleet = new Fleet(fleetPlan(limit, running, community, { sampleEvery: 1, sampledChannels: [] }));
    await fleet.open();
    fleet.ledger.openWindow();
    const channel = running.channels[0]!;
    const number = fleet.ledger.due(channel, performance.now());
    const content = `${Ledger.head(number)}${"and more ".repeat(40)}`;
    fleet.connections[0]!.send({ type: "chat_message", channel_id: channel, content, nonce: `n${number}` });
    await vi.waitFor(() => expect(fleet.ledger.isComplete).toBe(true), { timeout: 60_000 });
    expect(fleet.ledger.report()).toMatchObject({ expected: 3, missing: 0, duplicates: 0 });
    expect(fleet.deliveries).toBe(3);
    fleet.close();
  });
});

test("the limit answers a WebSocket client that checks the handshake and masks its frames", async () => {
  await withLimit(async (running) => {
    const socket = new WebSocket(`ws://127.0.0.1:${running.ports[0]}/`);
    const events: { type: string }[] = [];
    socket.on("message", (data) => events.push(JSON.parse((data as Buffer).toString()) as { type: string }));
    await once(socket, "open");
    const content = 'quotes: "type":"typing", and ж';
    socket.send(JSON.stringify({ type: "join_channel", channel_id: 1 }));
    socket.send(JSON.stringify({ type: "chat_message", channel_id: 1, content }));
    socket.send(JSON.stringify({ type: "typing", channel_id: 1 }));
    socket.send(JSON.stringify({ type: "reaction_add", message_id: 1, emoji: "👍", channel_id: 1 }));
    socket.send(JSON.stringify({ type: "set_status", status: "idle" }));
    socket.send(JSON.stringify({ type: "heartbeat" }));
    await vi.waitFor(() => expect(events.at(-1)?.type).toBe("heartbeat_ack"), { timeout: 60_000 });
    expect(events).toMatchObject([
      { type: "connection_established", user_id: 1 },
      { type: "channel_synced", channel_id: 1 },
      { type: "new_message", channel_id: 1, data: { id: 1, content, author: { id: 1 } } },
      { type: "typing", user: { username: "user1" } },
      { type: "reaction_updated", data: { message_id: 1, emoji: "👍" } },
      { type: "user_status_changed", user_id: 1, status: "idle" },
      { type: "heartbeat_ack" },
    ]);
    socket.terminate();
  });
});
