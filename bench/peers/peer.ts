import { Child, cores } from "../child.ts";
import type { Community, Contestant, Running } from "../contestant.ts";
import { probeArgv, ServerProcess } from "../server-process.ts";
import { limitLacks, limitProgram } from "./limit-program.ts";

type PeerPlan = Pick<Contestant, "name" | "label" | "format" | "heartbeatMs" | "workloads" | "lacks"> & {
  /** Starts its server on the port; 0: on a free one. */
  spawn: (port: number) => Child;
};

export const peers: readonly Contestant[] = [
  peer({
    name: "socket.io",
    label: "Socket.IO 4",
    format: "socketIo",
    heartbeatMs: 0,
    spawn: script("socket-io.ts"),
  }),
  peer({
    name: "ws-each",
    label: "ws, JSON per client",
    format: "json",
    heartbeatMs: 15_000,
    spawn: script("ws-each.ts"),
  }),
  peer({
    name: "ws-shared",
    label: "ws, shared string",
    format: "json",
    heartbeatMs: 15_000,
    spawn: script("ws-shared.ts"),
  }),
  peer({
    name: "limit",
    label: "Limit: bare epoll in C",
    format: "json",
    heartbeatMs: 15_000,
    workloads: ["W1", "W2", "middle"],
    lacks: limitLacks,
    spawn: (port) => new Child(limitProgram(), { core: cores.server, isProgram: true, args: [String(port)] }),
  }),
];

function script(name: string): (port: number) => Child {
  return (port) =>
    new Child(new URL(name, import.meta.url), { core: cores.server, execArgv: probeArgv, args: [String(port)] });
}

function peer({ spawn, ...plan }: PeerPlan): Contestant {
  return { ...plan, compression: false, isPeer: true, start: (community) => startPeer(spawn, community) };
}

async function startPeer(spawn: PeerPlan["spawn"], community: Community): Promise<Running> {
  let port = 0;
  const process = new ServerProcess(() => spawn(port));
  ({ port } = await process.message<{ port: number }>());
  return {
    ports: [port],
    process,
    get pids() {
      return { servers: [process.pid], dependencies: [] };
    },
    channels: Array.from({ length: community.channels }, (_, index) => index + 1),
    paths: Array.from({ length: community.people }, () => "/"),
    async killAndRestart(outageMs) {
      await process.restart(outageMs);
      await process.message();
    },
    stop: () => process.kill(),
  };
}
