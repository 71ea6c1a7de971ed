import { defaultOf, notesOf, settingNames } from "../../apps/server/src/config/settings.ts";
import { table } from "./table.ts";

/** Every setting, from the schema that the server reads them through. */
export function settingsTable(): string {
  const sections = Map.groupBy(settingNames, (name) => notesOf(name).section);
  return [...sections]
    .map(([title, names]) => `**${title}**\n\n${table(["variable", "default", "what it does"], names.map(row))}`)
    .join("\n\n");
}

function row(name: (typeof settingNames)[number]): string[] {
  const { description, flag, secret } = notesOf(name);
  const also = [flag && `Also \`--${flag}\`.`, secret && `Or \`${name}_FILE\`.`].filter(Boolean).join(" ");
  return [`\`${name}\``, defaultOf(name) ? `\`${defaultOf(name)}\`` : "", `${description} ${also}`.trim()];
}
