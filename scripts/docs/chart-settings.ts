import { notesOf, settingNames, type SettingName } from "../../apps/server/src/config/settings.ts";

/** Settings that the chart sets by values of its own, or by the pod. */
const chartSettings: readonly SettingName[] = [
  "PORT",
  "HOST",
  "PUBLIC_URL",
  "DATA_DIR",
  "TRUSTED_PROXIES",
  "VOICE_MODE",
  "VOICE_PORT",
  "VOICE_ADDRESS",
  "WORKERS",
  "NODE_NAME",
  "STORAGE",
  "MAX_WEBSOCKET_CONNECTIONS",
  "LOG_DIR",
];

/** The chart's schema with the names that `settings` and `secrets.values` may have. */
export function chartSchema(schema: string): string {
  const secrets = settingNames.filter((name) => notesOf(name).secret);
  const others = settingNames.filter((name) => !notesOf(name).secret && !chartSettings.includes(name));
  return fill(fill(schema, "settings", others), "values", secrets);
}

function fill(schema: string, key: string, names: readonly SettingName[]): string {
  const block = new RegExp(`(\\n( *)"${key}": \\{[^{}]*"properties": \\{)[^{}]*(?:\\{[^{}]*\\}[^{}]*)*\\}`);
  if (!block.test(schema)) throw new Error(`values.schema.json has no object "${key}"`);
  return schema.replace(block, (_, open: string, indent: string) => {
    const lines = names.map((name) => `\n${indent}    "${name}": { "type": "string" }`);
    return `${open}${lines.join(",")}\n${indent}  }`;
  });
}
