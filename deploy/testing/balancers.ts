import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../apps/server/src/testing/free-port.ts";

/** A load balancer of Debian with the configuration of this folder, in front of nodes on this machine. */
export interface Balancer {
  readonly url: string;
  /** Everything that it has printed or logged. */
  output(): string;
  stop(): Promise<void>;
}

interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  /** Where it logs beside what it prints. */
  readonly logFile?: string;
}

const configurations = join(import.meta.dirname, "..");

/** By name: writes a configuration into the folder where the file here cannot be used as it is, and gives how to start. */
const programs: Readonly<Record<string, (ports: readonly number[], port: number, folder: string) => Promise<Program>>> =
  {
    async haproxy(ports, port, folder) {
      const file = join(folder, "haproxy.cfg");
      const more = ports.slice(2).map((each, index) => `    server node-${index + 3} 127.0.0.1:${each}\n`);
      await writeFile(file, (await readFile(join(configurations, "haproxy.cfg"), "utf8")) + more.join(""));
      const env = {
        MISCORD_BIND: `127.0.0.1:${port}`,
        MISCORD_NODE_1: `127.0.0.1:${ports[0]}`,
        MISCORD_NODE_2: `127.0.0.1:${ports[1]}`,
      };
      return { command: "/usr/sbin/haproxy", args: ["-W", "-db", "-f", file], env };
    },

    async nginx(ports, port, folder) {
      const file = join(folder, "nginx.conf");
      const text = await readFile(join(configurations, "nginx.conf"), "utf8");
      const [first, second] = ports;
      const changed = text
        .replace("127.0.0.1:8001", `127.0.0.1:${first}`)
        .replace("127.0.0.1:8002", `127.0.0.1:${second}`)
        .replace("listen 8080", `listen 127.0.0.1:${port}`)
        .replace("/var/log/nginx", folder);
      await writeFile(file, changed);
      const args = ["-c", file, "-e", "stderr", "-g", `daemon off; pid ${folder}/nginx.pid;`];
      return { command: "/usr/sbin/nginx", args, logFile: join(folder, "access.log") };
    },

    async caddy(ports, port, folder) {
      const env = {
        HOME: folder,
        CADDY_ADMIN: `127.0.0.1:${await freePort()}`,
        MISCORD_DOMAIN: `http://127.0.0.1:${port}`,
        MISCORD_NODES: ports.map((each) => `127.0.0.1:${each}`).join(" "),
      };
      return { command: "/usr/bin/caddy", args: ["run", "--config", join(configurations, "Caddyfile")], env };
    },
  };

export const balancerNames: readonly string[] = Object.keys(programs);

/** Starts the balancer; resolves when it passes on requests, of which at least one node must answer. */
export async function startBalancer(name: string, ports: readonly number[]): Promise<Balancer> {
  const folder = await mkdtemp(join(tmpdir(), `miscord-${name}-`));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { command, args, env = {}, logFile } = await programs[name]!(ports, port, folder);
  const child = spawn(command, args, { env: { PATH: process.env["PATH"], ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  const balancer: Balancer = {
    url,
    output: () => output + (logFile !== undefined && existsSync(logFile) ? readFileSync(logFile, "utf8") : ""),
    async stop() {
      child.kill();
      await exited;
      await rm(folder, { recursive: true });
    },
  };
  for (const deadline = Date.now() + 20_000; ;) {
    const answer = await fetch(`${url}/health/live`).catch(() => null);
    if (answer?.ok) return balancer;
    if (child.exitCode !== null || Date.now() > deadline) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await balancer.stop();
  throw new Error(`${name} does not pass on requests:\n${output}`);
}
