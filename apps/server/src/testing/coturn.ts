import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

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
  const folder = mkdtempSync(join(tmpdir(), "miscord-coturn-"));
  const port = await freePort();
  const options = {
    "listening-ip": "127.0.0.1",
    "relay-ip": "127.0.0.1",
    "listening-port": String(port),
    "log-file": "stdout",
    userdb: join(folder, "turndb"),
    pidfile: join(folder, "pid"),
  };
  const args = [
    ...(file ? ["-c", file.path] : ownConfiguration),
    "--no-cli",
    "--no-tls",
    "--no-dtls",
    "--simple-log",
    "--allow-loopback-peers",
    ...Object.entries(options).map(([key, value]) => `--${key}=${value}`),
  ];
  const child = spawn("/usr/bin/turnserver", args, { stdio: ["ignore", "pipe", "pipe"], cwd: folder });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const exited = once(child, "exit");
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`coturn ended with ${child.exitCode}:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    port,
    secret: file?.secret ?? ownSecret,
    output: () => output,
    async stop() {
      child.kill();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const outcome = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return outcome;
}
