import { expect, test } from "vitest";
import { SourceLimit } from "./source-limit.ts";

test("a connection has 256 sources in a minute, however often each of them sends", () => {
  const limit = new SourceLimit();
  for (let round = 0; round < 3; round += 1) {
    for (let source = 0; source < 256; source += 1) expect(limit.allows(source, round)).toBe(true);
  }
  expect([limit.allows(256, 59_999), limit.allows(0, 59_999), limit.allows(257, 60_000)]).toEqual([false, false, true]);
});
