import { parseArgs } from "node:util";
import { readConfig, type Config } from "../config.ts";
import { AppError, OperatorError } from "../errors.ts";
import { StartupError } from "../startup-error.ts";
import {
  disable,
  enable,
  loginLink,
  makeAdministrator,
  removeSecondFactors,
  resetLink,
  resetPassword,
} from "./accounts.ts";
import { backUp, restore } from "./backup.ts";
import { claimAuthor } from "./claim-author.ts";
import { importDiscord } from "./import-discord.ts";
import { importVersion1 } from "./import-version-1.ts";
import { moveToPostgres } from "./move-to-postgres.ts";
import { moveUploads } from "./move-uploads.ts";
import { rebuildSearch } from "./rebuild-search.ts";
import { rotateKey } from "./rotate-key.ts";
import { addVoiceNode, listVoiceNodes, removeVoiceNode } from "./voice-nodes.ts";

interface Command {
  /** Names of its arguments in the usage, with spaces between; null: it takes none. */
  argument: string | null;
  /** Its options in the usage. */
  options?: string;
  does: string;
  /** Returns the message for the operator. @throws OperatorError */
  run(config: Config, argument: string, flags: Flags, further: string): Promise<string>;
}

const options = {
  data: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  server: { type: "string" },
  owner: { type: "string" },
  uploads: { type: "string" },
  preview: { type: "boolean" },
  remove: { type: "boolean" },
  revoke: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

const progress = (line: string) => void process.stderr.write(`${line}\n`);

const commands: Readonly<Record<string, Command>> = {
  backup: { argument: "FOLDER", does: "copies the data while the server runs", run: backUp },
  restore: { argument: "FOLDER", does: "puts a backup into an empty data folder", run: restore },
  "reset-password": { argument: "USERNAME", does: "gives a new password and ends all sessions", run: resetPassword },
  "reset-link": { argument: "USERNAME", does: "makes a link that sets a new password, once", run: resetLink },
  "login-link": { argument: "USERNAME", does: "makes a link that logs somebody in, once", run: loginLink },
  "remove-second-factors": {
    argument: "USERNAME",
    does: "takes app, passkeys and recovery codes away",
    run: removeSecondFactors,
  },
  disable: { argument: "USERNAME", does: "ends all sessions and refuses logins", run: disable },
  enable: { argument: "USERNAME", does: "lets a disabled account log in again", run: enable },
  "make-admin": { argument: "USERNAME", does: "makes somebody an administrator", run: makeAdministrator },
  "move-to-postgres": {
    argument: null,
    does: "copies the database of a stopped server to DATABASE_URL",
    run: (config) => moveToPostgres(config, progress),
  },
  "rebuild-search": {
    argument: null,
    does: "makes the search index anew, also while the server runs",
    run: rebuildSearch,
  },
  "rotate-key": {
    argument: null,
    options: "[--revoke]",
    does: "makes a new key for tokens; --revoke ends what the old one signed",
    run: (config, _, { revoke = false }) => rotateKey(config, { revoke }),
  },
  "add-voice-node": { argument: "NAME", does: "makes a token for a forwarding node elsewhere", run: addVoiceNode },
  "list-voice-nodes": { argument: null, does: "lists the forwarding nodes elsewhere", run: listVoiceNodes },
  "remove-voice-node": {
    argument: "NAME",
    does: "ends the token of a forwarding node, also while it is connected",
    run: removeVoiceNode,
  },
  "move-uploads": {
    argument: null,
    options: "[--from STORAGE] [--to STORAGE] [--remove]",
    does: "copies uploads to another storage",
    run: (config, _, { from, to, remove }) => moveUploads(config, { from, to, remove }),
  },
  "import-discord": {
    argument: "FOLDER",
    options: "[--preview] [--server NAME|ID] [--owner USERNAME]",
    does: "imports exports of DiscordChatExporter into a stopped server",
    run: (config, folder, { preview, server, owner }) =>
      importDiscord(config, folder, { preview, server, owner }, progress),
  },
  "import-version-1": {
    argument: "DUMP",
    options: "[--preview] [--owner USERNAME] [--uploads FOLDER]",
    does: "imports a dump of version 1's database into a stopped server",
    run: (config, dump, { preview, owner, uploads }) =>
      importVersion1(config, dump, { preview, owner, uploads }, progress),
  },
  "claim-author": {
    argument: "DISCORD_NAME USERNAME",
    does: "gives the imported messages of an author to somebody here",
    run: (config, author, _, username) => claimAuthor(config, author, username),
  },
};

/** Runs an administration command with the settings of the server. Returns the exit code. */
export async function administer(args: readonly string[]): Promise<number> {
  // Backups and databases are readable by their own user only.
  process.umask(0o077);
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [name = "", ...given] = positionals;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (values.help) return report(usage());
    if (!command || given.includes("") || given.length !== countOf(command)) return fail(usage());
    return report(await command.run(configuration(values.data), given[0] ?? "", values, given[1] ?? ""));
  } catch (error) {
    return fail(explain(error));
  }
}

function countOf({ argument }: Command): number {
  return argument === null ? 0 : argument.split(" ").length;
}

function configuration(dataDir: string | undefined): Config {
  const outcome = readConfig(undefined, dataDir === undefined ? [] : ["--data", dataDir]);
  if ("config" in outcome) return outcome.config;
  throw new StartupError("faults" in outcome ? `These settings are wrong: ${outcome.faults.join("; ")}` : usage());
}

function usage(): string {
  const lines = Object.entries(commands).map(([name, { argument, options: flags, does }]) => {
    const call = [name, argument, flags].filter(Boolean).join(" ");
    return `  ${call.padEnd(32)}${does}`;
  });
  return ["npm run admin -- [--data FOLDER] COMMAND", ...lines].join("\n");
}

function explain(error: unknown): string {
  if (error instanceof StartupError || error instanceof AppError || error instanceof OperatorError)
    return error.message;
  if (error instanceof Error && "code" in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function report(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function fail(text: string): number {
  process.stderr.write(`${text}\n`);
  return 1;
}
