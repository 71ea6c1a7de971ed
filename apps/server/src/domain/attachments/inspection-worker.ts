import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import type { Inspection, InspectionRequest } from "./inspection.ts";
import { inspectFile } from "./inspect-file.ts";

/** What the worker answers, to one request after the other. */
export type InspectionReply = { value: Inspection } | { error: { message: string; code: string | undefined } };

// On Linux a thread has a priority of its own: pictures wait for messages, whatever processors there are.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const port = parentPort;
if (!port) throw new Error("This file runs as a worker.");

port.on("message", (request: InspectionRequest) => {
  const answer = (reply: InspectionReply) => port.postMessage(reply);
  inspectFile(request).then(
    (value) => answer({ value }),
    (error: NodeJS.ErrnoException) => answer({ error: { message: error.message, code: error.code } }),
  );
});
