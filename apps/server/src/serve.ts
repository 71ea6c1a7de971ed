import type { RunningServer } from "./app.ts";
import { readConfig, type Config } from "./config.ts";
import { helpText } from "./config/text.ts";
import { StartupError } from "./startup-error.ts";
import { version } from "./version.ts";

/** A stop that takes longer is cut off: container orchestrators kill the process after ten seconds by default. */
const stopDeadlineMs = 9_500;

/** Runs the server as a process: reads the configuration, prints the address, stops on a signal. */
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
  const starting = start(config);
  // `on`, not `once`: npm and a service manager may both pass the signal on, and an unhandled second one would kill the
  // process during the stop. A signal during the start takes effect after it: workers may serve people already.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => void starting.then((server) => stop(() => server.stop()), ignore));
  }
  try {
    const server = await starting;
    const running = `Miscord ${version} is running at ${config.publicUrl ?? server.url}\n`;
    const claim = server.claimUrl ? `To become its administrator, open ${server.claimUrl}\n` : "";
    // One write: whoever waits for the first line reads the second with it.
    process.stdout.write(running + claim);
    // Without its database the server would refuse every request; exiting lets the supervisor restart it.
    void server.failure.then(() => stop(() => server.stop(), 1));
  } catch (error) {
    fail(`Miscord cannot start. ${explain(error)}`);
  }
}

/** Loads only what the process needs: the primary of several workers has no HTTP and no sockets. */
async function start(config: Config): Promise<RunningServer> {
  if (config.workers === 1) return (await import("./app.ts")).startServer(config);
  return (await import("./workers/start-primary.ts")).startPrimary(config);
}

async function stop(stopServer: () => Promise<void>, exitCode = 0): Promise<void> {
  setTimeout(() => process.exit(exitCode), stopDeadlineMs).unref();
  await stopServer();
  process.exit(exitCode);
}

/** A start that fails is reported, and ends the process, by itself. */
function ignore(): void {}

/** The message of an expected error; the stack trace of any other. */
function explain(error: unknown): string {
  if (error instanceof StartupError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function fail(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
