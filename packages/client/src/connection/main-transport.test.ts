import { beforeEach, expect, test } from "vitest";
import { createClient } from "../create-client.ts";
import type { MiscordClient } from "../client.ts";
import { FakeServer } from "../testing/fake-server.ts";
import { settled } from "../testing/manual-clock.ts";

let server: FakeServer;
let client: MiscordClient;

const status = () => client.store.getState().connection.status;

beforeEach(async () => {
  server = new FakeServer();
  client = createClient(server.platform);
  await client.start();
  await settled();
  return () => client.close();
});

test("start with a session connects with the token in the subprotocol and not in the URL", () => {
  expect(status()).toBe("online");
  expect(server.socket.url).toBe("ws://server.test/ws/main");
  expect(server.socket.protocols).toEqual(["miscord", "bearer.token-1"]);
  expect(client.store.getState().connection).toMatchObject({ sessionId: "session", ready: true });
});

test("start without a session opens no connection", async () => {
  const other = new FakeServer();
  other.hasSession = false;
  const stranger = createClient(other.platform);
  await stranger.start();
  expect(stranger.store.getState().session.status).toBe("anonymous");
  expect(other.sockets).toHaveLength(0);
});

test("start waits while the server is unreachable", async () => {
  const other = new FakeServer();
  other.isUp = false;
  const early = createClient(other.platform);
  const started = early.start();
  await other.clock.advance(100_000);
  expect(early.store.getState().session.status).toBe("unknown");
  other.isUp = true;
  await other.clock.advance(30_000);
  await started;
  expect(early.store.getState().session.status).toBe("authenticated");
  early.close();
});

test("a lost connection is retried with growing delays, then once a minute for ever", async () => {
  server.isUp = false;
  server.cut();
  const waits: number[] = [];
  for (let attempt = 0; attempt < 14; attempt += 1) {
    const before = server.sockets.length;
    const from = server.clock.now();
    while (server.sockets.length === before) await server.clock.advance(100);
    waits.push(Math.round((server.clock.now() - from) / 100) / 10);
  }
  // Half of each range, since `random` always returns 0.5; the first is the delay after the loss itself.
  expect(waits).toEqual([0.5, 1.5, 2.5, 4.5, 8.5, 15.5, 15.5, 15.5, 15.5, 15.5, 60, 60, 60, 60]);
  server.isUp = true;
  await server.clock.advance(60_000);
  expect(status()).toBe("online");
  expect(client.metrics.get()).toMatchObject({ reconnects: 1, lastDisconnect: { code: 1006 } });
});

test("reconnect does not wait for the backoff", async () => {
  server.isUp = false;
  server.cut();
  await server.clock.advance(3_600_000);
  server.isUp = true;
  expect(status()).toBe("waiting");
  client.reconnect();
  await settled();
  expect(status()).toBe("online");
});

test("a connection not established within ten seconds is replaced", async () => {
  server.isSilent = true;
  server.cut();
  await server.clock.advance(600);
  const waiting = server.sockets.length;
  await server.clock.advance(9_800);
  expect(server.sockets).toHaveLength(waiting);
  server.isSilent = false;
  await server.clock.advance(3_000);
  expect(status()).toBe("online");
});

test("two heartbeats without acknowledgement end the connection", async () => {
  await server.clock.advance(20_000);
  expect(client.store.getState().connection.lastClose).toBeNull();
  server.isSilent = true;
  await server.clock.advance(43_000);
  expect(client.store.getState().connection.lastClose).toEqual({ code: 4008, reason: "heartbeat missed" });
});

test("reconnect probes an established connection and replaces it when it is dead", async () => {
  server.isSilent = true;
  client.reconnect();
  await server.clock.advance(4_100);
  expect(client.store.getState().connection.lastClose).toMatchObject({ code: 4008 });
});

test("a sent message without an answer shows the lost connection within five seconds", async () => {
  await server.clock.advance(16_000);
  await client.openChannel(server.channel.id);
  server.isSilent = true;
  server.isDroppingAcks = true;
  server.mangle = () => [];
  client.sendMessage(server.channel.id, { content: "hello?" });
  await server.clock.advance(4_900);
  expect(client.metrics.get().quality).toBe("disconnected");
  expect(client.store.getState().connection.status).not.toBe("online");
});

test("a late acknowledgement on a connection that receives other events replaces no connection", async () => {
  await client.openChannel(server.channel.id);
  server.isSilent = true;
  server.isDroppingAcks = true;
  server.mangle = () => [];
  client.sendMessage(server.channel.id, { content: "hello?" });
  await server.clock.advance(3_000);
  server.socket.deliver({ type: "ping", timestamp: 1 });
  await server.clock.advance(4_000);
  expect(server.sockets).toHaveLength(1);
});

test("an acknowledged probe keeps the socket and a forced reconnect replaces it", async () => {
  client.reconnect();
  await server.clock.advance(5_000);
  expect(server.sockets).toHaveLength(1);
  client.reconnect({ force: true });
  await settled();
  expect(server.sockets).toHaveLength(2);
  expect(status()).toBe("online");
});

test("a heartbeat measures the round trip", async () => {
  await server.clock.advance(4_000);
  const { metrics } = client;
  expect(metrics.get()).toMatchObject({ rttMs: 0, quality: "excellent" });
  expect(metrics.get().rttHistory.length).toBeGreaterThan(2);
});

test("a ping of the server is answered with pong", () => {
  server.socket.deliver({ type: "ping", timestamp: 1 });
  expect(server.commandsOf("pong")).toHaveLength(1);
});

test("after server_draining the client reconnects at the announced time", async () => {
  server.socket.deliver({ type: "server_draining", reconnect_after_ms: 7_000 });
  await server.clock.advance(2_000);
  server.cut(1012);
  expect(client.store.getState().connection.retryAt).toBe(server.clock.now() + 5_000);
});

test("moves that the server announces do not lengthen the wait after a connection is lost", async () => {
  for (let move = 0; move < 4; move += 1) {
    server.socket.deliver({ type: "server_draining", reconnect_after_ms: 100 });
    server.cut(1012);
    await server.clock.advance(100);
    expect(status()).toBe("online");
  }
  server.cut(1006);
  expect(client.store.getState().connection.retryAt).toBeLessThanOrEqual(server.clock.now() + 1_000);
});

test("a refused token is renewed and the client reconnects at once", async () => {
  server.cut(4001);
  await settled();
  expect(status()).toBe("online");
  expect(server.socket.protocols[1]).toBe("bearer.token-2");
});

test("a token refused repeatedly is renewed no faster than the backoff", async () => {
  for (let round = 0; round < 5; round += 1) {
    server.cut(4001);
    await settled();
  }
  expect(server.sockets.length).toBeLessThanOrEqual(3);
  expect(status()).toBe("waiting");
});

test("a session ended by the server logs the user out", async () => {
  const lost: unknown[] = [];
  client.on("session_lost", () => lost.push(true));
  server.hasSession = false;
  server.cut(4001);
  await settled();
  expect(client.store.getState()).toMatchObject({ session: { status: "anonymous", me: null }, serverIds: [] });
  expect(lost).toHaveLength(1);
  expect(server.clock.pending).toBe(1); // the metrics' own
});

test("token_expiring renews the token on the open connection", async () => {
  server.socket.deliver({ type: "token_expiring", expires_in_ms: 60_000 });
  await settled();
  expect(server.commandsOf("auth_refresh")).toEqual([{ type: "auth_refresh", token: "token-2" }]);
  expect(server.sockets).toHaveLength(1);
});

test("a token is renewed a minute before it expires without an event", async () => {
  await server.clock.advance(839_000);
  expect(server.commandsOf("auth_refresh")).toHaveLength(0);
  await server.clock.advance(2_000);
  expect(server.commandsOf("auth_refresh")).toHaveLength(1);
});

test("a final close code stops reconnecting until reconnect is called", async () => {
  server.cut(4009);
  await server.clock.advance(3_600_000);
  expect(status()).toBe("stopped");
  client.reconnect();
  await settled();
  expect(status()).toBe("online");
});

test("a client closed for its rate reconnects after half a minute", async () => {
  server.cut(4029);
  expect(client.store.getState().connection.retryAt).toBe(server.clock.now() + 30_000);
});
