import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";
import { Program } from "./program.ts";

export interface Coturn {
  port: number;
  /** For TLS, with a certificate that nobody has signed. */
  tlsPort: number;
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
  const tlsPort = await freePort();
  const program = await Program.start({
    name: "coturn",
    command: "/usr/bin/turnserver",
    args: async ({ port, folder }) => [
      ...(file ? ["-c", file.path] : ownConfiguration),
      "--no-cli",
      "--no-dtls",
      `--tls-listening-port=${tlsPort}`,
      ...(await certificateIn(folder)),
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
  return {
    port,
    tlsPort,
    secret: file?.secret ?? ownSecret,
    output: () => program.output,
    stop: () => program.dispose(),
  };
}

async function certificateIn(folder: string): Promise<string[]> {
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"];
  await promisify(execFile)("openssl", ["req", ...made, "-keyout", key, "-out", certificate]);
  return [`--cert=${certificate}`, `--pkey=${key}`];
}
