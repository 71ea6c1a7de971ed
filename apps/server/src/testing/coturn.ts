import { join } from "node:path";
import { Program } from "./program.ts";

export interface Coturn {
  port: number;
  secret: string;
  output(): string;
  stop(): Promise<void>;
}

/** Configuration for tests that are not about the configuration file shipped to operators. */
const ownSecret = "a secret that both sides know";
const ownConfiguration = ["-n", `--static-auth-secret=${ownSecret}`, "--realm=miscord.test", "--use-auth-secret"];

/**
 * Starts Debian's coturn on loopback. It allows loopback peers, which it must not in production. The options given here
 * override those of a configuration file.
 */
export async function startCoturn(file?: { path: string; secret: string }): Promise<Coturn> {
  const program = await Program.start({
    name: "coturn",
    command: "/usr/bin/turnserver",
    args: ({ port, folder }) => [
      ...(file ? ["-c", file.path] : ownConfiguration),
      "--no-cli",
      "--no-tls",
      "--no-dtls",
      "--simple-log",
      "--allow-loopback-peers",
      "--listening-ip=127.0.0.1",
      "--relay-ip=127.0.0.1",
      `--listening-port=${port}`,
      "--log-file=stdout",
      `--userdb=${join(folder, "turndb")}`,
      `--pidfile=${join(folder, "pid")}`,
    ],
  });
  const { port } = program;
  return { port, secret: file?.secret ?? ownSecret, output: () => program.output, stop: () => program.dispose() };
}
