import { existsSync, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../apps/server/src/testing/free-port.ts";
import { Program, type ProgramOptions } from "../../apps/server/src/testing/program.ts";

/** A load balancer of Debian with the configuration of this folder, in front of nodes on this machine. */
export interface Balancer {
  readonly url: string;
  /** Where it takes HTTP/2 without TLS. */
  readonly http2Url: string;
  /** Everything that it has printed or logged. */
  output(): string;
  stop(): Promise<void>;
}

/** A port of its own for HTTP/2 without TLS, where the program takes that at all. */
const http2Ports = new Map<number, number>();

const configurations = join(import.meta.dirname, "..");

/** By name: how to start it in front of nodes at these ports, with a changed configuration where it cannot be used as it is. */
const programs: Readonly<Record<string, (ports: readonly number[]) => ProgramOptions | Promise<ProgramOptions>>> = {
  haproxy: (ports) => ({
    name: "haproxy",
    command: "/usr/sbin/haproxy",
    async args({ folder }) {
      const file = join(folder, "haproxy.cfg");
      const more = ports.slice(2).map((each, index) => `    server node-${index + 3} 127.0.0.1:${each}\n`);
      await writeFile(file, (await readFile(join(configurations, "haproxy.cfg"), "utf8")) + more.join(""));
      return ["-W", "-db", "-f", file];
    },
    env: ({ port }) => ({
      MISCORD_BIND: `127.0.0.1:${port}`,
      MISCORD_NODE_1: `127.0.0.1:${ports[0]}`,
      MISCORD_NODE_2: `127.0.0.1:${ports[1]}`,
    }),
  }),

  nginx: ([first, second]) => ({
    name: "nginx",
    command: "/usr/sbin/nginx",
    async args({ port, folder }) {
      const file = join(folder, "nginx.conf");
      const text = await readFile(join(configurations, "nginx.conf"), "utf8");
      const http2Port = await freePort();
      http2Ports.set(port, http2Port);
      const changed = text
        .replaceAll("127.0.0.1:8001", `127.0.0.1:${first}`)
        .replaceAll("127.0.0.1:8002", `127.0.0.1:${second}`)
        .replace("listen 8080;", `listen 127.0.0.1:${port}; listen 127.0.0.1:${http2Port} http2;`)
        .replace("/var/log/nginx", folder);
      await writeFile(file, changed);
      return ["-c", file, "-e", "stderr", "-g", `daemon off; pid ${folder}/nginx.pid;`];
    },
  }),

  async caddy(ports) {
    const adminPort = await freePort();
    return {
      name: "caddy",
      command: "/usr/bin/caddy",
      args: () => ["run", "--config", join(configurations, "Caddyfile")],
      env: ({ port, folder }) => ({
        HOME: folder,
        CADDY_ADMIN: `127.0.0.1:${adminPort}`,
        MISCORD_DOMAIN: `http://127.0.0.1:${port}`,
        MISCORD_NODES: ports.map((each) => `127.0.0.1:${each}`).join(" "),
      }),
    };
  },
};

export const balancerNames: readonly string[] = Object.keys(programs);

/** Starts the balancer; resolves when it passes on requests, of which at least one node must answer. */
export async function startBalancer(name: string, ports: readonly number[]): Promise<Balancer> {
  const program = await Program.start(await programs[name]!(ports));
  const url = `http://127.0.0.1:${program.port}`;
  const logFile = join(program.folder, "access.log");
  const output = () => program.output + (existsSync(logFile) ? readFileSync(logFile, "utf8") : "");
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const answer = await fetch(`${url}/health/live`).catch(() => null);
    const http2Url = `http://127.0.0.1:${http2Ports.get(program.port) ?? program.port}`;
    if (answer?.ok) return { url, http2Url, output, stop: () => program.dispose() };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await program.dispose();
  throw new Error(`${name} does not pass on requests:\n${program.output}`);
}
