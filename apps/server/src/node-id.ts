import { randomBytes } from "node:crypto";

/** Random id of this process, shown by clients: tells nodes apart and reveals a restart. */
export const nodeId = randomBytes(4).toString("hex");
