import { Child, cores } from "../child.ts";
import type { Community, Contestant, Running } from "../contestant.ts";
import { probeArgv, ServerProcess } from "../server-process.ts";

interface PeerPlan {
  name: string;
  label: string;
  script: string;
  format: Contestant["format"];
  heartbeatMs: number;
}

export const peers: readonly Contestant[] = [
  { name: "socket.io", label: "Socket.IO 4", script: "socket-io.ts", format: "socketIo", heartbeatMs: 0 } as const,
  {
    name: "ws-each",
    label: "ws, JSON per client",
    script: "ws-each.ts",
    format: "json",
    heartbeatMs: 15_000,
  } as const,
  {
    name: "ws-shared",
    label: "ws, shared string",
    script: "ws-shared.ts",
    format: "json",
    heartbeatMs: 15_000,
  } as const,
].map(peer);

function peer(plan: PeerPlan): Contestant {
  const { name, label, format, heartbeatMs } = plan;
  const start = (community: Community): Promise<Running> => startPeer(plan.script, community);
  return { name, label, format, heartbeatMs, compression: false, isPeer: true, start };
}

async function startPeer(script: string, community: Community): Promise<Running> {
  let port = 0;
  const spawn = () => {
    const options = { core: cores.server, execArgv: probeArgv, args: [String(port)] };
    return new Child(new URL(script, import.meta.url), options);
  };
  const process = new ServerProcess(spawn);
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
