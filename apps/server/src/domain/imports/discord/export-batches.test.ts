import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { jsonFile, jsonMessage } from "../../../admin/discord/testing/write-export.ts";
import { batches } from "./export-batches.ts";
import { Report } from "./report.ts";

async function sizesOf(contents: readonly string[], skip = 0): Promise<[messages: number, entries: number][]> {
  const messages = contents.map((content, number) => jsonMessage(String(1_000 + number), { content }));
  const bytes = Buffer.from(JSON.stringify(jsonFile({}, messages)));
  const source = { open: () => Promise.resolve(Readable.from([bytes])) };
  const found: [number, number][] = [];
  for await (const batch of batches("a.json", { source, report: new Report(), size: 250, skip })) {
    found.push([batch.messages.length, batch.entries]);
  }
  return found;
}

test("a batch has few messages that are large, so that not many of them are in memory, and goes on behind any of them", async () => {
  const large = Array.from({ length: 20 }, () => "x".repeat(1_000_000));
  const sizes = await sizesOf(large);
  expect(Math.max(...sizes.map(([messages]) => messages))).toBeLessThanOrEqual(6);
  expect(sizes.reduce((sum, [messages]) => sum + messages, 0)).toBe(20);
  expect(sizes.at(-1)![1]).toBe(20);
  const rest = await sizesOf(large, 7);
  expect(rest.reduce((sum, [messages]) => sum + messages, 0)).toBe(13);
  expect(await sizesOf(Array.from({ length: 600 }, () => "short"))).toEqual([
    [250, 250],
    [250, 500],
    [100, 600],
  ]);
});
