import { randomBytes } from "node:crypto";

/** Names this process in what clients show and report: which of several answers, and whether it is still the same one. */
export const nodeId = randomBytes(4).toString("hex");
