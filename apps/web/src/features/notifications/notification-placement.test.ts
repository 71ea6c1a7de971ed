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
  isFocused: true,
  channelId: 11,
  preferences: {
    desktop: true,
    sound: true,
    mention: true,
    reply: true,
    everyone: true,
    invite: true,
    direct: true,
    wasAsked: true,
  },
  ...extra,
});

const nowhere = { toast: false, background: false };
const invite = notification({ kind: "invite", channel_id: null });

test.each([
  ["another channel on a focused page", {}, { toast: true, background: false }],
  ["another channel on a visible page without the focus", { isFocused: false }, { toast: true, background: true }],
  ["another channel on a hidden page", { isVisible: false, isFocused: false }, { toast: false, background: true }],
  ["the open channel of a focused page", { channelId: 10 }, nowhere],
  [
    "the open channel of a visible page without the focus",
    { channelId: 10, isFocused: false },
    { toast: false, background: true },
  ],
  [
    "the open channel of a hidden page",
    { channelId: 10, isVisible: false, isFocused: false },
    { toast: false, background: true },
  ],
] as const)("placement of a notification about %s", (_case, facts, placement) => {
  for (const kind of ["mention", "reply", "everyone"] as const) {
    expect(placementOf(notification({ kind }), attention(facts))).toEqual(placement);
  }
});

test("an invitation, which has no channel, is a toast on a page without one", () => {
  expect(placementOf(invite, attention({ channelId: null }))).toEqual({ toast: true, background: false });
});

test("no notification is shown for the status dnd, a kind that is off, or one already read", () => {
  const { preferences } = attention();
  const away = { isVisible: false, isFocused: false };
  expect(placementOf(notification(), attention({ status: "dnd", ...away }))).toEqual(nowhere);
  for (const kind of ["mention", "reply", "everyone"] as const) {
    const off = attention({ preferences: { ...preferences, [kind]: false } });
    expect(placementOf(notification({ kind }), off)).toEqual(nowhere);
  }
  expect(placementOf(notification({ is_read: true }), attention())).toEqual(nowhere);
});
