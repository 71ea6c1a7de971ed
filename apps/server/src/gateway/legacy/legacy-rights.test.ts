import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { revokeSession } from "../../domain/accounts/sessions.ts";
import { deleteChannel } from "../../domain/servers/channels.ts";
import { banMember } from "../../domain/servers/bans.ts";
import { kickMember } from "../../domain/servers/members.ts";
import { createChannel } from "../../store/conformance/world.ts";
import { HeldReads } from "../../testing/held-reads.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";
import { tryAgainLater, type Refusal } from "../admission/refusal.ts";
import { OldClient } from "./testing/old-client.ts";

describe("version 1 connections", () => {
  let world: RealtimeWorld;
  let owner: TestPerson;
  let ann: TestPerson;
  let stranger: TestPerson;
  let serverId: number;
  let channelId: number;
  let voiceId: number;
  let chat: string;
  let voice: string;
  const notifications = "/ws/legacy/notifications";

  async function open(options: Parameters<typeof RealtimeWorld.open>[0] = {}): Promise<void> {
    world = await RealtimeWorld.open(options);
    [owner, ann, stranger] = [await world.person("owner"), await world.person("ann"), await world.person("stranger")];
    ({ serverId, channelId } = await world.server(owner, ann));
    voiceId = await createChannel(world.store, serverId, "voice");
    chat = `/ws/legacy/chat/${channelId}`;
    voice = `/ws/legacy/voice/${voiceId}`;
  }
  beforeEach(() => open());
  afterEach(() => world.close());

  const codeOf = async (path: string, token: string) => (await new OldClient(world.url, path, token).closed).code;

  /** Connects and waits for setup: control messages reach the session from now on. */
  async function settled(path: string, { token }: Pick<TestPerson, "token">): Promise<OldClient> {
    const client = await OldClient.connect(world.url, path, token);
    await answered(client);
    return client;
  }

  async function answered(client: OldClient): Promise<void> {
    const before = client.all("error").length;
    client.send({ type: "are you there?" });
    await expect.poll(() => client.all("error").length).toBe(before + 1);
  }

  async function pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i += 1) {
      world.clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  test("leave no subscription when closed during the channel lookup", async () => {
    await world.close();
    const reads = new HeldReads("channel_name");
    await open({ wrapStore: reads.over });
    const held = reads.hold();
    const client = await OldClient.connect(world.url, chat, ann.token);
    await held;
    await revokeSession(world.context, ann.sessionId);
    expect((await client.closed).code).toBe(1008);
    await expect.poll(() => world.realtime.gateway.connectionCount).toBe(0);
    reads.release();
    // This lookup is queued behind the held one, so its answer means that the held one has been handled.
    for (let i = 0; i < 5; i += 1) await world.store.ping();
    expect(world.realtime.delivery.topicCount).toBe(0);
  });

  test("send ping every thirty seconds and stay open while the client answers", async () => {
    const clients = [await settled(notifications, ann), await settled(chat, ann)];
    await pass(29);
    for (const client of clients) expect(client.all("ping")).toEqual([]);
    await pass(1);
    for (const client of clients) await client.next("ping");
    await pass(60);
    for (const client of clients) {
      await answered(client);
      expect(client.all("ping")).toHaveLength(3);
    }
  });

  test.each([
    ["chat with a bad token", () => codeOf(chat, "nonsense"), 1008],
    ["chat in a channel of another server", () => codeOf(chat, stranger.token), 1008],
    ["chat in a voice channel", () => codeOf(`/ws/legacy/chat/${voiceId}`, ann.token), 1008],
    ["chat in a channel that does not exist", () => codeOf("/ws/legacy/chat/999999", ann.token), 1008],
    ["chat with an id that is not a number", () => codeOf("/ws/legacy/chat/general", ann.token), 1008],
    ["notifications with a bad token", () => codeOf(notifications, "nonsense"), 1008],
    ["notifications without a token", () => codeOf(notifications, ""), 1008],
    ["voice with a bad token", () => codeOf(voice, "nonsense"), 4001],
    ["voice in a channel of another server", () => codeOf(voice, stranger.token), 4004],
  ])("are refused: %s", async (_, attempt, code) => {
    expect(await attempt()).toBe(code);
  });

  test.each([
    ["a bad token", () => [notifications, "nonsense"] as const],
    ["a channel of another server", () => [chat, stranger.token] as const],
    ["a call of another server", () => [voice, stranger.token] as const],
  ])("are refused later and later with %s, and others are not", async (_what, attempt) => {
    const [path, token] = attempt();
    for (let i = 0; i < 3; i += 1) await codeOf(path, token);
    for (const delay of [2, 4, 8, 16, 32, 60, 60]) {
      const client = await OldClient.connect(world.url, path, token);
      await expect.poll(() => world.realtime.gateway.heldRefusals).toBe(1);
      await pass(delay - 1);
      expect(client.isOpen).toBe(true);
      await (await settled(notifications, ann)).close();
      expect(await codeOf(path, `another token ${delay}`)).toBe(path === voice ? 4001 : 1008);
      world.clock.advance(1_000);
      expect((await client.closed).code).toBe(path === voice ? 4004 : 1008);
    }
  });

  test("are refused at once above the number of refusals that are held", async () => {
    for (let i = 0; i < 3; i += 1) await codeOf(notifications, "nonsense");
    const timers = world.clock.pending;
    const held = await Promise.all(
      Array.from({ length: 10 }, () => OldClient.connect(world.url, notifications, "nonsense")),
    );
    await expect.poll(() => world.realtime.gateway.heldRefusals).toBe(10);
    expect(await codeOf(notifications, "nonsense")).toBe(1008);
    expect(world.clock.pending).toBe(timers + 1);
    world.clock.advance(60_000);
    for (const { closed } of held) expect((await closed).code).toBe(1008);
    await expect.poll(() => world.realtime.gateway.connectionCount).toBe(0);
    expect(world.clock.pending).toBe(timers);
    // Forgotten after ten minutes.
    world.clock.advance(600_000);
    expect(await codeOf(notifications, "nonsense")).toBe(1008);
  });

  test("close when their session is revoked, and are refused afterwards", async () => {
    const clients = [await settled(chat, ann), await settled(notifications, ann), await settled(voice, ann)];
    await revokeSession(world.context, ann.sessionId);
    const codes = await Promise.all(clients.map(async ({ closed }) => (await closed).code));
    expect(codes).toEqual([1008, 1008, 4001]);
    expect(await codeOf(notifications, ann.token)).toBe(1008);
  });

  test("close when their token expires", async () => {
    const short = { ...ann, ...(await world.session(ann.id, 90_000)) };
    const clients = [await settled(chat, short), await settled(notifications, short), await settled(voice, short)];
    await pass(91);
    const codes = await Promise.all(clients.map(async ({ closed }) => (await closed).code));
    expect(codes).toEqual([1008, 1008, 4001]);
    for (const client of clients) expect(client.all("token_expiring")).toEqual([]);
  });

  test.each([
    ["kicked", () => kickMember(world.context, { userId: owner.id }, { serverId, userId: ann.id })],
    [
      "banned",
      () =>
        banMember(world.context, { userId: owner.id }, { serverId, userId: ann.id, expiresAt: null, deleteSeconds: 0 }),
    ],
  ])("close chat and voice when their user is %s, and send server_deleted", async (reason, expel) => {
    const [inChat, inCall, told] = [
      await settled(chat, ann),
      await settled(voice, ann),
      await settled(notifications, ann),
    ];
    await expel();
    expect((await inChat.closed).code).toBe(1008);
    expect((await inCall.closed).code).toBe(4003);
    expect(await told.next("server_deleted")).toMatchObject({ server_id: serverId, reason });
    expect(await codeOf(chat, ann.token)).toBe(1008);
    expect(told.isOpen).toBe(true);
  });

  test("close when their channel is deleted", async () => {
    const [inChat, inCall] = [await settled(chat, ann), await settled(voice, ann)];
    await deleteChannel(world.context, { userId: owner.id }, channelId);
    await deleteChannel(world.context, { userId: owner.id }, voiceId);
    expect((await inChat.closed).code).toBe(1008);
    expect((await inCall.closed).code).toBe(4004);
  });

  test("are closed with 1012 by a planned stop, without events unknown to version 1", async () => {
    const clients = [await settled(chat, ann), await settled(notifications, ann), await settled(voice, ann)];
    const drained = world.realtime.gateway.drain();
    for (const { closed } of clients) expect((await closed).code).toBe(1012);
    await drained;
    for (const client of clients) expect(client.all("server_draining")).toEqual([]);
  });

  test("are refused with 1013 above the connection limit and while the breaker is open", async () => {
    await world.close();
    let refusal: Refusal | null = null;
    await open({ settings: { maxConnectionsPerUser: 2 }, refusal: () => refusal });
    await settled(chat, ann);
    await settled(notifications, ann);
    expect(await codeOf(chat, ann.token)).toBe(1013);
    refusal = tryAgainLater("unavailable");
    expect(await codeOf(notifications, owner.token)).toBe(1013);
  });

  test("share the rate limits of all connections and close when they keep exceeding them", async () => {
    await world.close();
    await open({ rates: { messages: { perSecond: 1, burst: 2 } } });
    const client = await settled(chat, ann);
    for (let i = 0; i < 3; i += 1) client.send({ type: "message", text_channel_id: channelId, content: `${i}` });
    const refusal = await client.next("error", ({ code }) => code === "rate_limited");
    expect(refusal["retry_after_ms"]).toBe(1_000);
    expect(await client.next("rate_limit")).toEqual({
      type: "rate_limit",
      message: refusal["message"],
      retry_after_seconds: 1,
      text_channel_id: channelId,
    });
    for (let i = 0; i < 200; i += 1) client.send({ type: "message", text_channel_id: channelId, content: `${i}` });
    expect((await client.closed).code).toBe(4029);
    expect(world.security.totals.rate_limited).toBeGreaterThan(0);
  });

  test("leave no state behind when they close", async () => {
    const topics = world.realtime.delivery.topicCount;
    const clients = [await settled(chat, ann), await settled(notifications, ann), await settled(voice, ann)];
    expect(world.stats.legacyConnections).toBe(3);
    await codeOf(chat, stranger.token);
    await Promise.all(clients.map((client) => client.close()));
    await expect.poll(() => world.realtime.gateway.connectionCount).toBe(0);
    expect(world.realtime.delivery.topicCount).toBe(topics);
    expect(world.stats.legacyConnections).toBe(0);
  });
});
