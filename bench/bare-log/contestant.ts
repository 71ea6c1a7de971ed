import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child, cores } from "../child.ts";
import type { Community, Contestant, Running } from "../contestant.ts";
import { ServerProcess } from "../server-process.ts";
import { seed } from "../../apps/server/src/testing/seed.ts";

const script = new URL("process.ts", import.meta.url);

/** What W4 costs without a server around it. It has no ports; the scenario asks its process. */
export const bareLog: Contestant = {
  name: "bare-log",
  label: "The bare log",
  format: "json",
  compression: false,
  isPeer: false,
  heartbeatMs: 0,
  workloads: ["W4"],
  start,
};

async function start({ people, channels }: Community): Promise<Running> {
  const dataDir = mkdtempSync(join(tmpdir(), "miscord-bench-"));
  await seed(dataDir, people, channels);
  const execArgv = ["--disable-warning=ExperimentalWarning"];
  const args = [join(dataDir, "miscord.db")];
  const process = new ServerProcess(() => new Child(script, { core: cores.server, execArgv, args }));
  await process.message();
  return {
    process,
    ports: [],
    channels: [],
    paths: [],
    get pids() {
      return { servers: [process.pid], dependencies: [] };
    },
    async killAndRestart(outageMs) {
      await process.restart(outageMs);
      await process.message();
    },
    async stop() {
      await process.kill();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
