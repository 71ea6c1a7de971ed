import type { OutgoingMessage } from "@miscord/client";
import type { Message } from "@miscord/protocol";
import { expect, test } from "vitest";
import { sampleMessage } from "./sample-message.ts";
import { buildRows, type Row, type RowOptions } from "./rows.ts";

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

/** "day", "new", "left" and "group" as far as they begin with a row. */
function marks(options: Partial<RowOptions>): string[] {
  return buildRows({ messages: [], outbox: [], meId: me, newAfterSeq: null, leftAfterSeqs: [], ...options }).map(
    (row: Row) =>
      [row.startsDay && "day", row.kind === "message" && row.line, row.startsGroup && "group"]
        .filter(Boolean)
        .join(" "),
  );
}

test("groups what one person writes within seven minutes", () => {
  const messages = [
    message(1, other, noon),
    message(2, other, noon + 6 * minute),
    message(3, other, noon + 13 * minute),
    message(4, me, noon + 13 * minute),
  ];
  expect(marks({ messages })).toEqual(["day group", "", "group", "group"]);
});

test("begins a group with a reply and with a day", () => {
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

test("draws the line of new messages once, above somebody else's", () => {
  const messages = [message(1, other, noon), message(2, me, noon), message(3, other, noon), message(4, other, noon)];
  expect(marks({ messages, newAfterSeq: 1 })).toEqual(["day group", "group", "new group", ""]);
  expect(marks({ messages, newAfterSeq: null })).not.toContain("new group");
});

test("keeps a row as high as it was when the line moves on from it", () => {
  const messages = [1, 2, 3, 4].map((seq) => message(seq, other, noon));
  expect(marks({ messages, newAfterSeq: 1 })).toEqual(["day group", "new group", "", ""]);
  expect(marks({ messages, newAfterSeq: 3, leftAfterSeqs: [1] })).toEqual(["day group", "left group", "", "new group"]);
});

test("puts what waits to be sent below, in one's own group", () => {
  const messages = [message(1, me, noon)];
  expect(marks({ messages, outbox: [outgoing("a", noon + minute), outgoing("b", noon + 20 * minute)] })).toEqual([
    "day group",
    "",
    "group",
  ]);
});

test("keeps the key of one's own message when it arrives", () => {
  const options = { meId: me, newAfterSeq: null, leftAfterSeqs: [] };
  const [before] = buildRows({ ...options, messages: [], outbox: [outgoing("n", noon)] });
  const [after] = buildRows({ ...options, messages: [message(1, me, noon, { nonce: "n" })], outbox: [] });
  const [theirs] = buildRows({ ...options, messages: [message(2, other, noon, { nonce: "n" })], outbox: [] });
  expect(after?.key).toBe(before?.key);
  expect(theirs?.key).toBe(2);
});
