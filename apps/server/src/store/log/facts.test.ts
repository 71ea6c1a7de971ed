import { expect, test } from "vitest";
import { reacting, sending } from "../conformance/commands.ts";
import { loadFacts } from "./facts.ts";
import type { LogTransaction } from "./transaction.ts";

test("reactions are read of messages that are changed, and not of those that are only answered", async () => {
  const asked: (readonly number[])[] = [];
  const reads = new Proxy({} as LogTransaction, {
    get: (_, name) => (ids: readonly number[]) => {
      if (name === "reactionsOf") asked.push(ids);
      return [];
    },
  });
  await loadFacts(reads, [sending(1, 2, { replyToId: 7 }), reacting(8, 2, "👍")]);
  expect(asked).toEqual([[8]]);
});
