import { expect, test } from "vitest";
import { SourceLimit } from "./source-limit.ts";

test("a connection has 512 sources, however often each of them sends, and however long it lasts", () => {
  const limit = new SourceLimit();
  for (let round = 0; round < 3; round += 1) {
    for (let source = 0; source < 512; source += 1) expect(limit.allows(source)).toBe(true);
  }
  expect([limit.allows(512), limit.allows(0), limit.allows(513)]).toEqual([false, false, false]);
});
