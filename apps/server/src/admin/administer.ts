import { parseArgs } from "node:util";
import { readConfig, type Config } from "../config.ts";
import { AppError, OperatorError } from "../errors.ts";
import { StartupError } from "../startup-error.ts";
import { makeAdministrator, resetPassword } from "./accounts.ts";
import { backUp, restore } from "./backup.ts";
import { moveToPostgres } from "./move-to-postgres.ts";

interface Command {
  /** Absent: the command takes none. */
  argument?: string;
  does: string;
  /** Returns the message for the operator. @throws OperatorError */
  run(config: Config, argument: string): Promise<string>;
}

const progress = (line: string) => void process.stderr.write(`${line}\n`);

const commands: Readonly<Record<string, Command>> = {
  backup: { argument: "FOLDER", does: "copies the data while the server runs", run: backUp },
  restore: { argument: "FOLDER", does: "puts a backup into an empty data folder", run: restore },
  "reset-password": { argument: "USERNAME", does: "gives a new password and ends all sessions", run: resetPassword },
  "make-admin": { argument: "USERNAME", does: "makes somebody an administrator", run: makeAdministrator },
  "move-to-postgres": {
    does: "copies the database of a stopped server to DATABASE_URL",
    run: (config) => moveToPostgres(config, progress),
  },
};

/** Runs an administration command on the data folder of the server. Returns the exit code. */
export async function administer(args: readonly string[]): Promise<number> {
  // Backups and databases are readable by their own user only.
  process.umask(0o077);
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { data: { type: "string" }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
    const [name = "", argument, ...rest] = positionals;
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (values.help) return report(usage());
    if (!command || (argument === undefined) !== (command.argument === undefined) || rest.length > 0) {
      return fail(usage());
    }
    return report(await command.run(configOf(values.data), argument ?? ""));
  } catch (error) {
    return fail(explain(error));
  }
}

function configOf(given: string | undefined): Config {
  const outcome = readConfig(undefined, given === undefined ? [] : ["--data", given]);
  if ("config" in outcome) return outcome.config;
  throw new StartupError("faults" in outcome ? `These settings are wrong: ${outcome.faults.join("; ")}` : usage());
}

function usage(): string {
  const lines = Object.entries(commands).map(
    ([name, { argument = "", does }]) => `  ${`${name} ${argument}`.padEnd(26)}${does}`,
  );
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
