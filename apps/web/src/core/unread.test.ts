import type { ChannelState } from "@miscord/protocol";
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
  last_message_seq: 5,
  read_seq: 5,
  mention_count: 0,
  ...extra,
});

const titleOf = (...channels: ChannelState[]) => unreadTitle({ channels: Object.fromEntries(channels.entries()) });

test("the title prefix counts the mentions of all channels, or is a dot when only other messages are unread", () => {
  expect(titleOf(channel(1), channel(2))).toBe("");
  expect(titleOf(channel(1), channel(2, { read_seq: 4 }))).toBe("• ");
  expect(titleOf(channel(1, { mention_count: 1, read_seq: 3 }), channel(2, { mention_count: 2 }))).toBe("(3) ");
  expect(titleOf(channel(1, { mention_count: 150 }))).toBe("(99+) ");
});
