import type { Inbox, MainEvent, Notification } from "@miscord/protocol";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { bob, channelId, ChannelStory } from "../testing/channel-story.ts";
import { settled } from "../testing/manual-clock.ts";

let story: ChannelStory;

beforeEach(async () => {
  story = await ChannelStory.begin();
  return () => story.client.close();
});

const requests = () => story.server.calls.filter((call) => call.startsWith("GET "));
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

/** What the server answers to the next requests of the inbox; the last answer stays. */
function answer(...pages: (Inbox | Promise<Response>)[]): void {
  const next = () => (pages.length > 1 ? pages.shift()! : pages[0]!);
  story.server.answers.set("GET /api/notifications", () => {
    const page = next();
    return page instanceof Promise ? page : Response.json(page);
  });
}

const ids = () => inboxOf().notifications.map(({ id }) => id);

describe("reminders", () => {
  const remindOf = (message_id: number) =>
    deliver({ type: "reminder_updated", message_id, reminder: { message_id, remind_at: new Date(0).toISOString() } });

  test("go with their messages", () => {
    remindOf(70);
    remindOf(80);
    const data = { message_id: 70, channel_id: channelId, text_channel_id: channelId };
    deliver({ type: "message_deleted", channel_id: channelId, seq: 5, data });
    expect(inboxOf().reminders.map((one) => one.message_id)).toEqual([80]);
  });

  test("are asked for again when channels are lost, as they do not say where their messages are", async () => {
    remindOf(70);
    answer({ notifications: [], unread: 0, has_more: false });
    deliver({ type: "channel_removed", server_id: 1, channel_id: channelId });
    await story.server.clock.advance(2_000);
    expect(inboxOf().reminders).toEqual([]);
  });
});

describe("notifications that are removed", () => {
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

  test.each([
    ["a reconnect", () => story.server.cut()],
    ["a resync", () => deliver({ type: "resync", timestamp: 0 })],
    ["a load", () => void story.client.loadInbox()],
  ])("are announced after %s too, as far back as the page reaches", async (_what, load) => {
    const told = vi.fn<(ids: readonly number[]) => void>();
    story.client.on("notifications_removed", told);
    arrive(notification(1), notification(2), notification(3));
    answer({ notifications: [notification(3), notification(1)], unread: 2, has_more: false });
    load();
    await story.server.clock.advance(2_000);
    answer({ notifications: [notification(3)], unread: 2, has_more: true });
    await story.client.loadInbox();
    expect(told.mock.calls).toEqual([[[2]]]);
  });

  test("make the count be loaded again until a load succeeds", async () => {
    const page = { notifications: [notification(9)], unread: 3, has_more: true };
    answer(page);
    await story.client.loadInbox();
    story.server.answers.set("GET /api/notifications", () => Response.json({}, { status: 503 }));
    deliver({ type: "notifications_removed", message_id: 10 });
    // Longer than a request is repeated by itself.
    await story.server.clock.advance(10_000);
    expect(inboxOf().unread).toBe(3);
    answer({ ...page, unread: 2 });
    await story.server.clock.advance(2_000);
    expect(inboxOf().unread).toBe(2);
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

  describe("with a channel that the user no longer sees", () => {
    const removed = { type: "channel_removed", server_id: 1, channel_id: channelId } as const;
    const elsewhere = notification(7, { channel_id: 8 });

    test("make the inbox be loaded when unread ones may not be loaded, and only then", async () => {
      answer({ notifications: [notification(9), notification(8), elsewhere], unread: 3, has_more: false });
      await story.client.loadInbox();
      story.server.calls.length = 0;
      deliver(removed);
      await story.server.clock.advance(2_000);
      expect([ids(), inboxOf().unread, requests()]).toEqual([[7], 1, []]);
      answer({ notifications: [notification(9), elsewhere], unread: 4, has_more: true });
      await story.client.loadInbox();
      answer({ notifications: [elsewhere], unread: 1, has_more: false });
      deliver(removed);
      await story.server.clock.advance(2_000);
      expect([ids(), inboxOf().unread]).toEqual([[7], 1]);
    });

    test("do not come back with a response from before", async () => {
      const { promise, resolve } = Promise.withResolvers<Response>();
      answer(promise, { notifications: [elsewhere], unread: 1, has_more: false });
      const loading = story.client.loadInbox();
      deliver(removed);
      resolve(Response.json({ notifications: [notification(9), elsewhere], unread: 3, has_more: true }));
      await loading;
      await story.server.clock.advance(2_000);
      expect([ids(), inboxOf().unread]).toEqual([[7], 1]);
    });
  });
});

describe("while the inbox is loaded", () => {
  const first = { notifications: [notification(9), notification(8)], unread: 4, has_more: true };
  const read = (id: number) => notification(id, { is_read: true });

  test("all are marked read and one arrives: it stays unread", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const page = { notifications: [notification(9), read(8)], unread: 1, has_more: false };
    answer(promise, page);
    const loading = story.client.loadInbox();
    deliver({ type: "notifications_read", ids: null });
    arrive(notification(9));
    resolve(Response.json(page));
    await loading;
    expect([ids(), inboxOf().unread]).toEqual([[9, 8], 1]);
  });

  test("some are marked read that the page does not reach: the count is loaded again", async () => {
    answer(first);
    await story.client.loadInbox();
    answer({ notifications: [notification(7), notification(6)], unread: 4, has_more: false });
    await story.client.loadMoreInbox();
    const { promise, resolve } = Promise.withResolvers<Response>();
    answer(promise, { ...first, unread: 3 });
    const loading = story.client.loadInbox();
    deliver({ type: "notifications_read", ids: [6] });
    resolve(Response.json(first));
    await loading;
    expect([ids(), inboxOf().unread]).toEqual([[9, 8], 3]);
  });

  test("one arrives before an older page does: it counts", async () => {
    answer(first);
    await story.client.loadInbox();
    const { promise, resolve } = Promise.withResolvers<Response>();
    answer(promise);
    const loading = story.client.loadMoreInbox();
    arrive(notification(10));
    resolve(Response.json({ notifications: [notification(7), notification(6)], unread: 4, has_more: false }));
    await loading;
    expect([ids(), inboxOf().unread]).toEqual([[10, 9, 8, 7, 6], 5]);
  });

  test("it is loaded from the start: an older page is put only below the one that it follows", async () => {
    const second = { notifications: [notification(7), notification(6)], unread: 4, has_more: true };
    answer(first, second);
    await story.client.loadInbox();
    await story.client.loadMoreInbox();
    const { promise, resolve } = Promise.withResolvers<Response>();
    answer(promise, first, second);
    const loading = story.client.loadMoreInbox();
    await settled();
    await story.client.loadInbox();
    resolve(Response.json({ notifications: [read(5), read(4)], unread: 4, has_more: false }));
    await loading;
    expect([ids(), inboxOf().hasMore]).toEqual([[9, 8, 7, 6], true]);
  });
});

test("what a server notifies of before a user who had left it is told of the return is in the inbox", async () => {
  const left: MainEvent = { type: "server_left", server_id: 1, server_name: "Test", reason: "kicked" };
  const joined: MainEvent = { type: "server_joined", server: story.server.server };
  answer({ notifications: [notification(9)], unread: 1, has_more: false });
  deliver(left);
  arrive(notification(9));
  expect(ids()).toEqual([]);
  deliver(joined);
  await settled();
  expect([ids(), inboxOf().unread]).toEqual([[9], 1]);
  story.server.calls.length = 0;
  deliver(joined);
  arrive(notification(10));
  await settled();
  expect([ids(), requests()]).toEqual([[10, 9], []]);
  answer({ notifications: [], unread: 0, has_more: false });
  deliver(left, joined);
  await settled();
  expect(requests()).toEqual(["GET /api/notifications"]);
});

test("a notification older than the loaded pages is in their count already", async () => {
  answer({ notifications: [notification(9), notification(8)], unread: 4, has_more: true });
  await story.client.loadInbox();
  arrive(notification(5));
  expect([ids(), inboxOf().unread]).toEqual([[9, 8], 4]);
});

describe("ids that are marked read", () => {
  const page = { notifications: [notification(9), notification(8)], unread: 4, has_more: true };

  test("make the inbox be loaded when older ones count that are not loaded, and only then", async () => {
    answer(page, { ...page, unread: 3 });
    await story.client.loadInbox();
    deliver({ type: "notifications_read", ids: [5] });
    await settled();
    expect(inboxOf().unread).toBe(3);
    await story.client.markNotificationsRead(null);
    story.server.calls.length = 0;
    deliver({ type: "notifications_read", ids: [9, 8, 4] });
    await settled();
    expect([inboxOf().unread, requests()]).toEqual([0, []]);
  });

  test("do not count when they arrive later", async () => {
    const all = [10, 9, 8].map((id) => notification(id, { is_read: true }));
    answer(page, { notifications: all, unread: 0, has_more: true });
    await story.client.loadInbox();
    await story.client.markNotificationsRead(null);
    deliver({ type: "notifications_read", ids: [10, 9, 8] });
    await settled();
    arrive(notification(10));
    expect([ids(), inboxOf().unread]).toEqual([[10, 9, 8], 0]);
  });
});
