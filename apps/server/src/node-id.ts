import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** Random id of this process, shown by clients: tells nodes apart and reveals a restart. */
export const nodeId = newNodeId();

const longestName = 60;

/** An id for a node that is started in a process beside others. */
export function newNodeId(): string {
  return randomBytes(4).toString("hex");
}

export interface NodeNameParts {
  /** Id of the node in its cluster. */
  readonly nodeId: string;
  /** What the operator chose. */
  readonly given?: string | undefined;
  readonly workerNumber?: number | undefined;
  readonly host?: string;
}

/**
 * The name of a node for its operator, of letters, digits, `.` and `-`, at most 60: the given one, or the host's with the
 * node's id, and the number of the worker, since all workers of a machine have the same settings.
 */
export function nodeNameOf({ nodeId: id, given, workerNumber, host = hostname() }: NodeNameParts): string {
  const end = (given === undefined ? `-${id}` : "") + (workerNumber === undefined ? "" : `-${workerNumber}`);
  const start = given ?? (host.replaceAll(/[^A-Za-z0-9.-]+/g, "-").replace(/^[.-]+/, "") || "node");
  return start.slice(0, longestName - end.length) + end;
}
