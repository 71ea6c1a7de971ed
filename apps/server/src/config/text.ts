import { defaultOf, notesOf, settingNames, type SettingName } from "./settings.ts";

/** The output of --help. */
export function helpText(): string {
  const flags = settingNames.filter((name) => notesOf(name).flag);
  const rest = settingNames.filter((name) => !notesOf(name).flag);
  return `Miscord: community chat that anyone can host.

Usage: npm start -- [options]

${flags.map(flagLine).join("\n")}
  --help              Show this.

Everything else is set by environment variables, or in a file named .env (example.env has them all to copy):
${sections(rest, "", (name) => `\n  ${name}${defaultNote(name)}\n      ${notesOf(name).description}`)}
`;
}

function flagLine(name: SettingName): string {
  const { flag, description } = notesOf(name);
  return `  ${`--${flag} …`.padEnd(19)} ${description}${defaultNote(name)} Also ${name}.`;
}

function defaultNote(name: SettingName): string {
  const value = defaultOf(name);
  return value ? ` [${value}]` : "";
}

/** The contents of example.env, which is kept in the repository. */
export function exampleEnv(): string {
  return `# Every setting of Miscord with its default. Copy this file to .env and uncomment what you change.
${sections(settingNames, "# ", (name) => `\n# ${notesOf(name).description}${fileNote(name)}\n# ${name}=${defaultOf(name) ?? ""}`)}
`;
}

function fileNote(name: SettingName): string {
  return notesOf(name).secret ? `\n# ${name}_FILE names a file to read it from instead.` : "";
}

function sections(names: readonly SettingName[], mark: string, entry: (name: SettingName) => string): string {
  const titles = Map.groupBy(names, (name) => notesOf(name).section);
  return [...titles].map(([title, members]) => `\n${mark}--- ${title} ---${members.map(entry).join("")}`).join("\n");
}
