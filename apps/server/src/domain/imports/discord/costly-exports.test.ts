import { Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { jsonFile, jsonMessage } from "../../../admin/discord/testing/write-export.ts";
import { openSqliteStore } from "../../../store/sqlite/open-sqlite-store.ts";
import { temporaryFile } from "../../../store/sqlite/testing/temporary-file.ts";
import type { Store } from "../../../store/contract.ts";
import { longestTurnOf } from "../../../testing/longest-turn.ts";
import { makeManyAuthors } from "./authors.ts";
import type { Import } from "./channel-place.ts";
import { batches } from "./export-batches.ts";
import type { ExportedMessage } from "./format.ts";
import { textOf } from "./message-text.ts";
import { readExport } from "./read-export.ts";
import { Report } from "./report.ts";

let store: Store | null = null;
afterEach(() => store?.close());

const bytesOf = (messages: readonly unknown[]) => Buffer.from(JSON.stringify(jsonFile({}, messages)));
const reactors = (count: number, from = 1) => [
  {
    emoji: { id: "", name: "👍" },
    count,
    users: Array.from({ length: count }, (_, at) => ({ id: String(from + at), name: "n" })),
  },
];

async function messagesIn(bytes: Buffer): Promise<ExportedMessage[]> {
  const messages: ExportedMessage[] = [];
  for await (const entry of readExport(Readable.from([bytes]))) {
    if (entry.kind === "message") messages.push(entry.message);
  }
  return messages;
}

// Each is one message. They took up to fifty seconds, in which nobody else was answered.
test.each([
  ["people who are mentioned", { mentions: Array.from({ length: 1_000_000 }, () => ({})) }],
  ["reactions", { reactions: Array.from({ length: 1_000_000 }, () => ({})) }],
  ["files", { attachments: Array.from({ length: 1_000_000 }, () => ({})) }],
  ["people who have reacted", { reactions: reactors(300_000) }],
])("a message with very many %s is read in no long time", async (_, fields) => {
  const bytes = bytesOf([jsonMessage("1", fields)]);
  const before = process.threadCpuUsage();
  const [message] = await messagesIn(bytes);
  const { user, system } = process.threadCpuUsage(before);
  expect(message).toMatchObject({ id: "1" });
  expect((user + system) / 1_000).toBeLessThan(2_500);
});

test("texts, names and addresses of megabytes are cut as they are read, and what is left keeps nothing of the rest", async () => {
  const long = "ab".repeat(500_000);
  const folders = `${"a".repeat(1_000)}${"/b/..".repeat(1_000)}/x.png`;
  const attachments = [{ url: folders, fileName: long }];
  const [message] = await messagesIn(
    bytesOf([
      jsonMessage("1", {
        content: long,
        attachments,
        forwardedMessage: { content: "\n".repeat(500_000), attachments },
        mentions: [{ id: "2", name: long }],
      }),
    ]),
  );
  const { content, attachments: files, mentions, forwardedMessage } = message!;
  expect([content.length, forwardedMessage!.content.length, mentions[0]!.name.length]).toEqual([20_000, 20_000, 400]);
  expect(files).toEqual([{ url: "", fileName: long.slice(0, 400) }]);
  expect(textOf(message!, [])).toMatchObject({ isCut: true });
});

test("many small values that are no messages hold nobody up while they are looked at", async () => {
  const head = '"guild":{"id":"1","name":"g"},"channel":{"id":"2","type":"GuildTextChat","name":"c"}';
  const bytes = Buffer.from(`{${head},"messages":[${"{},".repeat(40_000)}{}]}`);
  const read = async () => {
    let count = 0;
    for await (const { kind } of readExport(Readable.from([bytes]))) count += kind === "unreadable" ? 1 : 0;
    return count;
  };
  await read();
  const reading = read();
  expect(await longestTurnOf(reading)).toBeLessThan(60);
  expect(await reading).toBe(40_001);
});

test("of those who reacted the first are read, and none without an id", async () => {
  const users = [{ id: "7", name: "seven", nickname: 7 }, null, "8", { id: "x" }, { name: "nobody" }];
  const [message, crowd] = await messagesIn(
    bytesOf([
      jsonMessage("1", { reactions: [{ emoji: { id: "", name: "👍" }, count: 2, users }] }),
      jsonMessage("2", { reactions: reactors(6_000) }),
    ]),
  );
  expect(message!.reactions[0]!.users).toEqual([{ id: "7", name: "seven", nickname: "", color: "" }]);
  expect(crowd!.reactions[0]!.users).toHaveLength(5_000);
});

test("a batch has few messages that many have reacted to", async () => {
  const messages = [1, 2, 3, 4].map((id) => jsonMessage(String(id), { reactions: reactors(1_500) }));
  const source = { open: () => Promise.resolve(Readable.from([bytesOf(messages)])) };
  const sizes: number[] = [];
  for await (const batch of batches("a.json", { source, report: new Report(), size: 50 })) {
    sizes.push(batch.messages.length);
  }
  expect(sizes).toEqual([2, 2, 0]);
});

test("thousands who are new are made few at a time, so that nobody else waits for all of them", async () => {
  store = await openSqliteStore({ file: temporaryFile() });
  const { db } = store;
  const report = new Report();
  const to = { db, report, now: 1 } as unknown as Import;
  const [message] = await messagesIn(bytesOf([jsonMessage("1", { reactions: reactors(1_000, 9_000) })]));
  const seen: number[] = [];
  await makeManyAuthors(to, [message!], async () => {
    seen.push((await db.selectFrom("discord_authors").select("user_id").execute()).length);
  });
  // The rest is made with the messages.
  expect(seen).toEqual([200, 400, 600, 800, 1_000]);
  await makeManyAuthors(to, [message!], () => Promise.reject(new Error("there is nobody to make")));
  expect(report.toJSON().made).toEqual([{ what: "authors", count: 1_000 }]);
});
