import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A network namespace that has nothing but its own loopback interface. */
export interface ClosedNetwork {
  /** The command line that runs a program in it. */
  inside(...command: string[]): [program: string, ...args: string[]];
  /** Writes a script into the folder that starts the program in it; gives the script's path. */
  wrap(program: string, folder: string): Promise<string>;
  close(): Promise<void>;
}

/** Users other than root get a user namespace with it, in which they may make one. */
const isRoot = process.getuid?.() === 0;

export async function openClosedNetwork(): Promise<ClosedNetwork> {
  const flags = isRoot ? ["--net"] : ["--user", "--map-root-user", "--net"];
  const keeper = spawn("unshare", [...flags, "sh", "-c", "ip link set lo up && echo up && exec sleep infinity"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(keeper, "exit");
  await Promise.race([once(keeper.stdout, "data"), exited.then(() => Promise.reject(new Error("no namespace")))]);
  const enter = ["nsenter", "--target", String(keeper.pid), ...(isRoot ? [] : ["--user"]), "--net"] as const;
  return {
    inside: (...command) => [...enter, ...command] as [string, ...string[]],
    async wrap(program, folder) {
      const script = join(folder, "inside-network.sh");
      await writeFile(script, `#!/bin/sh\nexec ${enter.join(" ")} ${program} "$@"\n`, { mode: 0o755 });
      return script;
    },
    async close() {
      keeper.kill();
      await exited;
    },
  };
}
