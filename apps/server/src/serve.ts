import { startServer } from "./app.ts";
import { readConfig, type Config } from "./config.ts";
import { helpText } from "./config/text.ts";
import { AppError } from "./errors.ts";
import { StartupError } from "./startup-error.ts";
import { version } from "./version.ts";

/** A stop that takes longer is cut off; orchestrators wait no longer than this either. */
const stopDeadlineMs = 9_500;

/** The server as a process: settings in, address out, signals to stop it. */
export async function serve(): Promise<void> {
  // Whatever this process writes is readable by its own user only: database, log, uploads, keys.
  process.umask(0o077);
  const outcome = readConfig();
  if ("help" in outcome) {
    process.stdout.write(helpText());
  } else if ("faults" in outcome) {
    fail(`These settings are wrong:\n${outcome.faults.map((fault) => `  ${fault}`).join("\n")}`);
  } else {
    await run(outcome.config);
  }
}

async function run(config: Config): Promise<void> {
  try {
    const server = await startServer(config);
    process.stdout.write(`Miscord ${version} is running at ${config.publicUrl ?? server.url}\n`);
    if (server.claimUrl) process.stdout.write(`To become its administrator, open ${server.claimUrl}\n`);
    // Whoever started it starts it anew; without its database it would only refuse everything.
    void server.failure.then(() => stop(() => server.stop(), 1));
    // Each time: npm and a service manager pass the same signal on, and the second must not cut the first's work off.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(() => server.stop()));
  } catch (error) {
    fail(`Miscord cannot start. ${explain(error)}`);
  }
}

async function stop(stopServer: () => Promise<void>, exitCode = 0): Promise<void> {
  setTimeout(() => process.exit(exitCode), stopDeadlineMs).unref();
  await stopServer();
  process.exit(exitCode);
}

/** What was foreseen has a sentence of its own; of anything else the trace is the best that there is. */
function explain(error: unknown): string {
  if (error instanceof StartupError || error instanceof AppError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
