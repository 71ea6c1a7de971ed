import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSizes } from "./read-sizes.ts";

test("the file of an embedded database that is no longer in use has no size", async () => {
  const folder = await mkdtemp(join(tmpdir(), "miscord-sizes-"));
  try {
    await writeFile(join(folder, "miscord.db"), Buffer.alloc(4_096));
    const [embedded, moved] = await Promise.all([readSizes(folder, true), readSizes(folder, false)]);
    expect(embedded.database_bytes).toBe(4_096);
    expect(moved.database_bytes).toBeNull();
    expect(moved.disk!.total).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
