import { createHash } from "node:crypto";
import type { Config } from "./config.ts";
import { notesOf, settingNames, type SettingName } from "./config/settings.ts";

/** Settings of which each node has its own: their values say nothing of the instance. */
const ofNode: readonly SettingName[] = ["NODE_NAME", "HOST", "PORT", "DATA_DIR", "LOG_DIR"];
/** Of a secret not even a digest may lie in the database: a short one could be guessed from it. */
const secret = settingNames.filter((name) => notesOf(name).secret);
const withheld = new Set([...ofNode, ...secret].map(fieldOf));

/** A short digest of each setting of the instance that is not secret, by its name, to notice that it was changed. */
export function settingDigests(config: Config): Record<string, string> {
  const named = Object.entries(config).filter(([name]) => !withheld.has(name));
  return Object.fromEntries(named.map(([name, value]) => [name, digestOf(value)]));
}

/** The configuration's field for a setting, as `secretKey` for `SECRET_KEY`. */
function fieldOf(name: SettingName): string {
  return name.toLowerCase().replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("hex")
    .slice(0, 8);
}
