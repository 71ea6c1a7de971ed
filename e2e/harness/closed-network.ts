import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A network namespace that has nothing but its own loopback interface, and no way for UDP. */
export interface ClosedNetwork {
  /** The command line that runs a program in it. */
  inside(...command: string[]): [program: string, ...args: string[]];
  /** Writes a script into the folder that starts the program in it; gives the script's path. */
  wrap(program: string, folder: string): Promise<string>;
  /** Lets TCP connections to this port of its loopback interface out, to the same port of this machine. */
  letOut(port: number): Promise<void>;
  close(): Promise<void>;
}

/** Runs in the network: passes connections to a port on to a socket file, which has no network. */
const passInside = (port: number, file: string) => `
  const net = require("node:net");
  net.createServer((inner) => {
    const outer = net.connect(${JSON.stringify(file)});
    for (const [one, other] of [[inner, outer], [outer, inner]]) one.on("error", () => other.destroy()).pipe(other);
  }).listen(${port}, "127.0.0.1", () => console.log("listens"));
`;

/** Users other than root get a user namespace with it, in which they may make one. */
const isRoot = process.getuid?.() === 0;

export async function openClosedNetwork(): Promise<ClosedNetwork> {
  const flags = isRoot ? ["--net"] : ["--user", "--map-root-user", "--net"];
  const keeper = spawn("unshare", [...flags, "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(keeper, "exit");
  await Promise.race([once(keeper.stdout, "data"), exited.then(() => Promise.reject(new Error("no namespace")))]);
  const folder = await mkdtemp(join(tmpdir(), "miscord-network-"));
  const doors: { inside: ChildProcess; outside: Server }[] = [];
  const enter = ["nsenter", "--target", String(keeper.pid), ...(isRoot ? [] : ["--user"]), "--net"] as const;
  return {
    inside: (...command) => [...enter, ...command] as [string, ...string[]],
    async wrap(program, folder) {
      const script = join(folder, "inside-network.sh");
      await writeFile(script, `#!/bin/sh\nexec ${enter.join(" ")} ${program} "$@"\n`, { mode: 0o755 });
      return script;
    },
    async letOut(port) {
      const file = join(folder, `${port}.sock`);
      const outside = createServer((inner) => {
        const outer = connect(port, "127.0.0.1");
        for (const [one, other] of [
          [inner, outer],
          [outer, inner],
        ] as const)
          one.on("error", () => other.destroy()).pipe(other);
      });
      await once(outside.listen(file), "listening");
      const [program, ...args] = [...enter, process.execPath, "-e", passInside(port, file)] as const;
      const inside = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
      doors.push({ inside, outside });
      await once(inside.stdout, "data");
    },
    async close() {
      for (const { inside, outside } of doors) {
        inside.kill();
        outside.close();
      }
      keeper.kill();
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}
