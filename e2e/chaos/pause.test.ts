import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServerMetrics } from "@miscord/protocol";
import { mainFrame } from "@miscord/protocol/schemas";
import { openChaosWorld, sleep, until, type ChaosWorld } from "./world.ts";

/** Connections that are silent for longer are closed: two ping intervals of 15 s. */
const silenceSeconds = 30;
const pauseSeconds = Number(process.env["PAUSE_SECONDS"] ?? 3);
const isBeyond = pauseSeconds > silenceSeconds;
/** Longer than the sweep, in which a connection that looks silent would be closed. */
const afterwardsMs = 5_000;
const peers = 10;

interface Peer {
  socket: WebSocket;
  closeCode: number | null;
  received: string[];
}

async function connect({ server, channels, tokens }: ChaosWorld, user: number): Promise<Peer> {
  const socket = new WebSocket(`ws://localhost:${server.port}/ws/main?token=${tokens[user]}`);
  const peer: Peer = { socket, closeCode: null, received: [] };
  socket.addEventListener("close", ({ code }) => (peer.closeCode = code));
  socket.addEventListener("message", ({ data }) => {
    const frame = mainFrame.parse(JSON.parse(String(data)));
    for (const event of frame.type === "batch" ? frame.messages : [frame]) {
      if (event.type === "new_message") peer.received.push(event.data.content);
    }
  });
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "join_channel", channel_id: channels[0], after_seq: 0 }));
  return peer;
}

async function connectionsOf({ server }: ChaosWorld): Promise<number> {
  const metrics = (await (await fetch(`${server.url}/metrics`)).json()) as ServerMetrics;
  return metrics.main_websocket.total_connections;
}

function say({ socket }: Peer, { channels }: ChaosWorld, content: string): void {
  socket.send(JSON.stringify({ type: "chat_message", channel_id: channels[0], content, nonce: content }));
}

describe(`stopped for ${pauseSeconds} s (SIGSTOP)`, () => {
  let world: ChaosWorld;
  let stopped: ChildProcess | undefined;
  let connected: Peer[];

  beforeAll(async () => {
    world = await openChaosWorld(peers + 1, 1, { env: { HEARTBEAT_INTERVAL: "15" } });
    connected = await Promise.all(Array.from({ length: peers }, (_, user) => connect(world, user)));
    say(connected[0]!, world, "before");
    await until("all have the first message", () => connected.every(({ received }) => received.includes("before")));
  });
  afterAll(async () => {
    stopped?.kill("SIGKILL");
    for (const { socket } of connected) socket.close();
    await world.dispose();
  });

  test(
    "a server closes nobody when it goes on, and delivers what was sent in the meantime",
    async () => {
      await world.server.kill("SIGSTOP");
      await sleep(1_000);
      say(connected[1]!, world, "meanwhile");
      await sleep(1_000 * pauseSeconds);
      await world.server.kill("SIGCONT");
      await until("all have the message", () => connected.every(({ received }) => received.includes("meanwhile")));
      await sleep(afterwardsMs);
      say(connected[2]!, world, "after");
      await until("all have the last message", () => connected.every(({ received }) => received.includes("after")));
      expect(connected.map(({ closeCode }) => closeCode)).toEqual(connected.map(() => null));
    },
    120_000 + 1_000 * pauseSeconds,
  );

  test(
    `a peer ${isBeyond ? "is closed and its place is free again" : "stays connected"}, and the others go on`,
    async () => {
      const url = `ws://localhost:${world.server.port}/ws/main?token=${world.tokens[peers]}`;
      const script = `const socket = new WebSocket(process.argv[1]); socket.onopen = () => console.log("open");
        socket.onclose = ({ code }) => { console.log("closed", code); process.exit(); };`;
      stopped = spawn(process.execPath, ["-e", script, url], { stdio: ["ignore", "pipe", "inherit"] });
      let output = "";
      stopped.stdout!.on("data", (bytes) => (output += String(bytes)));
      await until("the peer is connected", () => output.includes("open"));
      stopped.kill("SIGSTOP");
      for (let second = 0; second < pauseSeconds; second += 1) {
        say(connected[second % peers]!, world, `second ${second}`);
        await sleep(1_000);
      }
      await until("the others have everything", () =>
        connected.every(({ received }) => received.filter((text) => text.startsWith("second")).length === pauseSeconds),
      );
      await expect.poll(() => connectionsOf(world), { timeout: 10_000 }).toBe(isBeyond ? peers : peers + 1);
      stopped.kill("SIGCONT");
      await sleep(afterwardsMs);
      expect(output.includes("closed")).toBe(isBeyond);
      expect(connected.map(({ closeCode }) => closeCode)).toEqual(connected.map(() => null));
    },
    120_000 + 1_000 * pauseSeconds,
  );
});
