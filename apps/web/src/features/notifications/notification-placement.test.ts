import type { Notification } from "@miscord/protocol";
import { expect, test } from "vitest";
import { sampleUser } from "../chat/sample-message.ts";
import { type Attention, placementOf } from "./notification-placement.ts";

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

test("a notification about another channel is a toast", () => {
  expect(placementOf(notification(), attention())).toBe("toast");
  expect(placementOf(notification({ kind: "invite", channel_id: null }), attention({ channelId: null }))).toBe("toast");
});

test("a notification about the open channel is shown only while the page is hidden", () => {
  expect(placementOf(notification(), attention({ channelId: 10 }))).toBeNull();
  expect(placementOf(notification(), attention({ channelId: 10, isVisible: false }))).toBe("background");
});

test("no notification is shown for the status dnd, a kind that is off, or one already read", () => {
  const { preferences } = attention();
  expect(placementOf(notification(), attention({ status: "dnd", isVisible: false }))).toBeNull();
  expect(placementOf(notification(), attention({ preferences: { ...preferences, mention: false } }))).toBeNull();
  expect(placementOf(notification({ is_read: true }), attention())).toBeNull();
});
