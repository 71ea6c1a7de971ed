import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../clock.ts";
import { createWorld } from "../../store/conformance/world.ts";
import { openSqliteStore } from "../../store/sqlite/open-sqlite-store.ts";
import type { DomainContext } from "../context.ts";
import { createMemberReads, listMembers } from "./member-list.ts";

test("the order of all members is made once for pages that are asked for together", async () => {
  const folder = await mkdtemp(join(tmpdir(), "miscord-members-"));
  const store = await openSqliteStore({ file: join(folder, "miscord.db") });
  try {
    const { ann, serverId } = await createWorld(store);
    let asked = 0;
    const statusOf = () => {
      asked += 1;
      return "offline" as const;
    };
    const presence = { statusOf, seenOf: () => ({ status: "offline" as const }) };
    const context = { store, presence, clock: systemClock } as unknown as DomainContext;
    const reads = createMemberReads(context);
    const page = () => listMembers(context, reads, { userId: ann }, { serverId, query: { page: 0 } });
    const pages = await Promise.all(Array.from({ length: 50 }, page));
    expect(pages[49]).toMatchObject({ list: { groups: [{ id: "offline", count: 3 }] } });
    // One list may be under way when the others ask.
    expect(asked).toBeLessThanOrEqual(2 * 3);
  } finally {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
});
