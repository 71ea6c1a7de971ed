import {
  inheritedSetting,
  mutedForever,
  type Inbox,
  type Member,
  type Notification,
  type ServerState,
} from "@miscord/protocol";
import { expect, test } from "vitest";
import { initialState } from "../state/initial-state.ts";
import { reduceEvents } from "../state/reduce.ts";
import { showInbox } from "../state/reduce-inbox.ts";
import { addMembers } from "../state/reduce-members.ts";
import { showServers } from "../state/reduce-servers.ts";
import { FakeServer } from "../testing/fake-server.ts";
import { accountDifferences, memberDifferences } from "./account-differences.ts";

const { server } = new FakeServer();
const [channel] = server.channels;
const nobody: Inbox = { notifications: [], unread: 0, has_more: false };
const known = showInbox(showServers(initialState("enhanced"), [server]), nobody);

function withChannel(change: Partial<ServerState["channels"][number]>): ServerState {
  return { ...server, channels: [{ ...channel!, ...change }] };
}

function notification(id: number, isRead = false): Notification {
  return { id, is_read: isRead } as Notification;
}

test("an unchanged server list and inbox produce no events", () => {
  expect(accountDifferences(known, [server], nobody)).toEqual([]);
});

test.each([
  ["a new name", { ...server, name: "Renamed" }],
  ["another channel", { ...server, channels: [...server.channels, { ...channel!, id: 99, name: "second" }] }],
  ["a message elsewhere", withChannel({ last_message_seq: 5 })],
  ["a mention", withChannel({ mention_count: 1 })],
  ["a muted channel", withChannel({ notifications: { ...inheritedSetting, muted_until: mutedForever } })],
])("accountDifferences after %s turns the state into the fetched one", (_what, changed) => {
  const events = accountDifferences(known, [changed], nobody);
  const after = reduceEvents(known, events, 0);
  expect(after).toEqual(showInbox(showServers(known, [changed]), nobody));
  expect(accountDifferences(after, [changed], nobody)).toEqual([]);
});

test("a setting of the account, and its end, produce the event that changes the state", () => {
  const muted = { ...nobody, setting: { ...inheritedSetting, muted_until: mutedForever } };
  const after = reduceEvents(known, accountDifferences(known, [server], muted), 0);
  expect(after).toEqual(showInbox(known, muted));
  expect(reduceEvents(after, accountDifferences(after, [server], nobody), 0)).toEqual(known);
});

test("a response older than the state does not lower read or message positions", () => {
  const ahead = showServers(known, [withChannel({ last_message_seq: 9, read_seq: 9 })]);
  expect(
    accountDifferences(ahead, [withChannel({ last_message_seq: 7, read_seq: 3, mention_count: 2 })], nobody),
  ).toEqual([]);
});

test("a server missing from the list produces server_left", () => {
  const events = accountDifferences(known, [], nobody);
  expect(reduceEvents(known, events, 0).serverIds).toEqual([]);
});

test("new notifications produce events oldest first and read ones notifications_read", () => {
  const before = showInbox(known, { notifications: [notification(4)], unread: 1, has_more: false });
  const inbox = {
    notifications: [notification(6), notification(5), notification(4, true)],
    unread: 2,
    has_more: false,
  };
  const events = accountDifferences(before, [server], inbox);
  expect(events).toEqual([
    { type: "notification", data: notification(5) },
    { type: "notification", data: notification(6) },
    { type: "notifications_read", ids: [4] },
  ]);
  expect(reduceEvents(before, events, 0).inbox.unread).toBe(2);
});

test("notifications missing from the page, as far back as it reaches, make the client load its state anew", () => {
  const all = [notification(4), notification(3), notification(2)];
  const before = showInbox(known, { notifications: all, unread: 3, has_more: false });
  const page = (...ids: number[]) => ({ notifications: ids.map((id) => notification(id)), unread: 2, has_more: true });
  const resync = { type: "resync", timestamp: 0 };
  expect(accountDifferences(before, [server], page(4, 3))).toEqual([]);
  expect(accountDifferences(before, [server], page(4, 2))).toEqual([resync]);
  expect(accountDifferences(before, [server], { ...page(4, 3), has_more: false })).toEqual([resync]);
  expect(accountDifferences(before, [server], nobody)).toEqual([resync]);
});

test("members who joined, left or changed produce events", () => {
  const person = (id: number, name: string): Member => ({
    id,
    username: `user${id}`,
    display_name: name,
    avatar_url: null,
    avatar_color: "#336699",
    status: "online",
    joined_at: new Date(0).toISOString(),
    is_owner: false,
    role_ids: [],
    timed_out_until: null,
    nickname: null,
  });
  const before = addMembers(known, server.id, [person(1, "Ann"), person(2, "Bob")]);
  const members = [{ ...person(1, "Anna"), role_ids: [7] }, person(3, "Cid")];
  const events = memberDifferences(before, server.id, { members, asked: [1, 2, 3], joined: true });
  expect(reduceEvents(before, events, 0).members).toEqual(addMembers(known, server.id, members).members);
  const unasked = memberDifferences(before, server.id, { members, asked: [1, 3], joined: false });
  expect(unasked.map(({ type }) => type)).toEqual(["user_updated", "member_updated"]);
});
