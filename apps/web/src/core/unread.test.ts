import { createClient } from "@miscord/client";
import { inheritedSetting, mutedForever, type ChannelState } from "@miscord/protocol";
import { expect, test } from "vitest";
import { unreadTitle } from "./unread.ts";

const channel = (id: number, extra: Partial<ChannelState> = {}): ChannelState => ({
  id,
  server_id: 1,
  name: "general",
  type: "text",
  position: id,
  category_id: null,
  overrides: [],
  topic: "",
  slow_mode_s: 0,
  retention: null,
  last_message_seq: 5,
  read_seq: 5,
  mention_count: 0,
  ...extra,
});

const { servers, threads, inbox } = createClient().store.getState();
const titleOf = (...channels: ChannelState[]) =>
  unreadTitle({ servers, threads, inbox, channels: Object.fromEntries(channels.map((one) => [one.id, one])) });

test("the title prefix counts the mentions of all channels, or is a dot when only other messages are unread", () => {
  expect(titleOf(channel(1), channel(2))).toBe("");
  expect(titleOf(channel(1), channel(2, { read_seq: 4 }))).toBe("• ");
  expect(titleOf(channel(1, { mention_count: 1, read_seq: 3 }), channel(2, { mention_count: 2 }))).toBe("(3) ");
  expect(titleOf(channel(1, { mention_count: 150 }))).toBe("(99+) ");
});

test("what is muted is missing from the title, and so are mentions where nothing is announced", () => {
  const unread = { read_seq: 4, mention_count: 1 };
  const muted = { ...inheritedSetting, muted_until: mutedForever };
  expect(titleOf(channel(1, { ...unread, notifications: muted }))).toBe("");
  expect(titleOf(channel(1, { ...unread, notifications: { ...muted, muted_until: "2020-01-01T00:00:00Z" } }))).toBe(
    "(1) ",
  );
  // Unread all the same: level `nothing` is about what is announced.
  expect(titleOf(channel(1, { ...unread, notifications: { ...inheritedSetting, level: "nothing" } }))).toBe("• ");
});
