import { parentPort, workerData } from "node:worker_threads";
import { flood, type FloodOptions } from "./flood.ts";

/** `flood` in a thread of its own. */
parentPort?.postMessage(await flood(workerData as FloodOptions));
