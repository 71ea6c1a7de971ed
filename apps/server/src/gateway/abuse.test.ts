import { deflateRawSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import type { Store } from "../store/contract.ts";
import { RealtimeWorld, type RealtimeWorldOptions, type TestPerson } from "../testing/realtime-world.ts";
import type { TestSocket } from "../testing/test-socket.ts";
import { clientFrame } from "./testing/client-frame.ts";
import { Random } from "../testing/random.ts";
import { recordingLogger } from "../testing/recording-logger.ts";
import { RawPeer, upgradeRequest } from "./testing/raw-peer.ts";

describe("abuse of a connection", () => {
  let world: RealtimeWorld;
  let ann: TestPerson;
  let channelId: number;

  async function open(options?: RealtimeWorldOptions): Promise<void> {
    world = await RealtimeWorld.open(options);
    ann = await world.person("ann");
    ({ channelId } = await world.server(ann));
  }
  afterEach(() => world.close());

  test("messages above the rate are refused with a retry time, over all connections of a user", async () => {
    await open({ rates: { messages: { perSecond: 10, burst: 3 } } });
    const [a, b] = await Promise.all([world.connect(ann), world.connect(ann)]);
    for (const [i, socket] of [a, b, a, b].entries()) {
      socket.send({ type: "chat_message", channel_id: channelId, content: "x", nonce: `n${i}`, ref: i });
      await Promise.race([socket.next("message_ack", ({ nonce }) => nonce === `n${i}`), socket.next("error")]);
    }
    expect(await b.next("error")).toMatchObject({ code: "rate_limited", retry_after_ms: 100, nonce: "n3", ref: 3 });
    world.clock.advance(100);
    b.send({ type: "chat_message", channel_id: channelId, content: "x", nonce: "again" });
    await b.next("message_ack", ({ nonce }) => nonce === "again");
  });

  test("status changes above the rate are refused over all connections of a user while other users are served", async () => {
    await open({ rates: { changes: { perSecond: 1, burst: 2 } } });
    const bob = await world.person("bob");
    const shared = await world.server(ann, bob);
    const sockets = await Promise.all([world.connect(ann), world.connect(ann), world.connect(ann)]);
    const other = await world.connect(bob);
    for (let round = 0; round < 10; round += 1) {
      const status = round % 2 === 0 ? "idle" : "dnd";
      for (const socket of sockets) socket.send({ type: "set_status", status });
    }
    other.send({ type: "chat_message", channel_id: shared.channelId, content: "served", nonce: "n" });
    await other.next("message_ack");
    await Promise.all(sockets.map((socket) => socket.roundTrip()));
    const refusals = sockets.flatMap((socket) => socket.all("error").map(({ code }) => code));
    expect(refusals).toEqual(Array.from({ length: 28 }, () => "rate_limited"));
  });

  test("a user who goes on connecting too often is refused before anything is read, and connects again in time", async () => {
    await open({ rates: { connections: { perSecond: 1, burst: 2 } } });
    const bob = await world.person("bob");
    const path = `/ws/main?token=${ann.token}`;
    const codes = [];
    await Promise.all([world.connect(ann), world.connect(ann)]);
    for (let time = 0; time < 8; time += 1) codes.push((await world.dial(path).closed).code);
    // Browsers understand a close code; whoever goes on after some of them is answered over HTTP.
    expect(codes).toEqual([4029, 4029, 4029, 4029, 4029, 4029, 1006, 1006]);
    const peer = new RawPeer(world.url);
    peer.upgrade(path);
    await peer.ended;
    expect(peer.answer().status).toBe(429);
    await world.connect(bob);
    world.clock.advance(1_000);
    await world.connect(ann);
  });

  test.each([
    ["typing", "typing", (id: number) => ({ channel_id: id })],
    ["join_channel", "joins", (id: number) => ({ channel_id: id })],
    ["reaction_add", "changes", () => ({ message_id: 1, emoji: "👍" })],
    ["set_status", "changes", () => ({ status: "idle" })],
    ["mark_read", "requests", (id: number) => ({ channel_id: id, seq: 0 })],
    ["auth_refresh", "requests", () => ({ token: ann.token })],
  ] as const)("%s above the rate of %s is refused", async (type, rate, fields) => {
    await open({ rates: { [rate]: { perSecond: 1, burst: 2 } } });
    const socket = await world.connect(ann);
    for (let i = 0; i < 3; i += 1) socket.send({ type, ...fields(channelId) });
    const { retry_after_ms } = await socket.next("error", ({ code }) => code === "rate_limited");
    expect(retry_after_ms).toBeGreaterThan(0);
  });

  test("each page of a member list that is asked for counts as a request", async () => {
    await open({ rates: { requests: { perSecond: 1, burst: 5 } } });
    const { serverId } = await world.server(ann);
    const socket = await world.connect(ann);
    const lists = [{ server_id: serverId, pages: [0, 1] }];
    for (let ref = 0; ref < 3; ref += 1) socket.send({ type: "watch_members", lists, ref });
    expect(await socket.next("error")).toMatchObject({ code: "rate_limited", ref: 2, retry_after_ms: 1_000 });
    await socket.count("member_list", 4);
    await socket.roundTrip();
    expect(socket.all("member_list")).toHaveLength(4);
  });

  test("messages that keep exceeding the rate close the connection with 4029", async () => {
    await open({ rates: { messages: { perSecond: 1, burst: 1 } } });
    const socket = await world.connect(ann);
    for (let i = 0; i < 150; i += 1) socket.send({ type: "chat_message", channel_id: channelId, content: "x" });
    expect(await socket.closed).toEqual({ code: 4029, reason: "too many requests" });
    expect(world.security.totals.rate_limited).toBeGreaterThan(99);
  });

  test("a connection that is expelled is logged once, however much of what it had sent is still refused", async () => {
    const logged: string[] = [];
    await open({ rates: { joins: { perSecond: 1, burst: 1 } }, logger: recordingLogger((line) => logged.push(line)) });
    const socket = await world.connect(ann);
    for (let seq = 0; seq < 250; seq += 1) socket.send({ type: "join_channel", channel_id: channelId, after_seq: seq });
    expect(await socket.closed).toEqual({ code: 4029, reason: "too many requests" });
    await (await world.connect(ann)).roundTrip();
    expect(logged.filter((line) => line.includes("client expelled"))).toHaveLength(1);
  });

  test("frames of any kind above the frame rate close the connection with 4029", async () => {
    await open({ rates: { messages: { perSecond: 10, burst: 20 } } });
    const socket = await world.connect(ann);
    for (let i = 0; i < 600; i += 1) socket.send({ type: "pong" });
    expect((await socket.closed).code).toBe(4029);
  });

  test.each<[string, (socket: TestSocket) => void]>([
    ["pings", ({ ws }) => ws.ping()],
    ["pongs", ({ ws }) => ws.pong()],
    ["empty fragments", ({ ws }) => ws.send("", { fin: false })],
    ["fragments with a ping after each", ({ ws }) => (ws.send("x", { fin: false }), ws.ping())],
  ])("%s above the frame rate close the connection with 4029 and are recorded", async (_frames, send) => {
    await open({ rates: { messages: { perSecond: 10, burst: 20 } } });
    const socket = await world.connect(ann);
    for (let i = 0; i < 600; i += 1) send(socket);
    expect(await socket.closed).toEqual({ code: 4029, reason: "too many requests" });
    expect(world.security.totals.rate_limited).toBe(1);
  });

  test.each([false, true])("large messages above the byte rate close with 4029 (compressed: %s)", async (compress) => {
    await open({ rates: { messages: { perSecond: 10, burst: 20 } } });
    const socket = await world.connect(ann, { perMessageDeflate: compress });
    const frame = JSON.stringify({ type: "pong", padding: "x".repeat(60_000) });
    for (let i = 0; i < 60; i += 1) socket.send(frame);
    expect(await socket.closed).toEqual({ code: 4029, reason: "too many requests" });
    expect(world.security.totals.rate_limited).toBe(1);
  });

  test("compressed messages count as they arrive, not only when their turn has come", async () => {
    await open({ rates: { messages: { perSecond: 10, burst: 20 } } });
    const deflated = deflateRawSync(Buffer.from(JSON.stringify({ type: "pong", padding: "x".repeat(60_000) })));
    const frame = clientFrame(new Random(1), deflated, { rsv: 4 });
    // In one read of the socket, and fewer than a connection may send frames.
    const block = Buffer.concat(Array.from({ length: 400 }, () => frame));
    expect(block.length).toBeLessThan(65_536);
    const peers = Array.from({ length: 10 }, () => new RawPeer(world.url));
    for (const peer of peers) peer.upgrade(`/ws/main?token=${ann.token}`, "permessage-deflate");
    for (const peer of peers) await expect.poll(() => peer.answer().frames.length).toBeGreaterThan(0);
    const before = world.stats.bytesReceived;
    for (const peer of peers) peer.write(block);
    await expect.poll(() => world.security.totals.rate_limited).toBe(peers.length);
    await Promise.all(peers.map(({ ended }) => ended));
    // What a connection may send at once, and not the 24 MB that its read holds.
    expect((world.stats.bytesReceived - before) / peers.length).toBeLessThan(4 * 2 ** 20);
  });

  test("a frame sent byte by byte counts once for each read of the socket", async () => {
    await open({ rates: { messages: { perSecond: 10, burst: 20 } } });
    const peer = new RawPeer(world.url);
    peer.upgrade(`/ws/main?token=${ann.token}`);
    await expect.poll(() => peer.answer().frames.length).toBeGreaterThan(0);
    const frame = clientFrame(new Random(1), Buffer.alloc(5_000));
    for (const byte of frame) {
      peer.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await peer.ended;
    expect(peer.answer().frames.at(-1)?.payload.readUInt16BE(0)).toBe(4029);
  });

  test("pings that arrive together get one pong with the latest payload", async () => {
    await open();
    const peer = new RawPeer(world.url);
    peer.upgrade(`/ws/main?token=${ann.token}`);
    await expect.poll(() => peer.answer().frames.length).toBeGreaterThan(0);
    const random = new Random(1);
    const pings = Array.from({ length: 200 }, (_, i) => clientFrame(random, Buffer.from(`${i}`), { opcode: 9 }));
    peer.write(Buffer.concat(pings));
    const pongs = () =>
      peer
        .answer()
        .frames.filter(({ opcode }) => opcode === 10)
        .map(({ payload }) => payload.toString());
    await expect.poll(() => pongs().at(-1)).toBe("199");
    expect(pongs().length).toBeLessThan(10);
    peer.destroy();
  });

  test("what a peer sends after the close frame is not read for ever, and its socket is destroyed", async () => {
    await open();
    const peer = new RawPeer(world.url);
    peer.upgrade(`/ws/main?token=${ann.token}`);
    await expect.poll(() => peer.answer().frames.length).toBeGreaterThan(0);
    const [socket] = world.sockets;
    const ping = clientFrame(new Random(1), Buffer.alloc(0), { opcode: 9 });
    // More than all buffers on the way hold.
    for (let i = 0; i < 500; i += 1) peer.write(Buffer.concat(Array.from({ length: 10_000 }, () => ping)));
    await expect.poll(() => socket!.isPaused()).toBe(true);
    expect(socket!.bytesRead).toBeLessThan(8 * 1024 * 1024);
    expect(peer.answer().frames.at(-1)?.payload.readUInt16BE(0)).toBe(4029);
    world.clock.advance(4_000);
    await peer.ended;
    await expect.poll(() => world.realtime.gateway.connectionCount).toBe(0);
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["null", "null"],
    ["deep JSON", `${"[".repeat(17)}${"]".repeat(17)}`],
    ["very deep JSON", "[".repeat(60_000)],
    ["binary", Buffer.from([1, 2, 3])],
  ])("a frame with %s gets an error, and repeated ones close with 4010", async (_name, frame) => {
    await open();
    const socket = await world.connect(ann);
    socket.send(frame);
    expect(await socket.next("error")).toMatchObject({ code: "malformed" });
    for (let i = 0; i < 25; i += 1) socket.send(frame);
    expect(await socket.closed).toEqual({ code: 4010, reason: "too many malformed frames" });
  });

  test("upgrades that are no handshakes count for their address, too", async () => {
    await open({ anonymousRate: { perSecond: 0.1, burst: 3 } });
    const statusOf = async () => {
      const peer = new RawPeer(world.url);
      peer.write(upgradeRequest(`/ws/main?token=${ann.token}`).replace("Version: 13", "Version: 1"));
      await peer.ended;
      return peer.answer().status;
    };
    const statuses = [];
    for (let i = 0; i < 4; i += 1) statuses.push(await statusOf());
    expect(statuses).toEqual([400, 400, 400, 429]);
  });

  test("refused handshakes of an address are limited and then answered 429 over HTTP, until some time has passed", async () => {
    await open({ anonymousRate: { perSecond: 0.1, burst: 4 } });
    for (const path of [
      "/ws/main?token=forged",
      "/ws/legacy/chat?token=forged",
      "/ws/voice/1?session=no-id",
      "/ws/nothing",
    ]) {
      expect((await world.dial(path).closed).code).toBeGreaterThan(4000);
    }
    const refused = async (path: string) => {
      const peer = new RawPeer(world.url);
      peer.upgrade(path);
      await peer.ended;
      return peer.answer().status;
    };
    expect(await refused("/ws/nothing")).toBe(429);
    expect(await refused(`/ws/main?token=${ann.token}`)).toBe(429);
    expect(world.security.totals.rate_limited).toBe(2);
    world.clock.advance(10_000);
    const sockets = [await world.connect(ann), await world.connect(ann)];
    expect(await sockets[1]!.join(channelId)).toMatchObject({ recovered: true });
    expect((await world.dial("/ws/nothing").closed).code).toBeGreaterThan(4000);
    expect(await refused("/ws/nothing")).toBe(429);
  });

  test("connections that are refused since the instance restarts do not count against their address", async () => {
    const restarting = { closeCode: 1013, reason: "unavailable" };
    let refusal: typeof restarting | null = restarting;
    await open({ anonymousRate: { perSecond: 0.1, burst: 3 }, refusal: () => refusal });
    for (let time = 0; time < 10; time += 1) expect((await world.dial("/ws/main").closed).code).toBe(1013);
    refusal = null;
    expect(await (await world.connect(ann)).join(channelId)).toMatchObject({ recovered: true });
  });

  test("channels that one user joins at once are read a few at a time, over all connections", async () => {
    let [reads, running, most] = [0, 0, 0];
    const wrapStore = (store: Store): Store => {
      const changesSince: Store["log"]["changesSince"] = async (...position) => {
        reads += 1;
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setTimeout(resolve, 5));
        return store.log.changesSince(...position).finally(() => (running -= 1));
      };
      return { ...store, log: { ...store.log, changesSince } };
    };
    await open({ wrapStore });
    const sockets = await Promise.all([world.connect(ann), world.connect(ann)]);
    // Joins from the same position would share a read.
    for (let seq = 0; seq < 40; seq += 1)
      sockets[seq % 2]!.send({ type: "join_channel", channel_id: channelId, after_seq: seq });
    await expect.poll(() => [reads, running]).toEqual([40, 0]);
    expect(most).toBe(4);
  });

  test("brackets inside strings do not count as nesting", async () => {
    await open();
    const socket = await world.connect(ann);
    await socket.join(channelId);
    socket.send({
      type: "chat_message",
      channel_id: channelId,
      content: '[[[[[[[[[[[[[[[[[[[[\\"{{{{{{{{{{{{{{{{{{{{',
    });
    expect((await socket.next("new_message")).data.content).toContain("{{{{");
  });

  test("a frame above the size limit closes with 4010", async () => {
    await open();
    const socket = await world.connect(ann);
    socket.send("x".repeat(70_000));
    expect(await socket.closed).toEqual({ code: 4010, reason: "frame too large" });
  });

  test("a closed abuser does not affect other connections", async () => {
    await open();
    const [bad, good] = await Promise.all([world.connect(ann), world.connect(ann)]);
    for (let i = 0; i < 25; i += 1) bad.send("{");
    await bad.closed;
    expect(await good.join(channelId)).toMatchObject({ recovered: true });
  });
});
