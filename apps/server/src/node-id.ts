import { randomBytes } from "node:crypto";

/** Random id of this process, shown by clients: tells nodes apart and reveals a restart. */
export const nodeId = newNodeId();

/** An id for a node that is started in a process beside others. */
export function newNodeId(): string {
  return randomBytes(4).toString("hex");
}
