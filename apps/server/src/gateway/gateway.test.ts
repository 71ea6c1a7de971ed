import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { RealtimeWorld, type RealtimeWorldOptions, type TestPerson } from "../testing/realtime-world.ts";
import { tryAgainLater, type Refusal } from "./admission/refusal.ts";
import { RawPeer } from "./testing/raw-peer.ts";

describe("the gateway", () => {
  let world: RealtimeWorld;
  let ann: TestPerson;

  async function open(options?: RealtimeWorldOptions): Promise<void> {
    world = await RealtimeWorld.open(options);
    ann = await world.person("ann");
  }
  afterEach(() => world.close());

  test("accepts a token in the query or in the subprotocol pair", async () => {
    await open();
    await world.connect(ann);
    const socket = world.dial("/ws/main", { protocols: ["miscord", `bearer.${ann.token}`] });
    await socket.next("connection_established");
    expect(socket.ws.protocol).toBe("miscord");
  });

  test("closes with 4001 without a valid token", async () => {
    await open();
    const expired = await world.person("expired", 1_000);
    world.clock.advance(2_000);
    for (const path of ["/ws/main", "/ws/main?token=x", `/ws/main?token=${expired.token}`]) {
      expect((await world.dial(path).closed).code).toBe(4001);
    }
    expect(world.security.totals.auth_failure).toBe(3);
    await expect.poll(() => world.realtime.gateway.connectionCount).toBe(0);
  });

  test("closes with 4001 when the session is revoked between authentication and subscription", async () => {
    await open();
    const revoke = world.store.db.updateTable("sessions").set({ revoked_at: 1 }).where("id", "=", ann.sessionId);
    const subscribe = world.bus.subscribe.bind(world.bus);
    world.bus.subscribe = async (topic) => {
      await revoke.execute();
      await subscribe(topic);
    };
    expect((await world.dial(`/ws/main?token=${ann.token}`).closed).code).toBe(4001);
  });

  test("closes with 4004 on an unknown path", async () => {
    await open();
    expect((await world.dial("/ws/nowhere").closed).code).toBe(4004);
  });

  test("closes with 4004 on a request target that is no URL", async () => {
    await open();
    const peer = new RawPeer(world.url);
    peer.upgrade("http://[");
    await expect.poll(() => peer.answer().frames.map(({ payload }) => payload.readUInt16BE(0))).toEqual([4004]);
    peer.destroy();
  });

  test("survives a peer that disconnects before its upgrade is read", async () => {
    await open();
    const peer = new RawPeer(world.url);
    await expect.poll(() => world.sockets.size).toBe(1);
    // The address of a socket that its peer has reset.
    for (const socket of world.sockets) Object.defineProperty(socket, "remoteAddress", { value: undefined });
    peer.upgrade(`/ws/main?token=${ann.token}`);
    await expect.poll(() => peer.answer().frames.length).toBeGreaterThan(0);
    peer.destroy();
  });

  test("drops a connection whose acceptance throws, and keeps running", async () => {
    await open({
      refusal: () => {
        throw new Error("out of order");
      },
    });
    const { code } = await world.dial(`/ws/main?token=${ann.token}`).closed;
    expect(code).toBe(1006);
    await expect.poll(() => world.realtime.gateway.connectionCount).toBe(0);
  });

  test("accepts its own and listed origins and requests without origin, and refuses others with 4003", async () => {
    await open({ corsOrigins: ["https://friend.example"] });
    const own = world.url.replace("ws:", "http:");
    for (const origin of [own, "https://friend.example"]) await world.connect(ann, { origin });
    const other = world.dial(`/ws/main?token=${ann.token}`, { origin: "https://evil.example" });
    expect(await other.closed).toEqual({ code: 4003, reason: "origin not allowed" });
  });

  test("handles frames that arrive during setup in order", async () => {
    await open();
    const { channelId } = await world.server(ann);
    const socket = world.dial(`/ws/main?token=${ann.token}`);
    await new Promise((resolve) => socket.ws.once("open", resolve));
    socket.send({ type: "join_channel", channel_id: channelId });
    for (const content of ["a", "b", "c"]) socket.send({ type: "chat_message", channel_id: channelId, content });
    await socket.count("new_message", 3);
    expect(socket.all("new_message").map(({ data }) => data.content)).toEqual(["a", "b", "c"]);
  });

  test.each<[string, RealtimeWorldOptions["settings"], string]>([
    ["the instance", { maxConnections: 2 }, "too many connections"],
    ["a person", { maxConnectionsPerUser: 2 }, "too many connections of this user"],
    ["an address", { maxConnectionsPerAddress: 2 }, "too many connections from this address"],
  ])("refuses connections above the limit of %s with 1013 until one closes", async (_who, settings, reason) => {
    await open({ settings: settings! });
    const [first] = await Promise.all([world.connect(ann), world.connect(ann)]);
    expect(await world.dial(`/ws/main?token=${ann.token}`).closed).toEqual({ code: 1013, reason });
    await first.close();
    await world.connect(ann);
  });

  test("refuses a user who connects too often with 4029", async () => {
    await open({ rates: { connections: { perSecond: 1, burst: 2 } } });
    for (let i = 0; i < 2; i += 1) await (await world.connect(ann)).close();
    expect((await world.dial(`/ws/main?token=${ann.token}`).closed).code).toBe(4029);
    world.clock.advance(1_000);
    await world.connect(ann);
  });

  test("refuses connections with 1013 while the breaker is open", async () => {
    let refusal: Refusal | null = tryAgainLater("unavailable");
    await open({ refusal: () => refusal });
    expect(await world.dial(`/ws/main?token=${ann.token}`).closed).toEqual({ code: 1013, reason: "unavailable" });
    refusal = null;
    await world.connect(ann);
  });

  test("compresses for clients that offer it, and not for clients that need a smaller window", async () => {
    await open();
    const { channelId } = await world.server(ann);
    const [plain, deflated, small] = await Promise.all([
      world.connect(ann),
      world.connect(ann, { perMessageDeflate: true }),
      world.connect(ann, { perMessageDeflate: { serverMaxWindowBits: 9 } }),
    ]);
    expect([plain, deflated, small].map(({ ws }) => ws.extensions)).toEqual(["", "permessage-deflate", ""]);
    for (const socket of [plain, deflated, small]) await socket.join(channelId);
    for (let i = 0; i < 5; i += 1) {
      deflated.send({
        type: "chat_message",
        channel_id: channelId,
        content: `сообщение ${i} `.repeat(300).slice(0, 5_000),
      });
    }
    await Promise.all([plain, deflated, small].map((socket) => socket.count("new_message", 5)));
    expect(deflated.all("new_message")).toEqual(plain.all("new_message"));
    expect(small.all("new_message")).toEqual(plain.all("new_message"));
  });

  test("closes a connection that is not authenticated within 30 s", async () => {
    await open();
    const { promise: never } = Promise.withResolvers<never>();
    world.context.tokens.verify = () => never;
    const socket = world.dial(`/ws/main?token=${ann.token}`);
    await new Promise((resolve) => socket.ws.once("open", resolve));
    world.clock.advance(30_000);
    expect(await socket.closed).toEqual({ code: 1013, reason: "setup timed out" });
  });

  test("closes an authenticated connection whose setup does not finish within CLEANUP_TIMEOUT", async () => {
    await open();
    const { promise: never } = Promise.withResolvers<never>();
    const { promise: subscribing, resolve } = Promise.withResolvers<void>();
    world.bus.subscribe = () => {
      resolve();
      return never;
    };
    const socket = world.dial(`/ws/main?token=${ann.token}`);
    await subscribing;
    world.clock.advance(299_000);
    expect(world.realtime.gateway.connectionCount).toBe(1);
    world.clock.advance(1_000);
    expect(await socket.closed).toEqual({ code: 1013, reason: "setup timed out" });
  });

  test("keeps no state of closed connections, however they closed", async () => {
    await open();
    const { channelId } = await world.server(ann);
    for (let round = 0; round < 10; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 20 }, () => world.connect(ann)));
      for (const socket of sockets) socket.send({ type: "join_channel", channel_id: channelId });
      sockets.forEach((socket, i) => (i % 2 ? socket.ws.terminate() : socket.ws.close()));
      await Promise.all(sockets.map(({ closed }) => closed));
    }
    await expect.poll(() => world.realtime.gateway.connectionCount).toBe(0);
    await expect.poll(() => world.sockets.size).toBe(0);
    expect(world.realtime.directory.userCount).toBe(0);
    await expect.poll(() => world.realtime.delivery.topicCount).toBe(0);
    world.clock.advance(10_000);
    expect(world.presence.size).toBe(0);
    // The keepalive's interval is the only pending timer.
    expect(world.clock.pending).toBe(1);
  });

  test("answers a close frame with its code, and destroys a socket whose peer does not answer", async () => {
    await open();
    const socket = await world.connect(ann);
    socket.ws.close(1000);
    expect((await socket.closed).code).toBe(1000);
    const { port } = new URL(world.url);
    const raw = connect(Number(port), "127.0.0.1");
    raw.write("GET /ws/main HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
    raw.write("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    await new Promise((resolve) => raw.once("data", resolve));
    await expect.poll(() => world.realtime.gateway.connectionCount).toBe(1);
    raw.on("data", () => {});
    const ended = new Promise((resolve) => raw.once("close", resolve));
    world.clock.advance(5_000);
    await ended;
    expect(world.realtime.gateway.connectionCount).toBe(0);
  });
});
