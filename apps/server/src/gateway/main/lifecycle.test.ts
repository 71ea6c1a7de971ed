import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { deleteChannel } from "../../domain/servers/channels.ts";
import { banMember } from "../../domain/servers/bans.ts";
import { revokeSession } from "../../domain/accounts/sessions.ts";
import { TokenExpiry } from "../client-session/token-expiry.ts";
import { RealtimeWorld, type TestPerson } from "../../testing/realtime-world.ts";

describe("a /ws/main connection:", () => {
  let world: RealtimeWorld;
  let owner: TestPerson;
  let ann: TestPerson;
  let serverId: number;
  let channelId: number;

  beforeEach(async () => {
    world = await RealtimeWorld.open();
    [owner, ann] = [await world.person("owner"), await world.person("ann")];
    ({ serverId, channelId } = await world.server(owner, ann));
  });
  afterEach(() => world.close());

  /** Advances the clock second by second and lets frames arrive in between. */
  async function pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i += 1) {
      world.clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  describe("heartbeat", () => {
    test("every connection is pinged, and one that only answers pings stays open", async () => {
      const socket = await world.connect(ann);
      await pass(61);
      await socket.roundTrip();
      expect(socket.pings).toBeGreaterThanOrEqual(4);
    });

    test("connections that send heartbeats are not pinged, until they stop", async () => {
      const socket = await world.connect(ann);
      socket.send({ type: "heartbeat" });
      for (let i = 0; i < 4; i += 1) {
        await pass(15);
        socket.send({ type: "heartbeat" });
        await socket.roundTrip();
      }
      expect(socket.pings).toBe(0);
      await pass(40);
      await socket.roundTrip();
      expect(socket.pings).toBeGreaterThanOrEqual(2);
    });

    test("a connection silent for two intervals is closed with 4008", async () => {
      const socket = await world.connect(ann, { autoPong: false });
      await pass(29);
      expect(socket.ws.readyState).toBe(socket.ws.OPEN);
      await pass(2);
      expect(await socket.closed).toEqual({ code: 4008, reason: "heartbeat missed" });
    });

    test("a process that stood still closes nobody for its own silence, and silent connections later", async () => {
      const [socket, silent] = [await world.connect(ann), await world.connect(ann, { autoPong: false })];
      world.clock.leap(38_000);
      await socket.roundTrip();
      expect([socket, silent].map(({ ws }) => ws.readyState)).toEqual([socket.ws.OPEN, silent.ws.OPEN]);
      await pass(31);
      expect(await silent.closed).toEqual({ code: 4008, reason: "heartbeat missed" });
      await socket.roundTrip();
    });

    test("any frame counts as activity", async () => {
      const socket = await world.connect(ann, { autoPong: false });
      for (let i = 0; i < 4; i += 1) {
        await pass(20);
        await socket.roundTrip();
      }
      expect(socket.ws.readyState).toBe(socket.ws.OPEN);
    });
  });

  describe("token", () => {
    test("token_expiring is sent a minute before the token expires, and expiry closes with 4001", async () => {
      const { token } = await world.session(ann.id, 120_000);
      const socket = await world.connect({ token });
      await pass(58);
      expect(socket.all("token_expiring")).toEqual([]);
      await pass(3);
      const { expires_in_ms } = await socket.next("token_expiring");
      expect(expires_in_ms).toBeLessThanOrEqual(60_000);
      await pass(60);
      expect(socket.all("token_expiring")).toHaveLength(1);
      expect(await socket.closed).toEqual({ code: 4001, reason: "token expired" });
    });

    test("a token is renewed without reconnecting", async () => {
      const { token, sessionId } = await world.session(ann.id, 70_000);
      const socket = await world.connect({ token });
      await pass(15);
      await socket.next("token_expiring");
      socket.send({ type: "auth_refresh", token: await world.token(ann.id, sessionId, 600_000) });
      await socket.roundTrip();
      await pass(100);
      await socket.roundTrip();
      expect(socket.ws.readyState).toBe(socket.ws.OPEN);
    });

    test("a token renewed with one that expires earlier expires at the earlier time", async () => {
      const socket = await world.connect(ann);
      await pass(2);
      // A renewal gets no answer: its handling ends with the setting of the new time.
      const renewed = vi.spyOn(TokenExpiry.prototype, "renew");
      socket.send({ type: "auth_refresh", token: await world.token(ann.id, ann.sessionId, 7_000) });
      await expect.poll(() => renewed.mock.calls.length).toBe(1);
      await pass(1);
      await socket.next("token_expiring");
      await pass(7);
      expect(socket.all("token_expiring")).toHaveLength(1);
      expect(await socket.closed).toEqual({ code: 4001, reason: "token expired" });
    });

    test("a renewal with a token of another user or an invalid token is refused", async () => {
      const socket = await world.connect(ann);
      socket.send({ type: "auth_refresh", token: owner.token, ref: 1 });
      socket.send({ type: "auth_refresh", token: "nonsense", ref: 2 });
      await socket.count("error", 2);
      expect(socket.all("error").map(({ code }) => code)).toEqual(["unauthorized", "unauthorized"]);
      await socket.roundTrip();
    });
  });

  describe("revoked rights", () => {
    test("a revoked session closes its own connections with 4001 and no others", async () => {
      const other = await world.connect(await world.session(ann.id));
      const socket = await world.connect(ann);
      await revokeSession(world.context, ann.sessionId);
      expect(await socket.closed).toEqual({ code: 4001, reason: "session revoked" });
      await other.roundTrip();
    });

    test("a banned member gets no more events of the server and cannot join its channels", async () => {
      const [mine, theirs] = await Promise.all([world.connect(owner), world.connect(ann)]);
      await Promise.all([mine.join(channelId), theirs.join(channelId)]);
      await banMember(
        world.context,
        { userId: owner.id },
        { serverId, userId: ann.id, expiresAt: null, deleteSeconds: 0 },
      );
      await theirs.next("server_left");
      mine.send({ type: "chat_message", channel_id: channelId, content: "they are gone" });
      mine.send({ type: "typing", channel_id: channelId });
      await mine.next("new_message");
      world.clock.advance(2_000);
      theirs.send({ type: "join_channel", channel_id: channelId });
      expect(await theirs.next("error")).toMatchObject({ code: "not_found" });
      expect(theirs.all("new_message")).toEqual([]);
      expect(theirs.all("typing")).toEqual([]);
      expect(theirs.all("channel_activity")).toEqual([]);
    });

    test("membership lost while a channel is being joined refuses the join", async () => {
      const theirs = await world.connect(ann);
      const subscribe = world.bus.subscribe.bind(world.bus);
      // The membership is removed after the lookup of access and before the subscription.
      world.bus.subscribe = async (topic) => {
        if (topic.startsWith("channel:"))
          await banMember(
            world.context,
            { userId: owner.id },
            { serverId, userId: ann.id, expiresAt: null, deleteSeconds: 0 },
          );
        await subscribe(topic);
      };
      theirs.send({ type: "join_channel", channel_id: channelId });
      await theirs.next("server_left");
      await theirs.roundTrip();
      expect(theirs.all("channel_synced")).toEqual([]);
    });

    test("a deleted channel is left by all connections that had joined it", async () => {
      const socket = await world.connect(ann);
      await socket.join(channelId);
      await deleteChannel(world.context, { userId: owner.id }, channelId);
      await socket.next("channel_deleted");
      expect(world.realtime.delivery.channelCount).toBe(0);
    });

    test("a new member gets events of the server at once", async () => {
      const newcomer = await world.person("newcomer");
      const socket = await world.connect(newcomer);
      const control = { type: "membership_added", userId: newcomer.id, serverId } as const;
      world.bus.publish(`user:${newcomer.id}`, { kind: "control", control });
      world.bus.publish(`server:${serverId}`, {
        kind: "event",
        event: { type: "server_deleted", server_id: serverId },
      });
      expect(await socket.next("server_deleted")).toMatchObject({ server_id: serverId });
    });
  });

  describe("a planned stop", () => {
    test("refuses new connections, sends a reconnect delay, answers accepted commands, and closes with 1012", async () => {
      const sockets = await Promise.all(Array.from({ length: 5 }, () => world.connect(ann)));
      await sockets[0]!.join(channelId);
      for (let i = 0; i < 20; i += 1) {
        sockets[0]!.send({ type: "chat_message", channel_id: channelId, content: `last ${i}`, nonce: `last ${i}` });
      }
      await sockets[0]!.next("message_ack");
      const drained = world.realtime.gateway.drain();
      const late = world.dial(`/ws/main?token=${ann.token}`);
      expect(await late.closed).toEqual({ code: 1013, reason: "restarting" });
      for (const socket of sockets) {
        expect((await socket.next("server_draining")).reconnect_after_ms).toBeLessThanOrEqual(1_000);
        expect(await socket.closed).toEqual({ code: 1012, reason: "restart" });
      }
      await drained;
      const acknowledged = sockets[0]!.all("message_ack").map(({ id }) => id);
      const delivered = sockets[0]!.all("new_message").map(({ data }) => data.id);
      expect(delivered).toEqual(expect.arrayContaining(acknowledged));
    });

    test("does not wait for a peer that does not answer the close frame", async () => {
      const socket = await world.connect(ann);
      socket.ws.pause();
      const drained = world.realtime.gateway.drain(8_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      world.clock.advance(8_000);
      await drained;
      expect(world.realtime.gateway.connectionCount).toBe(0);
    });
  });

  describe("presence", () => {
    async function statuses(of: TestPerson, seenBy: { all: Awaited<ReturnType<RealtimeWorld["connect"]>>["all"] }) {
      await pass(2);
      return seenBy
        .all("user_status_changed")
        .filter(({ user_id }) => user_id === of.id)
        .map(({ status }) => status);
    }

    test("is shared by all connections of a user and unchanged by a quick reconnect", async () => {
      const watcher = await world.connect(owner);
      const tabs = await Promise.all([world.connect(ann), world.connect(ann)]);
      expect(await statuses(ann, watcher)).toEqual(["online"]);
      await Promise.all(tabs.map((tab) => tab.close()));
      const back = await world.connect(ann);
      await pass(10);
      expect(await statuses(ann, watcher)).toEqual(["online"]);
      expect(world.presence.statusOf(ann.id)).toBe("online");
      await back.close();
      await pass(6);
      expect(await statuses(ann, watcher)).toEqual(["online", "offline"]);
    });

    test("is announced when it changes, and not when the same status is chosen again", async () => {
      const socket = await world.connect(ann);
      for (const status of ["dnd", "dnd", "idle"]) socket.send({ type: "set_status", status });
      await socket.count("me_updated", 2);
      await pass(2);
      await socket.roundTrip();
      expect(socket.all("me_updated")).toHaveLength(2);
    });

    test("shows an invisible user as offline", async () => {
      const watcher = await world.connect(owner);
      const socket = await world.connect(ann);
      await pass(2);
      socket.send({ type: "set_status", status: "invisible" });
      await socket.next("me_updated");
      expect(await statuses(ann, watcher)).toEqual(["online", "offline"]);
      const again = await world.connect(ann);
      await pass(2);
      expect(world.presence.statusOf(ann.id)).toBe("offline");
      await again.close();
    });

    test("does not announce that an invisible user joins or leaves a channel", async () => {
      const watcher = await world.connect(owner);
      await watcher.join(channelId);
      const comings = async () => {
        await pass(2);
        await watcher.roundTrip();
        return (["user_joined_channel", "user_left_channel"] as const).map(
          (type) => watcher.all(type).filter(({ user }) => user.id === ann.id).length,
        );
      };
      const [early, late] = [await world.connect(ann), await world.connect(ann)];
      await early.join(channelId);
      expect(await comings()).toEqual([1, 0]);
      early.send({ type: "set_status", status: "invisible" });
      await late.next("me_updated");
      await late.join(channelId);
      for (const socket of [early, late]) socket.send({ type: "leave_channel", channel_id: channelId });
      await Promise.all([early.roundTrip(), late.roundTrip()]);
      expect(await comings()).toEqual([1, 0]);
      early.send({ type: "set_status", status: "online" });
      await early.count("me_updated", 2);
      await early.join(channelId);
      early.send({ type: "leave_channel", channel_id: channelId });
      await early.roundTrip();
      expect(await comings()).toEqual([2, 1]);
    });
  });
});
