import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { oldOffer } from "../voice/forwarding/testing/old-offer.ts";
import { fromNode, type FromNode, type ToNode } from "../voice/regions/link-messages.ts";
import { readNodeSettings, type NodeSettings } from "./node-settings.ts";
import { startVoiceNode, type VoiceNode } from "./start-voice-node.ts";

const status = { isHeard: true, hears: true, isSharing: false, isCameraOn: false, isScreenHeard: true };

/** In place of an instance: welcomes the voice node, and keeps what it says. */
let instance: WebSocketServer;
let received: FromNode[];
let link: WebSocket | null;
let node: VoiceNode;

const ofInstance = { kind: "welcome", region: "ams", address: null, hasTurnOverTcp: false } as const;

beforeEach(async () => {
  [received, link] = [[], null];
  instance = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  instance.on("connection", (socket) => {
    link = socket;
    socket.on("message", (data: Buffer) => {
      const message = fromNode.parse(JSON.parse(data.toString()));
      received.push(message);
      if (message.kind === "hello") tell(ofInstance);
    });
  });
  await once(instance, "listening");
  const { port } = instance.address() as AddressInfo;
  const environment = {
    INSTANCE_URL: `http://127.0.0.1:${port}`,
    VOICE_NODE_TOKEN: "t".repeat(43),
    VOICE_PORT: "0",
    PORT: "0",
    HOST: "127.0.0.1",
    VOICE_ADDRESS: "127.0.0.1",
  };
  const { settings } = readNodeSettings(environment, []) as { settings: NodeSettings };
  node = await startVoiceNode(settings, () => {});
  await saidOf("ready");
});
afterEach(async () => {
  vi.restoreAllMocks();
  await node.stop();
  instance.close();
});

function tell(message: ToNode): void {
  link?.send(JSON.stringify(message));
}

async function saidOf<Kind extends FromNode["kind"]>(kind: Kind): Promise<Extract<FromNode, { kind: Kind }>> {
  const found = () => received.find((message): message is Extract<FromNode, { kind: Kind }> => message.kind === kind);
  const beating = setInterval(() => tell({ kind: "beat" }), 100);
  await expect.poll(found, { interval: 20 }).toBeDefined();
  clearInterval(beating);
  return found()!;
}

test("what the unit says to current clients and to those of version 1 reaches the instance", async () => {
  tell({ kind: "open", peer: "current", room: 1, userId: 1, status });
  tell({ kind: "bridge", peer: "old", room: 1, userId: 9, status });
  tell({ kind: "signal", peer: "old", userId: 1, type: "offer", sdp: oldOffer });
  expect(await saidOf("offer")).toMatchObject({ peer: "current" });
  expect(await saidOf("tracks")).toMatchObject({ peer: "current" });
  const answer = await saidOf("signal");
  expect(answer).toMatchObject({ peer: "old", userId: 1, type: "answer" });
  expect(answer.sdp).toMatch(/^a=candidate:.* 127\.0\.0\.1 \d+ typ host\r$/m);
});

test.each([true, false])(
  "that a client of version 1 has no connection reaches an instance that knows the word: %s",
  async (takesUnreached) => {
    received = [];
    tell({ ...ofInstance, ...(takesUnreached && { takesUnreached }) });
    await saidOf("ready");
    tell({ kind: "bridge", peer: "old", room: 1, userId: 9, status });
    tell({ kind: "signal", peer: "old", userId: 1, type: "offer", sdp: oldOffer });
    await saidOf("signal");
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + 7_500);
    received = [];
    const of = (kind: string) => received.filter((message) => message.kind === kind);
    const beating = setInterval(() => tell({ kind: "beat" }), 100);
    // They come every two seconds, and the word within half a second.
    await expect.poll(() => of("figures").length).toBe(2);
    clearInterval(beating);
    expect(of("unreached")).toEqual(takesUnreached ? [{ kind: "unreached", peer: "old" }] : []);
  },
);

test("a beat that asks for an answer gets one", async () => {
  tell({ kind: "beat", ping: 7 });
  await expect.poll(() => received.find((message) => message.kind === "beat" && message.ping === 7)).toBeDefined();
});
