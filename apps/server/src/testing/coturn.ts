import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
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
  await answersOverUdp(port);
  return {
    port,
    tlsPort,
    secret: file?.secret ?? ownSecret,
    output: () => program.output,
    stop: () => program.dispose(),
  };
}

/** It accepts TCP before it listens to UDP. */
async function answersOverUdp(port: number): Promise<void> {
  const socket = createSocket("udp4");
  socket.on("error", () => {});
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  // A STUN binding request (RFC 8489) without attributes.
  const request = Buffer.concat([Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42]), randomBytes(12)]);
  const asking = setInterval(() => socket.send(request, () => {}), 50);
  // Not `once`, which rejects at the errors that are awaited here.
  await new Promise((resolve) => socket.once("message", resolve));
  clearInterval(asking);
  socket.close();
}

async function certificateIn(folder: string): Promise<string[]> {
  const [certificate, key] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
  const made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"];
  await promisify(execFile)("openssl", ["req", ...made, "-keyout", key, "-out", certificate]);
  return [`--cert=${certificate}`, `--pkey=${key}`];
}
