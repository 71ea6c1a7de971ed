import type { MainEvent, Notification } from "@miscord/protocol";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { bob, channelId, ChannelStory } from "../testing/channel-story.ts";
import { settled } from "../testing/manual-clock.ts";

let story: ChannelStory;

beforeEach(async () => {
  story = await ChannelStory.begin();
  return () => story.client.close();
});

const requests = () => story.server.calls.filter((call) => call.startsWith("GET "));

test("a resync loads the servers, the inbox and the own profile again, and keeps the connection", async () => {
  story.server.calls.length = 0;
  const renamed = { ...story.server.server, name: "Renamed" };
  story.server.answers.set("GET /api/servers", () => Response.json({ servers: [renamed] }));
  story.server.socket.deliver({ type: "resync", timestamp: 0 });
  await settled();
  expect(requests().toSorted()).toEqual([
    "GET /api/auth/me",
    "GET /api/dms",
    "GET /api/notifications",
    "GET /api/servers",
  ]);
  const { servers, connection } = story.client.store.getState();
  expect(servers[1]?.name).toBe("Renamed");
  expect(connection).toMatchObject({ status: "online", ready: true });
  expect(story.server.sockets).toHaveLength(1);
});

test("events that arrive during a resync are applied to what it has loaded", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const stale = Response.json({ servers: [story.server.server] });
  story.server.answers.set("GET /api/servers", () => promise);
  story.server.socket.deliver({ type: "resync", timestamp: 0 });
  await settled();
  const server = { id: 1, name: "Renamed", owner_id: 1, created_at: new Date(0).toISOString(), everyone_role_id: 1 };
  story.server.socket.deliver({ type: "server_updated", server });
  resolve(stale);
  await settled();
  expect(story.client.store.getState().servers[1]?.name).toBe("Renamed");
});

test("a second resync while the first one loads is followed by another load", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  story.server.answers.set("GET /api/servers", () => promise);
  story.server.socket.deliver({ type: "resync", timestamp: 0 });
  await settled();
  story.server.socket.deliver({ type: "resync", timestamp: 1 });
  const renamed = { ...story.server.server, name: "Renamed" };
  story.server.answers.set("GET /api/servers", () => Response.json({ servers: [renamed] }));
  resolve(Response.json({ servers: [story.server.server] }));
  await settled();
  expect(story.client.store.getState().servers[1]?.name).toBe("Renamed");
});

describe("notifications that are removed", () => {
  const inboxOf = () => story.client.store.getState().inbox;

  function notification(id: number, fields: Partial<Notification> = {}): Notification {
    return {
      id,
      kind: "mention",
      created_at: new Date(0).toISOString(),
      is_read: false,
      actor: bob,
      server_id: 1,
      server_name: "Test",
      channel_id: channelId,
      channel_name: "general",
      message_id: id * 10,
      excerpt: "",
      invite_code: null,
      ...fields,
    };
  }

  function deliver(...messages: MainEvent[]): void {
    story.server.socket.deliver({ type: "batch", timestamp: 0, messages });
  }

  function arrive(...notifications: Notification[]): void {
    deliver(...notifications.map((data) => ({ type: "notification" as const, data })));
  }

  const ids = () => inboxOf().notifications.map(({ id }) => id);

  test("are those that match all fields of the event, and lower the count if they were unread", () => {
    arrive(
      notification(1, { message_id: 5 }),
      notification(2, { message_id: 6 }),
      notification(3, { message_id: 5, kind: "everyone" }),
      notification(4, { message_id: 5 }),
    );
    deliver({ type: "notifications_read", ids: [1] });
    deliver({ type: "notifications_removed", message_id: 5, kind: "mention", before_id: 4 });
    expect(ids()).toEqual([4, 3, 2]);
    expect(inboxOf().unread).toBe(3);
    deliver({ type: "notifications_removed", before_id: 4 });
    expect([ids(), inboxOf().unread]).toEqual([[4], 1]);
  });

  test.each<[string, MainEvent, number[]]>([
    ["a channel is deleted", { type: "channel_deleted", server_id: 1, channel_id: channelId }, [4, 3, 2]],
    ["a server is deleted", { type: "server_deleted", server_id: 1 }, [4]],
    [
      "a server is left, which leaves its invites",
      { type: "server_left", server_id: 1, server_name: "Test", reason: "kicked" },
      [4, 3],
    ],
  ])("go when %s, and do not come back when they arrive late", (_what, event, left) => {
    const all = [
      notification(1),
      notification(2, { channel_id: 8 }),
      notification(3, { kind: "invite", channel_id: null, message_id: null }),
      notification(4, { server_id: 2, channel_id: 9 }),
    ];
    arrive(...all);
    deliver(event);
    expect(ids()).toEqual(left);
    arrive(...all);
    expect(ids()).toEqual(left);
    expect(inboxOf().unread).toBe(left.length);
  });

  test("and the desktop's copies are announced by their ids", () => {
    const told = vi.fn<(ids: readonly number[]) => void>();
    story.client.on("notifications_removed", told);
    arrive(notification(1), notification(2));
    deliver({ type: "notifications_removed", message_id: 20 });
    expect(told).toHaveBeenCalledExactlyOnceWith([2]);
  });

  test("make the count be loaded again when some of them may not be loaded, and only then", async () => {
    const page = { notifications: [notification(9), notification(8)], unread: 3, has_more: true };
    story.server.answers.set("GET /api/notifications", () => Response.json(page));
    await story.client.loadInbox();
    story.server.answers.set("GET /api/notifications", () => Response.json({ ...page, unread: 2, has_more: false }));
    story.server.calls.length = 0;
    deliver({ type: "notifications_removed", message_id: 90 });
    await story.server.clock.advance(2_000);
    expect(requests()).toEqual([]);
    expect(inboxOf().unread).toBe(2);
    deliver({ type: "notifications_removed", message_id: 10 });
    deliver({ type: "notifications_removed", message_id: 11 });
    await story.server.clock.advance(2_000);
    expect(requests()).toEqual(["GET /api/notifications"]);
    expect([ids(), inboxOf().unread]).toEqual([[9, 8], 2]);
  });

  test("during a load are missing in its result, and the inbox is loaded once more", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const answers = [promise, Promise.resolve(Response.json({ notifications: [], unread: 0, has_more: false }))];
    story.server.answers.set("GET /api/notifications", () => answers.shift()!);
    deliver({ type: "resync", timestamp: 0 });
    await settled();
    deliver({ type: "notifications_removed", message_id: 10 });
    resolve(Response.json({ notifications: [notification(1)], unread: 1, has_more: false }));
    await settled();
    expect([ids(), inboxOf().unread, answers]).toEqual([[], 0, []]);
  });
});
