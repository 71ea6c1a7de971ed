import { fork, type ChildProcess } from "node:child_process";
import cluster from "node:cluster";
import { fileURLToPath } from "node:url";

/**
 * How the workers listen on one port: each on a socket of its own, among which the kernel distributes connections, or all
 * on one socket that the primary opens. Only Linux distributes them evenly, and elsewhere `reusePort` may be refused.
 */
export type PortSharing = "reusePort" | "handle";

/** What works best on this platform. */
export const portSharing: PortSharing = process.platform === "linux" ? "reusePort" : "handle";

const script = fileURLToPath(new URL("./run-worker.ts", import.meta.url));
const serialization = "advanced";

/** Starts a worker process with the flags of this one; the worker prints where this process prints. */
export function forkWorker(sharing: PortSharing): ChildProcess {
  if (sharing === "reusePort") return fork(script, { serialization });
  // The workers accept connections themselves; the primary only opens the socket.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  cluster.setupPrimary({ exec: script, args: [], serialization });
  return cluster.fork().process;
}
