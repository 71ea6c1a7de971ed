import type { OutgoingMessage } from "@miscord/client";
import type { Message } from "@miscord/protocol";
import { expect, test } from "vitest";
import { sampleMessage } from "./sample-message.ts";
import { buildRows, initialNewLine, nextNewLine, type Row, type RowOptions } from "./rows.ts";

const me = 1;
const other = 2;
const minute = 60_000;
const noon = new Date(2026, 4, 10, 12).getTime();

function message(seq: number, authorId: number, at: number, extra: Partial<Message> = {}): Message {
  return sampleMessage({ id: seq, seq, authorId, timestamp: new Date(at).toISOString(), ...extra });
}

function outgoing(nonce: string, createdAt: number): OutgoingMessage {
  const rest = {
    channelId: 1,
    content: "x",
    attachments: [],
    replyTo: null,
    status: "pending",
    seq: null,
    error: null,
  };
  return { nonce, createdAt, ...rest } as OutgoingMessage;
}

/** For each row, those of "day", "new", "left" and "group" that start with it. */
function marks(options: Partial<RowOptions>): string[] {
  return buildRows({ messages: [], outbox: [], meId: me, newAfterSeq: null, leftAfterSeqs: [], ...options }).map(
    (row: Row) =>
      [row.startsDay && "day", row.kind === "message" && row.line, row.startsGroup && "group"]
        .filter(Boolean)
        .join(" "),
  );
}

test("messages of one author within seven minutes form a group", () => {
  const messages = [
    message(1, other, noon),
    message(2, other, noon + 6 * minute),
    message(3, other, noon + 13 * minute),
    message(4, me, noon + 13 * minute),
  ];
  expect(marks({ messages })).toEqual(["day group", "", "group", "group"]);
});

test("a reply and the first message of a day each start a group", () => {
  const { author } = sampleMessage({});
  const reply_to = { id: 1, content: "", is_deleted: false, author };
  const midnight = new Date(2026, 4, 11).getTime();
  const messages = [
    message(1, other, midnight - 2 * minute),
    message(2, other, midnight - minute, { reply_to }),
    message(3, other, midnight),
  ];
  expect(marks({ messages })).toEqual(["day group", "group", "day group"]);
});

test("the new-messages line is drawn once, above the first new message of another user", () => {
  const messages = [message(1, other, noon), message(2, me, noon), message(3, other, noon), message(4, other, noon)];
  expect(marks({ messages, newAfterSeq: 1 })).toEqual(["day group", "group", "new group", ""]);
  expect(marks({ messages, newAfterSeq: null })).not.toContain("new group");
});

test("a row keeps its height when the new-messages line moves on from it", () => {
  const messages = [1, 2, 3, 4].map((seq) => message(seq, other, noon));
  expect(marks({ messages, newAfterSeq: 1 })).toEqual(["day group", "new group", "", ""]);
  expect(marks({ messages, newAfterSeq: 3, leftAfterSeqs: [1] })).toEqual(["day group", "left group", "", "new group"]);
});

test("outgoing messages come last and join the author's group", () => {
  const messages = [message(1, me, noon)];
  expect(marks({ messages, outbox: [outgoing("a", noon + minute), outgoing("b", noon + 20 * minute)] })).toEqual([
    "day group",
    "",
    "group",
  ]);
});

test("an own message keeps its row key when the server confirms it", () => {
  const options = { meId: me, newAfterSeq: null, leftAfterSeqs: [] };
  const [before] = buildRows({ ...options, messages: [], outbox: [outgoing("n", noon)] });
  const [after] = buildRows({ ...options, messages: [message(1, me, noon, { nonce: "n" })], outbox: [] });
  const [theirs] = buildRows({ ...options, messages: [message(2, other, noon, { nonce: "n" })], outbox: [] });
  expect(after?.key).toBe(before?.key);
  expect(theirs?.key).toBe(2);
});

test("the new-messages line starts above the first unread message", () => {
  expect(initialNewLine({ readSeq: 5, lastSeq: 9 })).toEqual({ afterSeq: 5, left: [] });
  expect(initialNewLine({ readSeq: 9, lastSeq: 9 })).toEqual({ afterSeq: null, left: [] });
});

test("the new-messages line stays while messages arrive in view and after they are read", () => {
  const line = initialNewLine({ readSeq: 5, lastSeq: 9 });
  expect(nextNewLine(line, { readSeq: 9, lastSeq: 12, isWatching: true, isAtPresent: true })).toBe(line);
  expect(nextNewLine(line, { readSeq: 12, lastSeq: 12, isWatching: false, isAtPresent: false })).toBe(line);
});

test("the new-messages line does not move past unread messages", () => {
  const line = initialNewLine({ readSeq: 5, lastSeq: 9 });
  expect(nextNewLine(line, { readSeq: 5, lastSeq: 12, isWatching: false, isAtPresent: false })).toBe(line);
});

test("the new-messages line moves to the first message that arrives while the reader is away", () => {
  const seen = initialNewLine({ readSeq: 9, lastSeq: 9 });
  const away = nextNewLine(seen, { readSeq: 9, lastSeq: 10, isWatching: false, isAtPresent: false });
  expect(away).toEqual({ afterSeq: 9, left: [] });
  expect(nextNewLine(away, { readSeq: 9, lastSeq: 14, isWatching: false, isAtPresent: false })).toBe(away);
  expect(nextNewLine(away, { readSeq: 14, lastSeq: 15, isWatching: false, isAtPresent: false })).toEqual({
    afterSeq: 14,
    left: [9],
  });
});

test("a moved new-messages line leaves no gap behind when the newest messages are on the screen", () => {
  const line = { afterSeq: 9, left: [5] };
  expect(nextNewLine(line, { readSeq: 14, lastSeq: 15, isWatching: false, isAtPresent: true })).toEqual({
    afterSeq: 14,
    left: [],
  });
});
