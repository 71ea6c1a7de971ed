import type { Notification } from "@miscord/protocol";
import { expect, test } from "vitest";
import { sampleUser } from "../chat/sample-message.ts";
import { type Attention, noticeOf } from "./notice-of.ts";

const notification = (extra: Partial<Notification> = {}): Notification => ({
  id: 1,
  kind: "mention",
  created_at: "2026-05-10T12:00:00Z",
  is_read: false,
  actor: sampleUser(2),
  server_id: 1,
  server_name: "Home",
  channel_id: 10,
  channel_name: "general",
  message_id: 100,
  excerpt: "hello",
  invite_code: null,
  ...extra,
});

const attention = (extra: Partial<Attention> = {}): Attention => ({
  status: "online",
  isVisible: true,
  channelId: 11,
  preferences: { desktop: true, sound: true, mention: true, reply: true, invite: true, wasAsked: true },
  ...extra,
});

test("tells in the page what happens in another channel", () => {
  expect(noticeOf(notification(), attention())).toBe("page");
  expect(noticeOf(notification({ kind: "invite", channel_id: null }), attention({ channelId: null }))).toBe("page");
});

test("is silent about the channel that is on the screen, unless nobody looks at it", () => {
  expect(noticeOf(notification(), attention({ channelId: 10 }))).toBeNull();
  expect(noticeOf(notification(), attention({ channelId: 10, isVisible: false }))).toBe("away");
});

test("is silent when asked not to disturb, about kinds that are off, and about what was read elsewhere", () => {
  const { preferences } = attention();
  expect(noticeOf(notification(), attention({ status: "dnd", isVisible: false }))).toBeNull();
  expect(noticeOf(notification(), attention({ preferences: { ...preferences, mention: false } }))).toBeNull();
  expect(noticeOf(notification({ is_read: true }), attention())).toBeNull();
});
