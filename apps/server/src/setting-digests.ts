import { createHash } from "node:crypto";
import type { Config } from "./config.ts";

/** Settings of which not even a digest may lie in the database: a short secret could be guessed from it. */
const withheld = /secret|token|key|url|webhook|password/i;

/** A short digest of each setting that is not secret, by its name, to notice that it was changed. */
export function settingDigests(config: Config): Record<string, string> {
  const named = Object.entries(config).filter(([name]) => !withheld.test(name));
  return Object.fromEntries(named.map(([name, value]) => [name, digestOf(value)]));
}

function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex")
    .slice(0, 8);
}
