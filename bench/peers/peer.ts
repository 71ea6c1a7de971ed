import { setTimeout as sleep } from "node:timers/promises";
import { Child, cores } from "../child.ts";
import type { Community, Contestant, Running } from "../contestant.ts";
import type { ProbeReading } from "../probe.ts";

const probe = new URL("../probe.ts", import.meta.url);

interface PeerPlan {
  name: string;
  label: string;
  script: string;
  dialect: Contestant["dialect"];
  heartbeatMs: number;
}

export const peers: readonly Contestant[] = [
  { name: "socket.io", label: "Socket.IO 4", script: "socket-io.ts", dialect: "socketIo", heartbeatMs: 0 } as const,
  {
    name: "ws-each",
    label: "ws, JSON per client",
    script: "ws-each.ts",
    dialect: "json",
    heartbeatMs: 15_000,
  } as const,
  {
    name: "ws-shared",
    label: "ws, shared string",
    script: "ws-shared.ts",
    dialect: "json",
    heartbeatMs: 15_000,
  } as const,
].map(peer);

function peer(plan: PeerPlan): Contestant {
  const { name, label, dialect, heartbeatMs } = plan;
  const start = (community: Community): Promise<Running> => startPeer(plan.script, community);
  return { name, label, dialect, heartbeatMs, compression: false, isPeer: true, start };
}

async function startPeer(script: string, community: Community): Promise<Running> {
  const child = spawnPeer(script, 0);
  const { port } = await child.message<{ port: number }>();
  return new RunningPeer(script, child, port, community);
}

function spawnPeer(script: string, port: number): Child {
  const execArgv = ["--import", probe.href];
  return new Child(new URL(script, import.meta.url), { core: cores.server, execArgv, args: [String(port)] });
}

class RunningPeer implements Running {
  readonly port: number;
  readonly channels: readonly number[];
  readonly paths: readonly string[];
  #script: string;
  #child: Child;

  constructor(script: string, child: Child, port: number, community: Community) {
    this.#script = script;
    this.#child = child;
    this.port = port;
    this.channels = Array.from({ length: community.channels }, (_, index) => index + 1);
    this.paths = Array.from({ length: community.people }, () => "/");
  }

  get pid(): number {
    return this.#child.pid;
  }

  get log(): string {
    return this.#child.log;
  }

  resetLoopLag(): void {
    this.#child.tell({ probe: "reset" });
  }

  async loopLagP99Ms(): Promise<number> {
    return (await this.#child.ask<ProbeReading>({ probe: "read" })).loopLagP99Ms;
  }

  async killAndRestart(outageMs: number): Promise<void> {
    await this.stop();
    await sleep(outageMs);
    this.#child = spawnPeer(this.#script, this.port);
    await this.#child.message();
  }

  stop(): Promise<void> {
    return this.#child.end("SIGKILL");
  }
}
